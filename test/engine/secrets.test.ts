import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openReceiver, type Receiver } from "../support/receiver.js";
import { connect, MINIMAL, sourceProgram, startOrganisation } from "./support/organisation.js";
import { createStack } from "./support/stack.js";

const ADDRESS = "http://127.0.0.1:9/planted-address";

test("behaviour 29: the webhook address is in no output, log or state in plain, wherever it came from", async () => {
  const organisation = await startOrganisation({ clientSecret: "planted-client-secret" });
  const stack = await createStack();
  await connect(stack, organisation);
  await stack.config({ "genesyscloud:oauthClientSecret": "planted-client-secret" }, { secret: true });
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
  // From the configuration.
  await stack.config({ "genesyscloud:webhookUrl": `${ADDRESS}-2` }, { secret: true });
  await stack.program(sourceProgram(MINIMAL));
  await must(stack.preview("--diff"));
  await must(stack.up("--diff"));
  expect((await organisation.sources())[0]?.webhook_url).toBe(`${ADDRESS}-2`);
  // From the organisation, where the program has none.
  await must(stack.pulumi("config", "rm", "genesyscloud:webhookUrl"));
  await must(stack.up());
  await organisation.change("sources", await ours(), { webhook_url: `${ADDRESS}-3` });
  await must(stack.refresh("--diff"));
  await must(stack.preview("--diff", "--json"));
  const stored = await stack.everythingStored();
  await must(stack.up("--diff"));
  expect((await organisation.sources())[0]?.webhook_url).toBeNull();

  expect(stored).toContain("webhookUrl");
  expect(seen + stored + (await stack.everythingStored())).not.toContain("planted");
});

test("behaviour 29: the configured webhook address is in no event of --json, and only it gets notices", async () => {
  const organisation = await startOrganisation();
  const [ours, next, strangers] = [await openReceiver(), await openReceiver(), await openReceiver()];
  for (const each of [ours, next, strangers]) onTestFinished(each.close);
  const planted = ({ url }: Receiver) => `${url}/planted-key`;
  const stack = await createStack();
  await connect(stack, organisation);
  await stack.config({ "genesyscloud:webhookAllowPrivate": "true" });
  await stack.program(sourceProgram(MINIMAL));
  let seen = "";
  const must = async (run: Promise<{ code: number | null; output: string }>) => {
    const { code, output } = await run;
    seen += output;
    expect(code, output).toBe(0);
    return output;
  };
  const address = async () => (await organisation.sources())[0]?.webhook_url;
  const told = () =>
    [ours, next, strangers].map(({ received }) => received.map(({ body }) => JSON.parse(body).operation));

  stack.environment.EXTERNAL_WEBHOOK_URL = planted(ours);
  await must(stack.up("--json"));
  expect(await address()).toBe(planted(ours));
  // Another one is configured: that is a change, and said to be one.
  stack.environment.EXTERNAL_WEBHOOK_URL = planted(next);
  expect(await must(stack.preview("--diff"))).toMatch(
    /the configured webhook address is another now[\s\S]*1 to update/,
  );
  await must(stack.up("--json"));
  expect(await address()).toBe(planted(next));
  await must(stack.preview("--expect-no-changes"));
  await must(stack.refresh("--expect-no-changes"));
  // Somebody sets another one in the organisation: a refresh finds it, and an up would bring it back.
  const [{ source_id = "" } = {}] = await organisation.sources();
  await organisation.change("sources", source_id, { webhook_url: planted(strangers) });
  await must(stack.refresh("--diff"));
  expect(await must(stack.preview("--diff"))).toContain("1 to update");
  seen += await stack.everythingStored();
  await must(stack.destroy("--json"));
  expect(told()).toEqual([["create"], ["update", "delete"], []]);
  expect(seen).not.toContain("planted");
});

test("behaviour 29: a failed login says what to mend and shows no credential", async () => {
  const organisation = await startOrganisation({ clientSecret: "the-right-one" });
  const stack = await createStack();
  await connect(stack, organisation);
  await stack.config({ "genesyscloud:oauthClientSecret": "planted-wrong-secret" }, { secret: true });
  await stack.program(sourceProgram(MINIMAL));
  const run = await stack.up();
  expect(run.code).not.toBe(0);
  expect(run.output).toContain("POST /oauth/token was answered 401");
  expect(run.output).toContain("Check the credentials");
  const basic = Buffer.from("sandbox-client:planted-wrong-secret").toString("base64");
  expect(run.output + (await stack.everythingStored())).not.toContain("planted");
  expect(run.output).not.toContain(basic);
});

test("behaviour 29: what is secret in the program is in no error, log or state in plain, whoever repeats it", async () => {
  const organisation = await startOrganisation();
  const stack = await createStack();
  await connect(stack, organisation);
  const secret = (text: string) => `require("@pulumi/pulumi").secret(${JSON.stringify(text)})`;
  const args = (description: string) => `{
    eventTopicId: "topic-conversation-start",
    targets: [{ targetId: "target-crm" }],
    description: ${secret(description)},
    filters: [{ name: "vip", conditions: [{ field: "f", operator: "equals", value: ${secret("planted/value 1")} }] }],
  }`;
  await stack.program(sourceProgram(args("planted description")));
  const first = await stack.up("--diff");
  expect(first.code, first.output).toBe(0);
  // The platform quotes what it was sent, and writes to the terminal.
  const message = `\u001b[2J\r\nplanted%2Fvalue%201 is wrong, as is "planted description two"`;
  await organisation.fault({
    match: { method: "PUT" },
    action: { kind: "answer", status: 400, body: { message, code: "bad.request", status: 400 } },
  });
  await stack.program(sourceProgram(args("planted description two")));
  const refused = await stack.up();
  expect(refused.code).not.toBe(0);
  expect(refused.output).toContain(
    '\\u{1b}[2J\\u{d}\\u{a}[value of filters[0].conditions[0].value] is wrong, as is "[value of description]"',
  );
  // Somebody else has changed it since.
  const [source] = await organisation.sources();
  await organisation.change("sources", String(source?.source_id), { description: "planted by another" });
  const disputed = await stack.up();
  expect(disputed.code).not.toBe(0);
  expect(disputed.output).toContain("the program asks for something else: description. Run");

  const seen = first.output + refused.output + disputed.output + (await stack.everythingStored());
  const audit = readFileSync(join(stack.folder, "audit_logs.jsonl"), "utf8");
  expect(audit).toContain("[value of description]");
  expect(seen + audit).not.toMatch(/planted/);
});
