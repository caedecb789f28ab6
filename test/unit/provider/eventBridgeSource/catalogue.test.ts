/** Topics and targets by their names: one alone, whatever lists leave out. */
import { expect, test } from "vitest";
import {
  describe as describeOne,
  everyListed,
} from "../../../../provider/src/eventBridgeSource/catalogue.js";
import { budgetOf, errorOf } from "../support/context.js";
import { FakeOrganisation } from "../support/fakeOrganisation.js";

const lookUp = (organisation: FakeOrganisation, wanted: { name: string } | { id: string }) => {
  const budget = budgetOf(60_000);
  const list = () => everyListed("target", organisation, budget);
  return describeOne("target", wanted, { client: organisation, budget, list });
};

test("what a list shows in part takes a call of its own, and no other does", async () => {
  const organisation = new FakeOrganisation();
  for (const name of ["whole", "part"]) organisation.addTarget(`target-${name}`, { name });
  const { status: _, ...part } = organisation.targets.get("target-part") ?? {};
  organisation.on(
    /^GET \/targets\?page=1$/,
    (_request, proceed) => {
      const answer = proceed() as { body: { entities: object[] } };
      const entities = answer.body.entities.map((entity) =>
        "name" in entity && entity.name === "part" ? part : entity,
      );
      return { status: 200, body: { ...answer.body, entities } };
    },
    2,
  );
  expect(await lookUp(organisation, { name: "whole" })).toMatchObject({
    id: "target-whole",
    status: "active",
  });
  expect(organisation.calls).toEqual(["GET /targets?page=1"]);
  expect(await lookUp(organisation, { name: "part" })).toMatchObject({ id: "target-part", status: "active" });
  expect(organisation.calls.slice(1)).toEqual(["GET /targets?page=1", "GET /targets/target-part"]);
});

test("a name means itself alone: neither another case, nor a part, nor a pattern", async () => {
  const organisation = new FakeOrganisation();
  organisation.addTarget("target-1", { name: "Orders" });
  organisation.addTarget("target-2", { name: "Orders of old" });
  expect((await lookUp(organisation, { name: "Orders" })).id).toBe("target-1");
  for (const name of ["orders", "Orders of", "Ord*"])
    await expect(lookUp(organisation, { name })).rejects.toThrow(`there is no target of the name "${name}"`);
});

test("of a name that many have some ids are named, and how many there are", async () => {
  const organisation = new FakeOrganisation();
  for (let index = 1; index <= 9; index++) organisation.addTarget(`target-${index}`, { name: "Orders" });
  await expect(lookUp(organisation, { name: "Orders" })).rejects.toThrow(
    /^9 targets have the name "Orders", with the ids "target-1", .*"target-5" and 4 more: give the id/,
  );
});

test("an answer that is about no target is none, and no proof that there is none", async () => {
  const organisation = new FakeOrganisation().on(/^GET/, () => ({ status: 200, body: {} }));
  const error = await errorOf(lookUp(organisation, { id: "target-1" }));
  expect(error).toMatchObject({ code: "answer.malformed" });
  expect(error.message).toContain("the answer is no target");
});
