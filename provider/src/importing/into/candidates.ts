/** The objects that entries of a file may mean: those of the lists, and those that somebody has given the ids of. */
import { mapLimit } from "async";
import { GenesysError } from "../../genesys/errors.js";
import type { KindStep } from "../../lifecycle/kind.js";
import { unlessMissing } from "../../step.js";
import type { FoundObject } from "../find.js";
import { type StackResource, sortOut } from "../managed.js";
import type { Candidate } from "./matching.js";

/** Requests for single objects that are under way at once; the rate limit paces them beyond that. */
const AT_ONCE = 8;

/** Those with these ids that no list has shown, as far as there are any. */
export async function shownById(
  ids: readonly { step: KindStep; id: string }[],
  listed: readonly FoundObject[],
): Promise<FoundObject[]> {
  const isListed = (step: KindStep, id: string) =>
    listed.some(({ kind, shown }) => kind === step.kind && shown.id === id);
  const unseen = ids.filter(({ step, id }) => !isListed(step, id));
  const shown = await mapLimit(
    unseen,
    AT_ONCE,
    async ({ step: { kind, api }, id }: (typeof unseen)[number]) => {
      const one = await unlessMissing(api.show(id));
      return one === undefined ? [] : [{ kind, shown: one }];
    },
  );
  return shown.flat();
}

/** Objects with what tells them from others, and whether the stack has them. */
export async function candidatesOf(
  objects: readonly FoundObject[],
  resources: readonly StackResource[],
  steps: readonly KindStep[],
): Promise<Candidate[]> {
  const { managed, unmanaged } = sortOut(objects, resources, steps);
  const keyed = await mapLimit([...objects], AT_ONCE, async (each: FoundObject) => ({
    id: String(each.shown.id),
    key: await keyOf(each),
  }));
  const keys = new Map(keyed.map(({ id, key }) => [id, key]));
  return [
    ...managed.map(({ kind, id, name, resource }) => ({ kind, id, name, resource, key: keys.get(id) })),
    ...unmanaged.map(({ kind, id, name }) => ({ kind, id, name, key: keys.get(id) })),
  ];
}

/** A list shows names; what else no two objects share may take a call. What cannot be understood has no key. */
async function keyOf({ kind: { key }, shown }: FoundObject): Promise<string | undefined> {
  if (key.field === "name") return shown.name;
  try {
    const { fields } = await shown.observe();
    return String(fields[key.field]);
  } catch (error) {
    if (error instanceof GenesysError && error.code === "answer.malformed") return undefined;
    throw error;
  }
}
