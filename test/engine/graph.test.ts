/** Pictures of a real stack, of a real preview, and of the organisation behind them. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { connect, startOrganisation } from "./support/organisation.js";
import { createStack, succeeds } from "./support/stack.js";

/** Sources that change, come and go, beside an integration that stays. */
const program = (is: "before" | "after", typo = ""): string => `
const { EventBridgeSource, EventBridgeIntegration } = require("pulumi-genesyscloud-eventbridge");
const { secret } = require("@pulumi/pulumi");
const targets = (...names) => names.map((name) => ({ targetId: "target-" + name }));
const before = ${is === "before"};
const condition = { field: "x", operator: "equals", value: secret("planted-1") };
const vip = new EventBridgeSource("vip", {
  eventTopicId: "topic-conversation-start",
  targets: before ? targets("crm") : targets("crm", "siem${typo}"),
  filters: [{ name: "gold", conditions: [condition] }],
  webhookUrl: "https://hooks.invalid/planted-2",
});
new EventBridgeSource("moves", { eventTopicId: before ? "topic-audits" : "topic-operational-events", targets: targets("crm"), filters: [{ name: "all", conditions: [{ ...condition, value: "planted-3" }] }] });
if (before) new EventBridgeSource("goes", { eventTopicId: "topic-audits", targets: targets("crm") });
else new EventBridgeSource("comes", { eventTopicId: "topic-audits", targets: targets("archive"), description: vip.sourceId });
new EventBridgeIntegration("voice", { awsAccountId: "012345678901", awsAccountRegion: "eu-central-1", eventSourceSuffix: "prod", eventFilter: ["v2.users.{id}.presence"] });
`;

test("a stack, what a preview makes of it, and its organisation are drawn, and no secret with them", async () => {
  const organisation = await startOrganisation();
  const stack = await createStack();
  await connect(stack, organisation);
  await stack.program(program("before"));
  await succeeds(stack.up());
  const everything: string[] = [];
  const graph = async (...args: string[]) => {
    const run = await stack.command("graph", ...args);
    expect(run.code, run.stderr).toBe(0);
    everything.push(run.stdout, run.stderr);
    return run.stdout;
  };
  /** The flows, shortly: `vip (changed): topic > crm, siem (added)`. */
  const flows = async (...args: string[]) => {
    type Place = { id: string; change: string };
    const places = (all: Place[]) =>
      all.map(({ id, change }) => (change === "same" ? id : `${id} (${change})`)).join(", ");
    const { flows: all } = JSON.parse(await graph("--json", ...args));
    return all
      .map(
        ({ name, change, from, to }: { name: string; change: string; from: Place[]; to: Place[] }) =>
          `${name} (${change}): ${places(from)} > ${places(to)}`,
      )
      .toSorted();
  };

  expect(await flows()).toEqual([
    "goes (same): topic-audits > target-crm",
    "moves (same): topic-audits > target-crm",
    "vip (same): topic-conversation-start > target-crm",
    "voice (same): v2.users.{id}.presence > prod",
  ]);

  await stack.program(program("after"));
  const { output: preview } = await stack.pulumi("preview", "--json", "--show-sames");
  await stack.program(preview, "preview.json");
  const given = ["--preview", "preview.json"];
  expect(await flows(...given)).toEqual([
    "comes (added): topic-audits (added) > target-archive (added)",
    "goes (removed): topic-audits (removed) > target-crm (removed)",
    "moves (replaced): topic-operational-events (added), topic-audits (removed) > target-crm",
    "vip (changed): topic-conversation-start > target-crm, target-siem (added)",
    "voice (same): v2.users.{id}.presence > prod",
  ]);
  const chart = await graph("--from", "preview");
  expect(chart).toMatch(
    /^flowchart LR\n {2}accTitle: 4 sources and 1 integration: 1 added, 1 changed, 1 replaced, 1 removed\n/,
  );
  expect(chart).toMatch(/\["#43; comes"\]/);
  // The filters of vip are secret as a whole, as the engine has it; those of the other have a name to show.
  expect(chart).toContain('|"filter #40;secret#41;"|');
  expect(chart).toContain('|"filter all"|');
  await graph(...given, "--out", "events.svg");
  const picture = await readFile(join(stack.folder, "events.svg"), "utf8");
  expect(picture).toMatch(/<text [^>]*>\+ comes<\/text>/);

  const found = await flows("--from", "organisation");
  expect(found).toHaveLength(4);
  expect(found[1]).toMatch(/^moves-\w{7} \(same\): topic-audits > target-crm$/);

  await stack.program(program("after", "m"));
  const wrong = await stack.command("graph", "--from", "preview");
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toContain(
    'targets[1].targetId: this target does not exist in the organisation (did you mean "target-siem"?)',
  );

  const nothing = await stack.command("graph", "--from", "state", "--preview", "preview.json");
  expect(nothing.code).toBe(2);
  expect([...everything, picture, preview, wrong.stdout, wrong.stderr].join()).not.toMatch(/planted-[12]/);
  expect([...everything, picture].join()).not.toContain("planted");
});
