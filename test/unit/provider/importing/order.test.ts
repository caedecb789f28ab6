/** The same organisation gives the same bytes, whatever its lists show first and however they are cut into pages. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { SOURCE } from "../../../../provider/src/eventBridgeSource/kind.js";
import { findObjects } from "../../../../provider/src/importing/find.js";
import { gather } from "../../../../provider/src/importing/gather.js";
import { importFile } from "../../../../provider/src/importing/importFile.js";
import { loadNaming } from "../../../../provider/src/importing/names.js";
import { programText } from "../../../../provider/src/importing/programText.js";
import { beginOn } from "../../../../provider/src/lifecycle/kind.js";
import { fakeContext } from "../support/context.js";
import { FakeOrganisation } from "../support/fakeOrganisation.js";

const naming = await loadNaming();

/** Names of which many make the same resource's name, in some order. */
const NAMES = ["beta", "Beta", "BETA!", "beta?", "été", "ete", "日本", "a", "Z", "_", "beta 2", "beta-2"];

function organisationOf(order: readonly number[], pageSize: number): FakeOrganisation {
  const organisation = Object.assign(new FakeOrganisation(), { pageSize });
  for (const number of order) {
    organisation.addTopic(`topic-${number}`, { name: `Orders ${number % 3}` });
    organisation.addTarget(`target-${number}`, { name: `CRM ${number % 2}` });
    const targets = [0, 1].map((nth) => ({ target_id: `target-${(number + nth) % 4}`, priority: nth + 1 }));
    organisation.addSource({
      source_id: `src-${number}`,
      // Names are unique; where they are not, the ids decide.
      name: NAMES[number % NAMES.length],
      event_topic_id: `topic-${number % 5}`,
      targets: number % 2 === 0 ? targets : targets.toReversed(),
      status: number === 7 ? "failed" : "active",
    });
  }
  return organisation;
}

/** All that an import writes of an organisation. */
async function importOf(organisation: FakeOrganisation): Promise<string> {
  const { objects, step } = await everyObjectOf(organisation);
  const destination = { project: "shop", stack: "dev", resources: [] };
  const { imports, leftOut } = await gather(objects, destination, naming, [step]);
  const names = (await SOURCE.inPrograms.namesOf?.(organisation, step.budget)) ?? {};
  const form = { language: "typescript", modules: "commonjs", kind: "module" } as const;
  return [
    programText(imports, { names, areLookedUp: true }, naming, form),
    importFile(imports),
    JSON.stringify(leftOut.map(({ kind: _, ...rest }) => rest)),
  ].join();
}

async function everyObjectOf(organisation: FakeOrganisation) {
  const step = beginOn(SOURCE, fakeContext(organisation).context, "1m");
  const { objects } = await findObjects([step], { ids: [], names: [], all: true }, () => () => {});
  return { objects, step };
}

test("the order of sources, topics and targets, and the size of pages, change no byte", async () => {
  const order = Array.from({ length: 20 }, (_, index) => index);
  const expected = await importOf(organisationOf(order, 25));
  expect(expected).toContain('"beta-2-2"');
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(order, { minLength: 20 }),
      fc.integer({ min: 1, max: 25 }),
      async (shuffled, pageSize) => {
        expect(await importOf(organisationOf(shuffled, pageSize))).toBe(expected);
      },
    ),
    { numRuns: 30 },
  );
});

test("what is gathered is named in that order, in whichever it is given", async () => {
  const organisation = organisationOf([0, 1, 2], 25);
  const { objects, step } = await everyObjectOf(organisation);
  const destination = { project: "shop", stack: "dev", resources: [] };
  const resources = async (given: Parameters<typeof gather>[0]) =>
    (await gather(given, destination, naming, [step])).imports.map(({ resource, id }) => `${resource} ${id}`);
  expect(await resources(objects)).toEqual(["beta src-2", "beta-2 src-1", "beta-3 src-0"]);
  expect(await resources(objects.toReversed())).toEqual(await resources(objects));
});

test("a hundred thousand of one name are not counted through again for each", () => {
  const taken = new Set<string>();
  let last = "";
  for (let count = 0; count < 100_000; count++) last = naming.resource("a", "source", taken);
  expect(last).toBe("a-100000");
});
