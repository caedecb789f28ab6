/** What must not be seen, wherever it comes from and whoever repeats it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openReceiver, type Receiver } from "../support/receiver.js";
import { begin, programOf } from "./support/life.js";
import { connect, MINIMAL, sourceProgram, startOrganisation } from "./support/organisation.js";
import { createStack, fails, type Run, succeeds } from "./support/stack.js";
import { SUBJECTS } from "./support/subjects/index.js";

const ADDRESS = "http://127.0.0.1:9/planted-address";

test("behaviour 29: the webhook address is in no output, log or state in plain, wherever it came from", async () => {
  const organisation = await startOrganisation({ clientSecret: "planted-client-secret" });
  const stack = await createStack();
  await connect(stack, organisation);
  await stack.config({}, { "genesyscloud:oauthClientSecret": "planted-client-secret" });
  let seen = "";
  const must = async (run: Promise<{ code: number | null; output: string }>) => {
    const { code, output } = await run;
    seen += output;
    expect(code, output).toBe(0);
  };
  const ours = async () => String((await organisation.sources())[0]?.source_id);

  // From the program, as a plain string.
  await stack.program(sourceProgram({ ...MINIMAL, webhookUrl: `${ADDRESS}-1` }));
  await must(stack.preview("--diff"));
  await must(stack.up("--diff"));
  expect((await organisation.sources())[0]?.webhook_url).toBe(`${ADDRESS}-1`);
  // From the organisation, where the program has none any more.
  await stack.program(sourceProgram(MINIMAL));
  await must(stack.up());
  expect((await organisation.sources())[0]?.webhook_url).toBeNull();
  await organisation.change("sources", await ours(), { webhook_url: `${ADDRESS}-3` });
  await must(stack.refresh("--diff"));
  await must(stack.preview("--diff", "--json"));
  const stored = await stack.everythingStored();
  await must(stack.up("--diff"));
  expect((await organisation.sources())[0]?.webhook_url).toBeNull();

  expect(stored).toContain("webhookUrl");
  expect(seen + stored + (await stack.everythingStored())).not.toContain("planted");
});

test("behaviour 29: a failed login says what to mend and shows no credential", async () => {
  const organisation = await startOrganisation({ clientSecret: "the-right-one" });
  const stack = await createStack();
  await connect(stack, organisation);
  await stack.config({}, { "genesyscloud:oauthClientSecret": "planted-wrong-secret" });
  await stack.program(sourceProgram(MINIMAL));
  const run = await stack.up();
  expect(run.code).not.toBe(0);
  expect(run.output).toContain("POST /oauth/token was answered 401");
  expect(run.output).toContain("Check the credentials");
  const basic = Buffer.from("sandbox-client:planted-wrong-secret").toString("base64");
  expect(run.output + (await stack.everythingStored())).not.toContain("planted");
  expect(run.output).not.toContain(basic);
});

test.for(SUBJECTS)(
  "behaviour 29, $resource: the configured webhook address is in no event of --json, another one is a change, and only the configured one gets notices",
  async (subject) => {
    const { stack, objects, only } = await begin(subject);
    const [first, next] = [await openReceiver(), await openReceiver()];
    for (const each of [first, next]) onTestFinished(each.close);
    const planted = ({ url }: Receiver) => `${url}/planted-key`;
    const told = () =>
      [first, next].map(({ received }) => received.map(({ body }) => JSON.parse(body).operation));
    let seen = "";
    const must = async (run: Promise<Run>) => {
      const output = await succeeds(run);
      seen += output;
      return output;
    };
    await stack.config({ "genesyscloud:webhookAllowPrivate": "true" });

    stack.environment.EXTERNAL_WEBHOOK_URL = planted(first);
    await must(stack.up("--json"));
    stack.environment.EXTERNAL_WEBHOOK_URL = planted(next);
    expect(await must(stack.preview("--diff"))).toMatch(
      /the configured webhook address is another now[\s\S]*1 to update/,
    );
    await must(stack.up("--json"));
    expect([undefined, planted(next)]).toContain((await only()).fields.webhookUrl);
    await must(stack.preview("--expect-no-changes"));
    await must(stack.refresh("--expect-no-changes"));
    seen += await stack.everythingStored();
    await must(stack.destroy("--json"));
    expect(await objects()).toEqual([]);
    expect(told()).toEqual([["create"], subject.toldAtNextAddress]);
    expect(seen).not.toContain("planted");
  },
);

test.for(SUBJECTS)(
  "behaviours 29 and 30, $resource: what is secret in the program is in no error, log or state in plain, whoever repeats it",
  async (subject) => {
    const { stack, spoil, only, edit } = await begin(subject);
    const { secret, text } = subject;
    const hidden = (value: string) => `pulumi.secret(${JSON.stringify(value)})`;
    const program = (words: string) =>
      programOf(subject, {
        vip: {
          args: `{ ...${JSON.stringify(subject.minimal)}, webhookUrl: "http://127.0.0.1:9/planted-address",
            ${text.field}: ${hidden(words)}, ${secret.args(hidden(secret.value))} }`,
        },
      });
    await stack.program(program("planted words"));
    const first = await succeeds(stack.up("--diff"));
    const { id } = await only();
    // The platform quotes what it was sent, and writes to the terminal.
    const message = `\u001b[2J\r\n${encodeURIComponent(secret.value)} is wrong, as is "planted words two"`;
    await spoil({ method: "PUT" }, { kind: "answer", status: 400, body: { message, code: "bad.request" } });
    await stack.program(program("planted words two"));
    const refused = await fails(stack.up());
    expect(refused).toContain(
      `\\u{1b}[2J\\u{d}\\u{a}[value of ${secret.path}] is wrong, as is "[value of ${text.field}]"`,
    );
    // Somebody else has changed it since.
    await edit(id, { [text.field]: "planted by another" });
    const disputed = await fails(stack.up());
    expect(disputed).toContain(`the program asks for something else: ${text.field}. Run`);

    const audit = readFileSync(join(stack.folder, "audit_logs.jsonl"), "utf8");
    expect(audit).toContain(`[value of ${text.field}]`);
    const everything = first + refused + disputed + audit + (await stack.everythingStored());
    expect(everything).not.toContain("planted");
    expect(everything).not.toContain(secret.value);
  },
);
