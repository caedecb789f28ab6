/** `import --check`: the job that finds at night what was made by hand. */
import { expect, test } from "vitest";
import { stackIn, startOrganisation } from "./support/organisation.js";
import { CLIENT } from "./support/project.js";
import { succeeds } from "./support/stack.js";

test("what no stack has is listed and exits 1; all that any of the given stacks has counts", async () => {
  const organisation = await startOrganisation();
  const stack = await stackIn(organisation);
  await succeeds(stack.up());
  const [ours] = await organisation.sources();
  const byHand = await organisation.add("sources", { name: "by hand" });
  const { calls } = organisation;
  const changes = async () => (await calls()).filter((call) => !call.startsWith("GET"));
  const before = await changes();

  const found = await stack.command("import", "--all", "--check", "--json");
  expect(found.code, found.stderr).toBe(1);
  expect(JSON.parse(found.stdout)).toEqual({
    sources: [{ name: "by hand", id: byHand.source_id }],
    integrations: [],
    stacks: ["test"],
  });
  expect(found.stderr).toContain("1 source of the organisation is not in the stack test: bring in what");

  await succeeds(stack.pulumi("stack", "init", "other"));
  await stack.config({ "genesyscloud:gateway": organisation.url, ...CLIENT.plain }, CLIENT.secret);
  const inOther = await stack.command("import", "--all", "--check");
  expect(inOther.code, inOther.stderr).toBe(1);
  expect(inOther.stdout).toMatch(
    new RegExp(`^source +"by hand" +${byHand.source_id}\nsource +"${ours?.name}"`, "m"),
  );

  await organisation.remove("sources", byHand.source_id);
  const both = ["--stack", "test", "--stack", "other"];
  const none = await stack.command("import", "--all", "--check", ...both);
  expect(none.code, none.stderr).toBe(0);
  expect(none.stderr).toContain("all that was found is in any of the stacks test, other: 1 source");
  expect(await changes()).toEqual(before);

  const wrong = await stack.command("import", "--all", ...both);
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("several go with --check alone")]);
});
