/** Which objects of the organisation the entries of a file mean. */
import { isAutomatic, resourceName } from "../../lifecycle/autoKey.js";
import type { Properties } from "../../lifecycle/inputs.js";
import type { Kind } from "../../lifecycle/kind.js";
import { isTold } from "./asked.js";

/** An object that an entry may mean. */
export interface Candidate {
  kind: Kind;
  id: string;
  name: string;
  /** The field that no two objects share; `undefined` where the platform does not tell it. */
  key: string | undefined;
  /** The resource of the stack that has it already. */
  resource?: string;
}

/** What is looked for. */
export interface Sought {
  kind: Kind;
  urn: string;
  /** The id that somebody has given it. */
  id?: string | undefined;
  /** What the program asks for. */
  inputs: Properties;
}

/** What was found for one. */
export interface Match {
  /** Objects that answer to it, and that the stack does not have. */
  free: Candidate[];
  /** Those that answer to it, and belong to another resource of the stack. */
  held: Candidate[];
  /** The URNs of those that a free one answers to as much. */
  rivals: string[];
  /** Those that answer to it, and that another one means more surely, with the URN of that. */
  taken: { candidate: Candidate; by: string }[];
}

/** Whether an object is what is sought; `false` in every way that does not go for what is sought. */
type Way = (sought: Sought, candidate: Candidate) => boolean;

/**
 * From the surest to the least sure. What is found in one way is looked for in no other, and what it has found nobody
 * finds in a less sure one.
 */
const WAYS: readonly Way[] = [
  ({ id }, candidate) => id === candidate.id,
  (sought, { key }) => isBySearch(sought) && keyGiven(sought) !== undefined && keyGiven(sought) === key,
  (sought, { name }) => isByName(sought) && givenIn(sought, "name") === name,
  (sought, { name, key }) => isByName(sought) && [name, key].includes(resourceName(sought.urn)),
  (sought, { kind, key }) => isByName(sought) && isAutomatic(kind, sought.urn, key),
];

/** Whoever has given an id means that object and no other. */
const isBySearch = ({ id }: Sought): boolean => id === undefined;
/** A key that the program gives says which object it is: another name does not make it another. */
const isByName = (sought: Sought): boolean =>
  isBySearch(sought) && keyGiven(sought) === undefined && !isKeyUntold(sought);

/**
 * Whether the program gives a key that the preview does not tell, and that no update can change: what is found by a name and
 * has another key, the next update would delete.
 */
export const isKeyUntold = ({ kind, inputs }: Pick<Sought, "kind" | "inputs">): boolean =>
  kind.replacing.includes(kind.key.field) && inputs.__autonamed !== true && !isTold(inputs[kind.key.field]);

const keyGiven = (sought: Sought): unknown => givenIn(sought, sought.kind.key.field);

/** What the program gives itself, as far as the preview tells it. */
function givenIn({ kind, inputs }: Sought, field: string): unknown {
  const derived = [
    ...(inputs.__autonamed === true ? [kind.key.field] : []),
    ...((inputs.__automatic ?? []) as readonly string[]),
  ];
  const value = inputs[field];
  return derived.includes(field) || !isTold(value) ? undefined : value;
}

/** What each of those that are sought means, in their order. */
export function match(sought: readonly Sought[], candidates: readonly Candidate[]): Match[] {
  const matches = sought.map((): Match => ({ free: [], held: [], rivals: [], taken: [] }));
  const open = new Set(sought.keys());
  const takers = new Map<Candidate, string>();
  for (const way of WAYS) {
    const found = [...open].map((index) => {
      const all = candidates.filter((each) => answers(way, sought[index] as Sought, each));
      const left = all.filter((each) => !takers.has(each));
      const free = left.filter(({ resource }) => resource === undefined);
      const taken = all.flatMap((candidate) => {
        const by = takers.get(candidate);
        return by === undefined ? [] : [{ candidate, by }];
      });
      return { index, free, held: left.filter((each) => !free.includes(each)), taken };
    });
    for (const { index, free, held, taken } of found) {
      const rivals = found.filter(
        (each) => each.index !== index && each.free.some((other) => free.includes(other)),
      );
      const before = matches[index] as Match;
      const urns = rivals.map((each) => (sought[each.index] as Sought).urn);
      matches[index] = {
        ...{ free, rivals: urns },
        held: [...before.held, ...held],
        taken: [...before.taken, ...taken],
      };
      if (free.length > 0) open.delete(index);
      for (const each of free) takers.set(each, (sought[index] as Sought).urn);
    }
  }
  return matches;
}

const answers = (way: Way, sought: Sought, candidate: Candidate): boolean =>
  sought.kind === candidate.kind && way(sought, candidate);
