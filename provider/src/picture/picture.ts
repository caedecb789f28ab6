/**
 * What of many flows a picture shows, and in which groups: few stand together, many by their topic, so that lines stay
 * short. Beyond a limit the rest of each group is one box with its count, and so are all topics of which none is shown. What
 * changes is shown first.
 */
import { sayCounts } from "../importing/kindWords.js";
import { byLetters } from "../importing/order.js";
import type { Place } from "../lifecycle/drawing.js";
import { CHANGES, type Change, type Changing, type Flow, placeKey, sayChanges } from "./flow.js";

/** A box. */
export interface Box {
  id: string;
  /** `from`, `to`: a place that events come from or go to; `object`: what sends them; `rest`: those that are not shown. */
  shape: "from" | "object" | "to" | "rest";
  label: string;
  detail?: string;
  change: Change;
}

/** A line from one box to another. */
export interface Line {
  from: string;
  to: string;
  /** What lets events through. */
  label?: string;
  change: Change;
}

/** What is drawn together. */
export interface Group {
  boxes: Box[];
  lines: Line[];
}

export interface Picture {
  /** What it shows, in words, such as `12 sources and 1 integration: 2 added`. */
  title: string;
  groups: Group[];
}

/** As many objects as can share their places before lines cross too often. */
const TOGETHER = 16;
/** As many places of one object as are shown on a side; the others are counted. */
const MOST_PLACES = 8;
/** The same of a rest. */
const MOST_PLACES_OF_REST = 4;
/** Names of filters on a line, in characters together. */
const LONGEST_FILTERS = 20;

/**
 * Draws flows.
 *
 * @param limit how many objects are shown, and one more of a group where it would be the only one left.
 */
export function pictureOf(flows: readonly Flow[], title: string, limit: number): Picture {
  const sorted = flows.toSorted(byChangeThenName);
  const shown = new Set(chosen(sorted, limit));
  const isFew = flows.length > 0 && flows.length <= Math.min(TOGETHER, limit);
  const isAnyShown = (group: readonly Flow[]) => group.some((flow) => shown.has(flow));
  const topics = byTopic(sorted);
  const others = topics.filter((group) => !isAnyShown(group)).flat();
  const groups = isFew ? [sorted] : [...topics.filter(isAnyShown), ...(others.length > 0 ? [others] : [])];
  return { title, groups: groups.map((group, index) => groupOf(group, shown, `g${index + 1}`)) };
}

const byChangeThenName = (a: Flow, b: Flow): number =>
  CHANGES.indexOf(a.change) - CHANGES.indexOf(b.change) ||
  byLetters(a.name, b.name) ||
  byLetters(a.noun, b.noun);

/** What changes first; of the rest as many of each topic as there is room for. */
function chosen(sorted: readonly Flow[], limit: number): Flow[] {
  const changing = sorted.filter(({ change }) => change !== "same").slice(0, limit);
  const queues = byTopic(sorted.filter(({ change }) => change === "same"));
  const inTurn: Flow[] = [];
  for (let round = 0; inTurn.length < sorted.length && round < sorted.length; round++)
    for (const queue of queues) inTurn.push(...queue.slice(round, round + 1));
  return [...changing, ...inTurn.slice(0, limit - changing.length)];
}

