/** The options that Pulumi has for every resource, and for every run: they do here what they do everywhere. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runInline } from "./support/inline.js";
import { connect, MINIMAL, type Organisation, startOrganisation } from "./support/organisation.js";
import { createStack, fails, type Stack, succeeds } from "./support/stack.js";
import { SUBJECTS } from "./support/subjects/index.js";

const BY_HAND = {
  source_id: "made-by-hand",
  name: "swept",
  description: "Managed by Pulumi",
  event_topic_id: MINIMAL.eventTopicId,
  targets: [{ target_id: "target-crm", priority: 1 }],
  webhook_url: "http://127.0.0.1:9/planted",
};

/** Its program runs in its own process: the language host that older CLIs bring knows neither hooks nor transforms. */
const SCRIPT = `
const pulumi = require("@pulumi/pulumi");
const { LocalWorkspace } = require("@pulumi/pulumi/automation");
const { EventBridgeSource } = require("pulumi-genesyscloud-eventbridge");
const { args, config } = JSON.parse(process.argv[2]);
const webhookUrl = "http://127.0.0.1:9/planted";
const told = [];
let description = "one";

async function program() {
  pulumi.runtime.registerResourceTransform(({ name, props, opts }) =>
    name === "transformed" ? { props: { ...props, description: "of all", webhookUrl, timeouts: { create: "1d" } }, opts } : undefined);
  const transformed = new EventBridgeSource("transformed", args);
  const on = (event) => new pulumi.ResourceHook(event, async ({ id, newInputs, newOutputs }) => {
    const isSecret = newInputs && await pulumi.isSecret(newInputs.webhookUrl);
    told.push({ event, id, description: newInputs?.description, isSecret, status: newOutputs?.status });
  });
  const events = ["beforeCreate", "afterCreate", "beforeUpdate", "afterUpdate", "beforeDelete", "afterDelete"];
  const hooks = Object.fromEntries(events.map((event) => [event, [on(event)]]));
  const hooked = new EventBridgeSource("hooked", { ...args, description, webhookUrl }, { hooks });
  const refuse = new pulumi.ResourceHook("refuse", async () => { throw new Error("not today"); });
  new EventBridgeSource("refused", { ...args, description }, { dependsOn: hooked, hooks: { beforeUpdate: [refuse] } });
  return { transformed: transformed.description };
}

async function main() {
  const stack = await LocalWorkspace.createOrSelectStack({ stackName: "inline", projectName: "inline-shop", program });
  await stack.setAllConfig(config);
  const { transformed } = (await stack.up()).outputs;
  description = "two";
  const refused = await stack.up().then(() => "", (error) => error.message);
  await stack.destroy({ runProgram: true });
  console.log(JSON.stringify({ told, refused, transformed }));
}
main().catch((error) => { console.error(error); process.exitCode = 1; });
`;

/** Each resource has an option of its own; what `words` says stands in arguments that change, and what `topic` and `target` say. */
const programOf = ({ words = "one", topic = "presence", target = "crm", patience = "3s" } = {}): string => `
const pulumi = require("@pulumi/pulumi");
const { EventBridgeSource, EventBridgeIntegration } = require("pulumi-genesyscloud-eventbridge");
const least = ${JSON.stringify(MINIMAL)};
const voice = { awsAccountId: "012345678901", awsAccountRegion: "eu-central-1", eventFilter: ["v2.users.{id}.${topic}"] };
const description = "${words}";

pulumi.runtime.registerStackTransformation(({ name, props, opts }) => name !== "swept" ? undefined : {
  props: { ...props, webhookUrl: "http://127.0.0.1:9/planted" },
  opts: { ...opts, import: "made-by-hand", customTimeouts: { delete: "1d" } },
});
const swept = new EventBridgeSource("swept", { ...least, name: "swept" });

const customTimeouts = { create: "${patience}", update: "1h30m", delete: "1d" };
new EventBridgeSource("patient", { ...least, timeouts: { create: "5m" } }, { customTimeouts });

${SUBJECTS.map(
  ({ resource, minimal, key, text: { field } }) =>
    `new ${resource}("replaced", { ...${JSON.stringify(minimal)}, ${field}: description, ${key.field}: "chosen" }, { replaceOnChanges: ["${field}"] });`,
).join("\n")}
new EventBridgeSource("renamed", { ...least, name: "named " + description }, { replaceOnChanges: ["name"] });
new EventBridgeSource("triggered", { ...least, name: "triggered" }, { replacementTrigger: description, deleteBeforeReplace: true });
new EventBridgeSource("hidden", { ...least, description: "unseen " + description }, { hideDiffs: ["description"] });

const conditions = [{ field: description, operator: "equals", value: description }];
new EventBridgeSource(
  "ignoring",
  { ...least, targets: [{ targetId: "target-${target}" }, { targetId: "target-siem" }], filters: [{ name: "f", conditions }] },
  { ignoreChanges: ["targets[0]", "filters[*].conditions[0].value"] },
);
new EventBridgeIntegration("ignoring", { ...voice, notes: description }, { ignoreChanges: ["eventFilter"] });

new EventBridgeSource("follower", { ...least, name: "follower" }, { deletedWith: swept });
new EventBridgeSource("impatient", least, { customTimeouts });
`;

