/** What a picture shows: for each object, where its events come from, what lets them through, and where they go. */
import type { Drawn, Place } from "../lifecycle/drawing.js";
import type { Kind } from "../lifecycle/kind.js";

/** What becomes of something. */
export type Change = "same" | "added" | "changed" | "replaced" | "removed";

/** Something that can come, stay or go. */
export type Changing<T> = T & { change: Change };

/** One object, and the way of its events. */
export interface Flow {
  noun: string;
  /** What it is called. */
  name: string;
  change: Change;
  note?: string;
  from: Changing<Place>[];
  through: string[];
  to: Changing<Place>[];
}

/** An object before and after; one of the two is there. */
export interface Life {
  kind: Pick<Kind, "noun" | "draw">;
  name: string;
  change: Change;
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
}

/** The way of an object's events, what comes and what goes marked. */
export function flowOf({ kind, name, change, before, after }: Life): Flow {
  const [old, now] = [before, after].map((each) => each && kind.draw(each)) as [Drawn?, Drawn?];
  const shown = (now ?? old) as Drawn;
  const both = (places: (drawn: Drawn) => Place[]) =>
    joined(
      old && places(old),
      now && places(now),
      change === "added" || change === "removed" ? change : "same",
    );
  return {
    noun: kind.noun,
    name,
    change,
    ...(shown.note === undefined ? {} : { note: shown.note }),
    from: both(({ from }) => from),
    through: shown.through,
    to: both(({ to }) => to),
  };
}

/** The places of both, each once; those that both have are of the change that all else is of. */
function joined(old: Place[] | undefined, now: Place[] | undefined, kept: Change): Changing<Place>[] {
  const has = (places: Place[] | undefined, place: Place) =>
    places === undefined || places.some((each) => placeKey(each) === placeKey(place));
  return [
    ...(now ?? []).map((place) => ({ ...place, change: has(old, place) ? kept : ("added" as const) })),
    ...(old ?? [])
      .filter((place) => !has(now, place) || now === undefined)
      .map((place) => ({ ...place, change: now === undefined ? kept : ("removed" as const) })),
  ];
}

/** The same for the same place. An event source is called the same in every account and region that has one. */
export const placeKey = ({ word, id, detail }: Pick<Place, "word" | "id" | "detail">): string =>
  JSON.stringify([word, id, detail]);

/** How many there are of each change that is one. */
function changesIn(flows: readonly Flow[]): Partial<Record<Change, number>> {
  const counts: Partial<Record<Change, number>> = {};
  for (const { change } of flows) if (change !== "same") counts[change] = (counts[change] ?? 0) + 1;
  return counts;
}

/** The order in which changes are counted and, where not everything is shown, what is shown first. */
export const CHANGES = [
  "added",
  "changed",
  "replaced",
  "removed",
  "same",
] as const satisfies readonly Change[];

/** `2 added, 1 removed`; empty where nothing changes. */
export function sayChanges(flows: readonly Flow[]): string {
  const counts = changesIn(flows);
  return CHANGES.filter((change) => counts[change] !== undefined)
    .map((change) => `${counts[change]} ${change}`)
    .join(", ");
}
