/** What an organisation has, as flows. */
import { mapLimit } from "async";
import type { FoundObject } from "../importing/find.js";
import { answeredFrom } from "../importing/listed.js";
import type { Place } from "../lifecycle/drawing.js";
import type { NamesById } from "../lifecycle/inPrograms.js";
import type { KindStep } from "../lifecycle/kind.js";
import { unlessMissing } from "../step.js";
import { type Changing, type Flow, flowOf } from "./flow.js";

/** Objects that are read at once. */
const AT_ONCE = 8;

/**
 * The objects that were found, read from what their lists have shown, what they refer to by its name. What was deleted
 * meanwhile is left out.
 */
export async function flowsOfOrganisation(
  objects: readonly FoundObject[],
  steps: readonly KindStep[],
): Promise<Flow[]> {
  const ofKinds = await Promise.all(steps.map((step) => flowsOfKind(objects, step)));
  return ofKinds.flat();
}

async function flowsOfKind(objects: readonly FoundObject[], step: KindStep): Promise<Flow[]> {
  const { kind, api, context, budget } = step;
  const shown = objects.filter((object) => object.kind === kind).map((object) => object.shown);
  if (shown.length === 0) return [];
  const reading = (await answeredFrom(kind, shown, api)).api(context.client, budget);
  const names = (await kind.inPrograms.namesOf?.(context.client, budget)) ?? {};
  const flows = await mapLimit(shown, AT_ONCE, async ({ id, name }: (typeof shown)[number]) => {
    const observed = await unlessMissing(reading.get(String(id)));
    if (observed === undefined) return undefined;
    return named(flowOf({ kind, name, change: "same", after: observed.fields }), names);
  });
  return flows.filter((flow) => flow !== undefined);
}

/** The places by the names that people know. */
function named(flow: Flow, names: Readonly<Record<string, NamesById>>): Flow {
  const inWords = (places: Changing<Place>[]) =>
    places.map((place) => {
      const name = names[place.word]?.get(place.id);
      return name === undefined || name === place.id ? place : { ...place, name };
    });
  return { ...flow, from: inWords(flow.from), to: inWords(flow.to) };
}