/** What was changed since the last time, such as `POST sources`; how often each. */
async function changes(organisation: Organisation): Promise<Record<string, number>> {
  const calls = (await organisation.calls()).filter((call) => /^(POST|PUT|DELETE)/.test(call));
  await organisation.forgetCalls();
  const named = calls.map((call) =>
    call.replace(/^(\w+) .*\/(sources|integrations)\b.*$/, (_, method, kind) => `${method} ${kind}`),
  );
  return Object.fromEntries(
    [...new Set(named)].map((name) => [name, named.filter((each) => each === name).length]),
  );
}

/** A resource of the stack by the end of its URN, such as `Source::patient`. */
const resourceOf = async (stack: Stack, end: string) =>
  (await stack.resources()).find(({ urn }) => urn.endsWith(`EventBridge${end}`));

test("customTimeouts, import by a transformation, replaceOnChanges, replacementTrigger, hideDiffs, nested ignoreChanges and deletedWith do what they do everywhere", async () => {
  const organisation = await startOrganisation({ jobDurationMs: 5_000 });
  await organisation.add("sources", BY_HAND);
  const stack = await createStack();
  await connect(stack, organisation);
  await stack.program(programOf());
  const made = await fails(stack.up("--continue-on-error"));
  expect(made).toMatch(/"impatient-\w+" is not finished: Job \S+ was not over after \d+ m?s:/);
  expect(made).toMatch(/Resources:\n *\+ 11 created\n/);
  expect(await changes(organisation)).toMatchObject({ "POST sources": 8, "POST integrations": 2 });
  const swept = { id: "made-by-hand", outputs: { timeouts: { delete: "1d" } } };
  expect(await resourceOf(stack, "Source::swept")).toMatchObject(swept);
  const patience = { create: "5m", update: "1h30m", delete: "1d" };
  expect(await resourceOf(stack, "Source::patient")).toMatchObject({ outputs: { timeouts: patience } });
  expect(await stack.everythingStored()).not.toContain("planted");

  await organisation.settings({ jobDurationMs: 50 });
  await stack.program(programOf({ words: "two", topic: "activity", target: "archive", patience: "5m" }));
  const changed = await succeeds(stack.up("--diff"));
  for (const shown of ['description: "one" => "two"', 'notes: "one" => "two"', "description (hidden)"])
    expect(changed).toContain(`~ ${shown}`);
  expect(changed).not.toContain("unseen two");
  expect(changed).toMatch(/Resources:\n *~ 4 updated\n *\+-4 replaced\n *8 changes\. 4 unchanged/);
  // Each replacement is a POST; what was not finished goes on without one.
  expect(await changes(organisation)).toEqual({
    ...{ "POST sources": 3, "DELETE sources": 3, "PUT sources": 2 },
    ...{ "POST integrations": 1, "DELETE integrations": 1, "PUT integrations": 2 },
  });
  const sources = await organisation.sources();
  expect(sources.find(({ name }) => name.startsWith("ignoring-"))).toMatchObject({
    targets: [{ target_id: "target-crm" }, { target_id: "target-siem" }],
    filters: [{ conditions: [{ field: "two", value: "one" }] }],
  });
  expect(sources.map(({ description }) => description)).toContain("unseen two");
  expect(await resourceOf(stack, "Integration::ignoring")).toMatchObject({
    outputs: { notes: "two", eventFilter: ["v2.users.{id}.presence"] },
  });

  await organisation.forgetCalls();
  await succeeds(stack.preview("--expect-no-changes"));
  expect(await organisation.calls()).toEqual([]);
  await succeeds(stack.destroy());
  expect(await changes(organisation)).toEqual({ "DELETE sources": 8, "DELETE integrations": 2 });
  expect(await organisation.sources()).toMatchObject([{ name: "follower" }]);
});

