/** An API that is slow, busy or contradictory, on the real engine; each story for both kinds but one. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { verifyLog } from "../../provider/src/hooks/audit/verify.js";
import { begin } from "./support/life.js";
import { connect, MINIMAL, startOrganisation } from "./support/organisation.js";
import { createStack, fails, succeeds } from "./support/stack.js";
import { SUBJECTS } from "./support/subjects/index.js";

test.for(SUBJECTS)(
  "behaviours 22 and 23, $resource: a 429 in seconds or with a date, outages and resets are ridden out and counted truly, a refusal is not repeated and names the property",
  async (subject) => {
    const life = await begin(subject, { jobDurationMs: 300, stateChangeMs: 300 });
    const { organisation, stack, write, spoil, only, changes } = life;
    const busy = (wait: string) =>
      ({ kind: "answer", status: 429, headers: { "Retry-After": wait } }) as const;
    await spoil(subject.post, busy("3"));
    await spoil(subject.poll, { kind: "resetBefore" });
    await spoil(subject.poll, { kind: "answer", status: 503, headers: { "Retry-After": "0" } });
    await spoil(subject.poll, busy(new Date(Date.now() + 8_000).toUTCString()));
    const output = await succeeds(stack.up());
    expect(output).toContain("Genesys Cloud asks to wait 3 s (429): nothing is sent until then");
    expect((await stack.resources())[0]?.outputs.retryCount).toBe(4);
    expect((await changes()).filter((call) => call.startsWith("POST"))).toHaveLength(2);
    await only();

    await organisation.forgetCalls();
    const { fieldName, property } = subject.refused;
    const details = [{ errorCode: "refused", fieldName, message: "no" }];
    const body = { code: "bad.request", message: "That was refused", details };
    await spoil({ method: "PUT" }, { kind: "answer", status: 400, body });
    await write({ [subject.text.field]: "other" });
    const refused = await fails(stack.up());
    expect(refused).toContain("That was refused");
    expect(refused).toContain(`It is about ${property} of the program.`);
    expect(await changes()).toEqual(["PUT 400"]);
  },
);

/** Programs of so many sources. */
const many = (count: number) => `
const { EventBridgeSource } = require("pulumi-genesyscloud-eventbridge");
for (let i = 0; i < ${count}; i++) new EventBridgeSource("s" + i, ${JSON.stringify(MINIMAL)});
`;

test("behaviour 22: a Retry-After that outlasts the time-out fails at once whatever waits for it, and each error says how long", async () => {
  const organisation = await startOrganisation();
  await organisation.fault({
    match: { method: "POST", path: "/sources$" },
    times: "always",
    action: { kind: "answer", status: 429, headers: { "Retry-After": "3600" } },
  });
  const stack = await createStack();
  await connect(stack, organisation);
  await stack.program(many(4));
  const up = await stack.up("--parallel", "2", "--continue-on-error");
  expect(up.code).not.toBe(0);
  for (let i = 0; i < 4; i++)
    expect(up.output).toMatch(new RegExp(`\\(s${i}\\):\\n\\s+error: .*asks to wait (1 h|59 min)`));
  expect(await organisation.sources()).toEqual([]);
});

test.for(SUBJECTS)(
  "behaviour 24, $resource: a version that somebody else raised is read again and the change made; one that disagrees is refused, naming where",
  async (subject) => {
    const { organisation, stack, write, only, edit, touch, changes } = await begin(subject);
    const { field } = subject.text;
    await succeeds(stack.up());
    const { id, version } = await only();
    await touch(id);
    await organisation.forgetCalls();
    await write({ [field]: "ours" });
    await succeeds(stack.up());
    expect(await only()).toMatchObject({ version: version + 2, fields: { [field]: "ours" } });
    expect(await changes()).toEqual(["PUT 409", "PUT 200"]);
    const [stored] = (await organisation.everything())[subject.collection];
    expect(JSON.stringify(stored)).toContain(JSON.stringify(subject.untold).slice(1, -1));

    await edit(id, { [field]: "theirs" });
    await write({ [field]: "ours, edited" });
    const refused = await fails(stack.up());
    expect(refused).toContain(`the program asks for something else: ${field}. Run`);
    expect(refused).not.toMatch(/theirs|ours, edited/);
    expect((await only()).fields[field]).toBe("theirs");
  },
);

test.for(SUBJECTS)(
  "behaviours 25 and 27, $resource: a token that ends in the middle is renewed, and what cannot be read just after it was made is waited for",
  async (subject) => {
    const { organisation, stack, only, changes } = await begin(subject, {
      expiresIn: 4,
      jobDurationMs: 3_000,
      stateChangeMs: 3_000,
    });
    await organisation.variants({ readDelaySeconds: 5, listDelaySeconds: 5, jobSourceId: "never" });
    await succeeds(stack.up());
    expect((await stack.resources())[0]?.id).toBe((await only()).id);
    expect((await changes()).filter((call) => call.startsWith("POST"))).toHaveLength(1);
    const calls = await organisation.calls();
    expect(calls.filter((call) => call.endsWith(" 401")).length).toBeLessThan(await organisation.logins());
    expect(await organisation.logins()).toBeGreaterThan(1);
  },
);

test("behaviour 35: fifty of both kinds at once log in once, stay within the rate limit, and meet no 429", async () => {
  const organisation = await startOrganisation({ rateLimit: { allowed: 60, windowSeconds: 5 } });
  const stack = await createStack();
  await connect(stack, organisation);
  const made = SUBJECTS.map(
    ({ resource, minimal }) => `new provider.${resource}("${resource}" + i, ${JSON.stringify(minimal)});`,
  );
  await stack.program(`
const provider = require("pulumi-genesyscloud-eventbridge");
for (let i = 0; i < 25; i++) { ${made.join(" ")} }
`);
  await succeeds(stack.up("--parallel", "50"));
  const { sources, integrations } = await organisation.everything();
  expect([sources, integrations].map(({ length }) => length)).toEqual([25, 25]);
  expect((await organisation.calls()).filter((call) => call.endsWith(" 429"))).toEqual([]);
  expect(await organisation.logins()).toBe(1);
  const { finding, records } = await verifyLog(join(stack.folder, "audit_logs.jsonl"));
  expect(finding).toBeUndefined();
  expect(records).toHaveLength(100);
});
