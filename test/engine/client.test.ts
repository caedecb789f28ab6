import { join } from "node:path";
import { expect, test } from "vitest";
import { verifyLog } from "../../provider/src/hooks/audit/verify.js";
import { connect, MINIMAL, sourceProgram, stackIn, startOrganisation } from "./support/organisation.js";
import { createStack } from "./support/stack.js";

const many = (count: number) => `
const { EventBridgeSource } = require("pulumi-genesyscloud-eventbridge");
for (let i = 0; i < ${count}; i++) new EventBridgeSource("s" + i, ${JSON.stringify(MINIMAL)});
`;

test("behaviour 13: 401, 403 and 5xx on a read keep the state and show the error", async () => {
  const organisation = await startOrganisation();
  const stack = await stackIn(organisation);
  await stack.config({ "genesyscloud:maxRetries": "1" });
  expect((await stack.up()).code).toBe(0);
  for (const status of [401, 403, 500, 503]) {
    await organisation.fault({
      match: { method: "GET", path: "/sources/" },
      times: "always",
      action: { kind: "answer", status, headers: { "Retry-After": "0" } },
    });
    const refresh = await stack.refresh();
    expect(refresh.code).not.toBe(0);
    expect(refresh.output).toContain(`was answered ${status}`);
    expect(refresh.output).not.toMatch(/^\s+at .*\(/m);
    expect(await stack.resources()).toHaveLength(1);
    await organisation.clearFaults();
  }
  expect((await stack.preview("--expect-no-changes")).code).toBe(0);
});

test.each(["seconds", "date"] as const)(
  "behaviour 22: a 429 whose Retry-After is in %s is waited out",
  async (form) => {
    const organisation = await startOrganisation();
    const later = () => (form === "seconds" ? "3" : new Date(Date.now() + 8_000).toUTCString());
    await organisation.fault({
      match: { method: "POST", path: "/sources$" },
      action: { kind: "answer", status: 429, headers: { "Retry-After": later() } },
    });
    const stack = await stackIn(organisation);
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    expect((await stack.resources())[0]?.outputs.retryCount).toBe(1);
    expect((await organisation.calls()).filter((call) => call.startsWith("POST"))).toHaveLength(2);
    // On a busy machine the date is nearly over when the request goes: then there is no pause worth a line.
    if (form === "seconds")
      expect(up.output).toContain("Genesys Cloud asks to wait 3 s (429): nothing is sent until then");
  },
);

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

test("behaviour 23: outages and resets are ridden out, a refusal is not repeated, and it names the property", async () => {
  const organisation = await startOrganisation();
  await organisation.fault({ match: { method: "GET", path: "/jobs/" }, action: { kind: "resetBefore" } });
  await organisation.fault({
    match: { method: "GET", path: "/sources/" },
    action: { kind: "answer", status: 503, headers: { "Retry-After": "0" } },
  });
  const stack = await stackIn(organisation);
  const up = await stack.up();
  expect(up.code, up.output).toBe(0);

  await organisation.forgetCalls();
  const details = [{ errorCode: "target.refused", fieldName: "targets[0].target_id", message: "no" }];
  await organisation.fault({
    match: { method: "PUT" },
    action: {
      kind: "answer",
      status: 400,
      body: { code: "bad.request", message: "The target was refused", details },
    },
  });
  await stack.program(sourceProgram({ ...MINIMAL, description: "other" }));
  const refused = await stack.up();
  expect(refused.code).not.toBe(0);
  expect(refused.output).toContain("The target was refused");
  expect(refused.output).toContain("It is about targets[0].targetId of the program.");
  expect(await organisation.calls()).toHaveLength(1);
});

test("behaviour 24: a version that somebody else raised is read again, and the change is made", async () => {
  const organisation = await startOrganisation();
  const stack = await stackIn(organisation);
  expect((await stack.up()).code).toBe(0);
  const [source] = await organisation.sources();
  await organisation.change("sources", String(source?.source_id), {});
  await organisation.forgetCalls();
  await stack.program(sourceProgram({ ...MINIMAL, description: "other" }));
  const up = await stack.up();
  expect(up.code, up.output).toBe(0);
  expect((await organisation.sources())[0]).toMatchObject({ description: "other", version: 3 });
  expect(
    (await organisation.calls()).map((call) => `${call.split(" ")[0]} ${call.split(" ").at(-1)}`),
  ).toEqual(["PUT 409", "GET 200", "PUT 200"]);
});

test("behaviour 25: a source that cannot be read just after its job is waited for", async () => {
  const organisation = await startOrganisation();
  await organisation.variants({ readDelaySeconds: 2, listDelaySeconds: 2, jobSourceId: "never" });
  const stack = await stackIn(organisation);
  const up = await stack.up();
  expect(up.code, up.output).toBe(0);
  expect((await stack.resources())[0]?.id).toBe((await organisation.sources())[0]?.source_id);
});

test("behaviour 27: a token that ends in the middle of a run is renewed, and nothing is lost", async () => {
  const organisation = await startOrganisation({ expiresIn: 2, jobDurationMs: 5_000 });
  const stack = await stackIn(organisation);
  const up = await stack.up();
  expect(up.code, up.output).toBe(0);
  expect(await organisation.sources()).toHaveLength(1);
  expect(await organisation.logins()).toBeGreaterThan(1);
});

test("behaviour 35: fifty at once log in once, stay within the rate limit, and meet no 429", async () => {
  const organisation = await startOrganisation({ rateLimit: { allowed: 60, windowSeconds: 5 } });
  const stack = await createStack();
  await connect(stack, organisation);
  await stack.program(many(50));
  const up = await stack.up("--parallel", "50");
  expect(up.code, up.output).toBe(0);
  expect(await organisation.sources()).toHaveLength(50);
  expect((await organisation.calls()).filter((call) => call.endsWith(" 429"))).toEqual([]);
  expect(await organisation.logins()).toBe(1);
  const { finding, records } = await verifyLog(join(stack.folder, "audit_logs.jsonl"));
  expect(finding).toBeUndefined();
  expect(records).toHaveLength(100);
});