test("--target and --exclude make what they name, and a plan is kept to the letter, automatic names and secrets included", async () => {
  const organisation = await startOrganisation();
  const stack = await createStack();
  await connect(stack, organisation);
  const write = (description: string) =>
    stack.program(`
const { EventBridgeSource } = require("pulumi-genesyscloud-eventbridge");
for (const name of ["first", "second", "planned"])
  new EventBridgeSource(name, { ...${JSON.stringify(MINIMAL)}, description: "${description}", webhookUrl: "http://127.0.0.1:9/planted" });
`);
  const urn = (name: string) =>
    `urn:pulumi:test::engine-test::pulumi-nodejs:dynamic/genesyscloud:EventBridgeSource::${name}`;
  const names = async () => (await organisation.sources()).map(({ name }) => name.replace(/-.*/, ""));
  await write("one");
  await succeeds(stack.up("--target", urn("first")));
  expect(await names()).toEqual(["first"]);
  await succeeds(stack.up("--exclude", urn("planned")));
  expect(await names()).toEqual(["first", "second"]);

  await write("two");
  await organisation.forgetCalls();
  await succeeds(stack.preview("--save-plan", "plan.json"));
  expect(await changes(organisation)).toEqual({});
  const plan = await readFile(join(stack.folder, "plan.json"), "utf8");
  expect(plan).not.toContain("planted");
  const [, planned] = /"(planned-[0-9a-f]{7})"/.exec(plan) ?? [];

  await write("three");
  expect(await fails(stack.up("--plan", "plan.json"))).toMatch(
    /violates plan: properties changed:.*description/,
  );
  expect(await changes(organisation)).toEqual({});
  await write("two");
  await succeeds(stack.up("--plan", "plan.json"));
  expect(await changes(organisation)).toEqual({ "POST sources": 1, "PUT sources": 2 });
  expect((await organisation.sources()).map(({ name }) => name)).toContain(planned);
});

test("resource hooks run around each step with its secrets as such, one that throws stops the step, and what a transform sets counts", async () => {
  const organisation = await startOrganisation();
  const stack = await createStack();
  const { result } = await runInline<{ told: object[]; refused: string; transformed: { value: string } }>(
    SCRIPT,
    organisation,
    stack,
  );
  const { told, refused, transformed } = result;
  expect(transformed.value).toBe("of all");
  const id = expect.stringMatching(/^[0-9a-f-]{36}$/);
  const [one, two] = ["one", "two"].map((description) => ({ description, isSecret: true }));
  expect(told).toEqual([
    { event: "beforeCreate", id: "", ...one },
    { event: "afterCreate", id, status: "active", ...one },
    { event: "beforeUpdate", id, ...two },
    { event: "afterUpdate", id, status: "active", ...two },
    { event: "beforeDelete", id },
    { event: "afterDelete", id },
  ]);
  expect(refused).toContain("not today");
  expect(await changes(organisation)).toEqual({ "POST sources": 3, "PUT sources": 1, "DELETE sources": 3 });
  expect(await stack.everythingStored()).toContain("of all");
  expect(await stack.everythingStored()).not.toContain("planted");
});
