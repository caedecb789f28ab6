/** `import --into`: the program came first, and the organisation has what it asks for. */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { connect, MINIMAL, startOrganisation } from "./support/organisation.js";
import { createStack, succeeds } from "./support/stack.js";

const BODY = {
  event_topic_id: "topic-conversation-start",
  targets: [{ target_id: "target-crm", priority: 1 }],
};
const ADDRESS = "https://hooks.invalid/planted";
const VOICE = {
  ...{ awsAccountId: "012345678901", awsAccountRegion: "eu-central-1", eventSourceSuffix: "audits" },
  ...{ eventFilter: ["v2.audits.entitytype.{id}.entityid.{id}"], name: "Audits" },
};

/** Eleven sources, two of them in a component whose name one of them has, too; and an integration. */
const PROGRAM = `
const pulumi = require("@pulumi/pulumi");
const { EventBridgeIntegration, EventBridgeSource } = require("pulumi-genesyscloud-eventbridge");
const args = ${JSON.stringify(MINIMAL)};
class Events extends pulumi.ComponentResource {
  constructor(name) {
    super("shop:index:Events", name);
    new EventBridgeSource(name, { ...args, description: pulumi.secret("hush") }, { parent: this });
    new EventBridgeSource("inner", { ...args, name: "by hand" }, { parent: this });
  }
}
new Events("events");
for (const name of ["a", "b", "c", "d", "e"]) new EventBridgeSource(name, { ...args, name: "source " + name });
new EventBridgeSource("timed", { ...args, timeouts: { create: "5m" }, onConflict: "adopt" });
new EventBridgeSource("keeps", { ...args, name: "keeps" }, { ignoreChanges: ["webhookUrl"] });
new EventBridgeSource("differs", { ...args, name: "differs", description: "the program's" });
new EventBridgeSource("missing", { ...args, name: "missing" });
new EventBridgeIntegration("audits", ${JSON.stringify(VOICE)});
`;

test("twelve resources of a program are completed and imported: no change but the one that differs, and what is missing", async () => {
  const organisation = await startOrganisation({ exampleIntegrations: true });
  const stack = await createStack();
  await connect(stack, organisation);
  await stack.program(PROGRAM);
  const add = (name: string, more: object = {}) =>
    organisation.add("sources", { ...BODY, description: "Managed by Pulumi", name, ...more });
  for (const each of ["a", "b", "c", "d", "e"]) await add(`source ${each}`);
  await add("events-abcdef0", { description: "hush" });
  for (const name of ["by hand", "timed"]) await add(name);
  await add("keeps", { webhook_url: ADDRESS });
  await add("differs", { description: "by hand" });
  const before = await organisation.everything();
  const file = join(stack.folder, "import.json");

  const asked = await succeeds(stack.preview("--json", "--import-file", file));
  await stack.program(asked.slice(asked.indexOf("{")), "preview.json");
  const entry = (await readFile(file, "utf8")).match(/\{[^{}]*"name": "missing"[^{}]*\}/)?.[0];
  expect(entry).toContain('"id": "<PLACEHOLDER>"');
  const first = await stack.command("import", "--into", "import.json", "--preview", "preview.json");
  expect(first.code, first.stderr).toBe(1);
  expect(first.stderr).toContain('open: "missing": there is no source of the name "missing"');
  expect(first.stderr).toContain("10 sources and 1 integration are complete in import.json. 1 still open: ");
  expect((await readFile(file, "utf8")).replaceAll(/\s/g, "")).toContain(entry?.replaceAll(/\s/g, ""));

  // Once more, to take the missing one out: what is complete stays as it is.
  const again = await stack.command("import", "--into", "import.json", "--leave-out", "--json");
  expect(again.code, again.stderr).toBe(0);
  const { completed, open, leftOut } = JSON.parse(again.stdout);
  expect([completed.length, open, leftOut.map((each: { resource: string }) => each.resource)]).toEqual([
    11,
    [],
    ["missing"],
  ]);
  // The engine registers them in an order of its own.
  const differences = completed.flatMap(({ resource, differs }: { resource: string; differs: string[] }) =>
    differs.map((field) => `${resource} ${field}`),
  );
  expect(differences.toSorted()).toEqual(["differs description", "keeps webhookUrl"]);
  // Addresses of webhooks are in it.
  expect((await stat(file)).mode & 0o077).toBe(0);
  expect(first.stdout + first.stderr + again.stdout + again.stderr).not.toMatch(/planted|hush/);

  await succeeds(
    stack.pulumi(
      "import",
      "--yes",
      "--generate-code=false",
      "--protect=false",
      "--skip-preview",
      "--file",
      file,
    ),
  );
  expect(await stack.everythingStored()).not.toMatch(/planted|hush/);
  const preview = JSON.parse((await succeeds(stack.preview("--json", "--show-sames"))).replace(/^[^{]*/, ""));
  const changes = preview.steps
    .filter(({ op }: { op: string }) => op !== "same")
    .map(({ op, urn, detailedDiff }: { op: string; urn: string; detailedDiff: object | null }) =>
      [op, urn.split("::").at(-1), ...Object.keys(detailedDiff ?? {})].join(" "),
    );
  expect(changes.toSorted()).toEqual(["create missing", "update differs description"]);
  expect(await organisation.everything()).toEqual(before);
});
