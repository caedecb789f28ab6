/** An organisation that keeps what it is sent in a form of its own, on the real engine. */
import { expect, test } from "vitest";
import { connect, MINIMAL, type StoredSource, startOrganisation } from "./support/organisation.js";
import { createStack } from "./support/stack.js";

const condition = { field: "priority", operator: "greater_than", value: 5 };
const ARGS = {
  ...MINIMAL,
  name: "Leads to CRM \n",
  filters: ["b", "a"].map((name) => ({ name, conditions: [condition] })),
  webhookUrl: "http://127.0.0.1:9",
};

const program = (description: string) => `
const pulumi = require("@pulumi/pulumi");
const { EventBridgeSource } = require("pulumi-genesyscloud-eventbridge");
const source = new EventBridgeSource("vip", { ...${JSON.stringify(ARGS)}, description: pulumi.secret("${description}") });
exports.name = source.name;
`;

test("what an organisation keeps in a form of its own is said once, and no difference to refresh and up", async () => {
  const organisation = await startOrganisation();
  await organisation.variants({ keeps: "all" });
  const stack = await createStack();
  await connect(stack, organisation);
  await stack.program(program("Hidden FROM all "));
  const made = await stack.up();
  expect(made.code, made.output).toBe(0);
  const changes = (await organisation.calls()).filter((call) => !/^GET /.test(call));
  expect(changes).toEqual(["POST /api/v2/eventbridge/sources 202"]);
  const [kept] = (await organisation.sources()) as [StoredSource];
  expect(kept).toMatchObject({ name: "leads to crm", description: "hidden from all", version: 1 });

  // The CLI shows a warning as it comes, and once more among the diagnostics.
  const diagnostics = made.output.slice(made.output.indexOf("Diagnostics:"));
  const said = diagnostics.split("\n").filter((line) => line.includes("in its own way"));
  expect(said, made.output).toHaveLength(1);
  for (const path of ["name: ", "description: ", "filters: ", "filters[0].conditions[0].value: "])
    expect(said[0]).toContain(path);
  // The slash behind the host makes no other address.
  expect(said[0]).not.toContain("webhookUrl");
  expect(made.output).toContain('name: "leads to crm"');

  await organisation.forgetCalls();
  for (const run of [
    await stack.refresh("--expect-no-changes"),
    await stack.up("--expect-no-changes"),
    await stack.up("--refresh", "--expect-no-changes"),
  ]) {
    expect(run.code, run.output).toBe(0);
    expect(run.output).not.toContain("in its own way");
    expect(run.output).not.toMatch(/hidden/i);
  }
  expect(new Set(await organisation.calls())).toEqual(
    new Set([`GET /api/v2/eventbridge/sources/${kept.source_id} 200`]),
  );
  const [resource] = await stack.resources();
  expect(resource?.inputs.name).toBe(ARGS.name);
  expect(await stack.everythingStored()).not.toMatch(/hidden from all|127\.0\.0\.1:9\b/i);

  // Somebody's change is found, and put right by one PUT; a change of the program, too.
  await organisation.change("sources", kept.source_id, { description: "by hand" });
  expect((await stack.refresh("--expect-no-changes")).code).not.toBe(0);
  await organisation.forgetCalls();
  const repaired = await stack.up();
  expect(repaired.code, repaired.output).toBe(0);
  await stack.program(program("Other "));
  const changed = await stack.up();
  expect(changed.code, changed.output).toBe(0);
  const put = `PUT /api/v2/eventbridge/sources/${kept.source_id} 200`;
  expect(await organisation.calls()).toEqual([put, put]);
  expect((await organisation.sources())[0]).toMatchObject({ description: "other", version: 4 });
  const still = await stack.refresh("--expect-no-changes");
  expect(still.code, still.output).toBe(0);
});
