/** States that earlier releases have written still preview, refresh and destroy with this one. */
import { readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { connect, type Organisation, type StoredSource, startOrganisation } from "./support/organisation.js";
import { createStack, type Stack } from "./support/stack.js";

/** States as releases have written them, and the sources that they are of. Written once a release, never changed. */
const states = join(import.meta.dirname, "states");
/** The release whose state is to be written: `WRITE_STATE=0.2.0 npm run test:engine -- oldState`. */
const writing = process.env.WRITE_STATE;

/** A program with everything that a state can hold. It stays as it is: the states are of it. */
const PROGRAM = `
const { EventBridgeSource } = require("pulumi-genesyscloud-eventbridge");
const topic = { eventTopicId: "topic-conversation-start" };
new EventBridgeSource("plain", { ...topic, targets: [{ targetId: "target-crm" }] });
new EventBridgeSource("full", {
  ...topic,
  name: "full of everything",
  description: "with a webhook",
  targets: [{ targetId: "target-crm", priority: 2 }, { targetId: "target-data-lake", priority: 1 }],
  filters: [
    { name: "vip", conditions: [{ field: "priority", operator: "equals", value: "high" }] },
    { name: "long", action: "drop", conditions: [{ field: "minutes", operator: "greater_than", value: 3.5 }, { field: "muted", operator: "equals", value: true }] },
  ],
  status: "inactive",
  webhookUrl: "http://127.0.0.1:9/hook",
  onConflict: "adopt",
  timeouts: { create: "2m", delete: "1h" },
}, { protect: false });
`;

interface State {
  sources: StoredSource[];
  deployment: { version: number; deployment: { resources: { inputs?: object; outputs?: object }[] } };
}

async function stackOf(organisation: Organisation): Promise<Stack> {
  const stack = await createStack();
  await connect(stack, organisation);
  await stack.program(PROGRAM);
  return stack;
}

/** A stack and an organisation as they were when the release had made them. */
async function restored({ sources, deployment }: State) {
  const organisation = await startOrganisation();
  for (const source of sources) await organisation.add("sources", source);
  const stack = await stackOf(organisation);
  // Refresh and destroy go by the configuration that the state bears; the organisation listens elsewhere now.
  const text = JSON.stringify(deployment).replaceAll(/http:\/\/127\.0\.0\.1:\d{4,5}/g, organisation.url);
  await writeFile(join(stack.folder, "state.json"), text);
  const imported = await stack.pulumi("stack", "import", "--file", "state.json");
  expect(imported.code, imported.output).toBe(0);
  return { stack, organisation };
}

test.runIf(writing)("the state of this release is written", async () => {
  const organisation = await startOrganisation();
  const stack = await stackOf(organisation);
  const up = await stack.up();
  expect(up.code, up.output).toBe(0);
  const exported = await stack.pulumi("stack", "export");
  const state = { sources: await organisation.sources(), deployment: JSON.parse(exported.output) };
  await writeFile(join(states, `${writing}.json`), `${JSON.stringify(state, null, 2)}\n`);
});

const releases = readdirSync(states).map((file) => file.replace(/\.json$/, ""));
const read = (release: string): State => JSON.parse(readFileSync(join(states, `${release}.json`), "utf8"));

test.each(releases)(
  "behaviour 33: the state of release %s previews with no changes, refreshes and is destroyed",
  async (release) => {
    const { stack, organisation } = await restored(read(release));
    const preview = await stack.preview("--expect-no-changes");
    expect(preview.code, preview.output).toBe(0);
    const refresh = await stack.refresh("--expect-no-changes");
    expect(refresh.code, refresh.output).toBe(0);
    const destroy = await stack.destroy();
    expect(destroy.code, destroy.output).toBe(0);
    expect(await organisation.sources()).toEqual([]);
    expect(await stack.resources()).toEqual([]);
  },
);

/** A stub as another release may have written it: other text, the same entry. */
const OTHER_STUB = `exports.handler = () => { const { eventBridgeSource } = require("pulumi-genesyscloud-eventbridge/runtime"); return eventBridgeSource; }`;

function withOtherStub(state: State): State {
  const changed = structuredClone(state);
  for (const { inputs, outputs } of changed.deployment.deployment.resources)
    for (const properties of [inputs, outputs])
      if (properties !== undefined && "__provider" in properties) properties.__provider = OTHER_STUB;
  return changed;
}

test("behaviour 34: a stub of other text still destroys, and an up puts the present one in its place", async () => {
  const [release = ""] = releases;
  const old = withOtherStub(read(release));
  const { stack, organisation } = await restored(old);
  const destroy = await stack.destroy();
  expect(destroy.code, destroy.output).toBe(0);
  expect(await organisation.sources()).toEqual([]);

  const other = await restored(old);
  await other.organisation.forgetCalls();
  const up = await other.stack.up();
  expect(up.code, up.output).toBe(0);
  expect((await other.organisation.calls()).filter((call) => !call.startsWith("GET"))).toEqual([]);
  for (const { inputs, outputs } of await other.stack.resources())
    expect([inputs.__provider, outputs.__provider]).not.toContain(OTHER_STUB);
  expect((await other.stack.preview("--expect-no-changes")).code).toBe(0);
});
