/**
 * What a program cannot hold, and would be another value when it is sent to the API: numbers that run into each other,
 * halves of characters, and what nests without end. One rule for what programs ask for and for what the API shows.
 */
import { Unholdable } from "./genesys/exactJson.js";
import { pathText } from "./genesys/shape.js";
import { MOST_PROBLEMS, shortened } from "./problems.js";

/** The deepest value of ours is in `filters[0].conditions[0].value`, at five. */
const DEEPEST = 16;

/** A value that no program can hold. */
export interface Unheld {
  /** Such as `filters[0].conditions[0].value`. */
  path: string;
  kind: "number" | "text" | "depth" | "answer";
  /** What is wrong with it, such as `is a number beyond …`. Never the value. */
  reason: string;
  /** The value, which may be a secret. */
  text: string;
}

interface Place {
  value: unknown;
  key?: PropertyKey;
  parent?: Place;
  depth: number;
}

/** Everything in a value that no program can hold, in its order; the first of it where there is very much. */
export function unheldIn(value: unknown): Unheld[] {
  const found: Unheld[] = [];
  // A stack of our own: whoever nests without end would use up the engine's.
  const open: Place[] = [{ value, depth: 0 }];
  for (let place = open.pop(); place !== undefined && found.length < MOST_PROBLEMS; place = open.pop()) {
    const trouble = troubleWith(place);
    if (trouble !== undefined) found.push({ path: pathOf(place), ...trouble, text: shown(place.value) });
    else if (isComposite(place.value)) {
      const inside = Object.entries(place.value);
      for (const [key, each] of inside.reverse())
        open.push({
          value: each,
          key: Array.isArray(place.value) ? Number(key) : key,
          parent: place,
          depth: place.depth + 1,
        });
    }
  }
  return found;
}

const isComposite = (value: unknown): value is object => typeof value === "object" && value !== null;

function troubleWith({ value, depth }: Place): Pick<Unheld, "kind" | "reason"> | undefined {
  if (value instanceof Unholdable) return { kind: "answer", reason: value.why };
  if (typeof value === "number" && !Number.isFinite(value))
    return { kind: "number", reason: "is no finite number" };
  if (typeof value === "number" && Math.abs(value) > Number.MAX_SAFE_INTEGER)
    return {
      kind: "number",
      reason: `is a number beyond ${Number.MAX_SAFE_INTEGER}, where one cannot be told from the next`,
    };
  if (typeof value === "string" && !value.isWellFormed())
    return { kind: "text", reason: "has half of a character in it, which nothing can keep" };
  if (isComposite(value) && depth > DEEPEST)
    return { kind: "depth", reason: `is nested deeper than ${DEEPEST} levels` };
  return undefined;
}

function pathOf(place: Place): string {
  const keys: PropertyKey[] = [];
  for (let at: Place | undefined = place; at?.key !== undefined; at = at.parent) keys.unshift(at.key);
  return pathText(keys);
}

function shown(value: unknown): string {
  if (isComposite(value)) return value instanceof Unholdable ? value.text : "…";
  const cut = shortened(String(value));
  return typeof value === "string" ? JSON.stringify(cut) : cut;
}

/** The API shows an object that no program can describe. The message names no value: any may be a secret. */
export class UnheldError extends Error {
  constructor(
    what: string,
    readonly unheld: readonly Unheld[],
  ) {
    const troubles = unheld.map(({ path, reason }) => `${path} ${reason}`).join("; ");
    super(
      `${what} bears what no program can hold, and it is not taken for something else: ${troubles}. Change it in the organisation.`,
    );
    this.name = "UnheldError";
  }
}