/** Those of one topic together, in the order of the first of each; one of several topics stands alone. */
function byTopic(sorted: readonly Flow[]): Flow[][] {
  const groups = new Map<string, Flow[]>();
  for (const flow of sorted) {
    const now = flow.from.filter(({ change }) => change !== "removed" || flow.change === "removed");
    const [topic, ...others] = now;
    const key = topic !== undefined && others.length === 0 ? placeKey(topic) : `${flow.noun} ${flow.name}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [flow]);
    else group.push(flow);
  }
  return [...groups.values()];
}

function groupOf(flows: readonly Flow[], shown: ReadonlySet<Flow>, prefix: string): Group {
  const drawing = new Drawing(prefix);
  const hidden = flows.filter((flow) => !shown.has(flow));
  // One has as much room as what would count it.
  const rest = hidden.length > 1 ? hidden : [];
  for (const flow of flows) if (rest.length === 0 || shown.has(flow)) drawing.object(flow);
  if (rest.length > 0) drawing.rest(rest, rest.length === flows.length);
  return drawing;
}

/** A group that is being drawn: every place once. */
class Drawing implements Group {
  readonly boxes: Box[] = [];
  readonly lines: Line[] = [];
  private readonly places = new Map<string, string>();

  constructor(private readonly prefix: string) {}

  object({ name, change, note, from, to, through }: Flow): void {
    const id = this.add({
      shape: "object",
      label: name,
      change,
      ...(note === undefined ? {} : { detail: note }),
    });
    const label = filtersText(through);
    this.join("from", id, from, label === undefined ? {} : { label });
    this.join("to", id, to);
  }

  /** One box in the place of many. @param areAll whether the group shows no other. */
  rest(flows: readonly Flow[], areAll: boolean): void {
    const changes = sayChanges(flows);
    const what = wordsFor(flows);
    const change = (["added", "changed", "replaced", "removed"] as const).find((each) =>
      flows.every((flow) => flow.change === each),
    );
    const id = this.add({
      shape: "rest",
      label: areAll ? what : what.replace(" ", " more "),
      change: change ?? "same",
      ...(changes === "" || change !== undefined ? {} : { detail: changes }),
    });
    for (const side of ["from", "to"] as const) {
      const places = new Map(flows.flatMap((flow) => flow[side]).map((place) => [placeKey(place), place]));
      this.join(
        side,
        id,
        [...places.values()].map((place) => ({ ...place, change: change ?? "same" })),
        { most: MOST_PLACES_OF_REST },
      );
    }
  }

  /** Lines between an object and its places; of many some are shown. */
  private join(
    side: "from" | "to",
    object: string,
    places: readonly Changing<Place>[],
    { label, most = MOST_PLACES }: { label?: string; most?: number } = {},
  ): void {
    // What changes comes first, then what is there already.
    const weight = (place: Changing<Place>) =>
      (place.change === "same" ? 2 : 0) + (this.places.has(side + placeKey(place)) ? 0 : 1);
    const inOrder = places.toSorted((a, b) => weight(a) - weight(b));
    const all = places.length <= most + 1 ? places : inOrder.slice(0, most);
    const line = (place: string, change: Change) =>
      this.lines.push({
        ...(side === "from" ? { from: place, to: object } : { from: object, to: place }),
        change,
        ...(label === undefined ? {} : { label }),
      });
    for (const place of all) line(this.place(side, place), place.change);
    const [hidden, ...others] = places.filter((place) => !all.includes(place));
    if (hidden === undefined) return;
    const isOne = others.every(({ change }) => change === hidden.change);
    const more = this.add({
      shape: side,
      label: `${others.length + 1} more ${hidden.word}s`,
      change: "same",
    });
    line(more, isOne ? hidden.change : "same");
  }

  private place(side: "from" | "to", place: Changing<Place>): string {
    const key = side + placeKey(place);
    const known = this.places.get(key);
    if (known !== undefined) return known;
    const { id, name, detail } = place;
    const more = name === undefined ? detail : id;
    // The place itself stays: what comes or goes is the line.
    const box = this.add({
      shape: side,
      label: name ?? id,
      change: "same",
      ...(more === undefined ? {} : { detail: more }),
    });
    this.places.set(key, box);
    return box;
  }

  private add(box: Omit<Box, "id">): string {
    const id = `${this.prefix}n${this.boxes.length + 1}`;
    this.boxes.push({ ...box, id });
    return id;
  }
}

/** `filters vip, premium`, of many some and a count; nothing where every event passes. */
function filtersText(names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  let count = 1;
  while (count < names.length && names.slice(0, count + 1).join(", ").length <= LONGEST_FILTERS) count++;
  const more = names.length - count;
  const named = names.slice(0, count).join(", ");
  return `filter${names.length === 1 ? "" : "s"} ${named}${more > 0 ? ` and ${more} more` : ""}`;
}

/** `12 sources and 1 integration`: of what there is most first. */
export const wordsFor = (flows: readonly Pick<Flow, "noun">[]): string =>
  sayCounts(flows.map(({ noun }) => noun));
