/** Settles what becomes of each entry of a file: what it means, and what is written of that. */
import { mapLimit } from "async";
import type { Properties } from "../../lifecycle/inputs.js";
import type { Kind, KindStep } from "../../lifecycle/kind.js";
import { observeAndDecide } from "../../lifecycle/table.js";
import type { Asked } from "./asked.js";
import { type Completed, complete } from "./completing.js";
import { ENTRY, type EntryFacts, type Fate } from "./fate.js";
import { type Candidate, type Match, match } from "./matching.js";
import type { OurEntry } from "./unfinishedFile.js";

/** An entry, and what becomes of it. */
export interface Settled {
  entry: OurEntry;
  fate: Fate;
  /** With names of the file where a match has URNs. */
  match: Match;
  /** The id that was said, or that is in the file. */
  id: string | undefined;
  /** What the program asks for; nothing where it does not have it. */
  inputs: Properties;
  /** What there is of it, where that was read. */
  completed?: Completed;
  /** Why no program can describe it. */
  problems?: readonly string[];
}

/** What entries are settled with. */
export interface Known {
  askedFor(urn: string): Asked;
  /** Ids that somebody has said, by the entry's name. */
  said: ReadonlyMap<string, string>;
  candidates: readonly Candidate[];
  /** Every kind, reading from what its list has shown. */
  kinds: ReadonlyMap<Kind, Kind>;
  steps: readonly KindStep[];
}

/** Objects that are read at once. */
const AT_ONCE = 8;

/** What becomes of each, in their order. */
export async function settle(entries: readonly OurEntry[], known: Known): Promise<Settled[]> {
  const { askedFor, said, candidates } = known;
  const sought = entries.map((entry) => {
    const asked = askedFor(entry.urn);
    const id = said.get(entry.name) ?? entry.id;
    return { ...entry, entry, asked, id, inputs: typeof asked === "string" ? {} : asked.inputs };
  });
  // What is nothing of this stack's settings, or nothing to be imported, takes no object from the others.
  const isMeant = ({ asked, provider }: (typeof sought)[number]) =>
    typeof asked !== "string" && provider === undefined;
  const meant = sought.filter(isMeant);
  const matches = match(meant, candidates);
  return mapLimit(sought, AT_ONCE, async (each: (typeof sought)[number]) => {
    const found = matches[meant.indexOf(each)] ?? { free: [], held: [], rivals: [], taken: [] };
    return settleOne(each, asTheFileHas(found, entries), known);
  });
}

/** With the names of the file in the place of URNs: there no two are called the same. */
function asTheFileHas(found: Match, entries: readonly OurEntry[]): Match {
  const nameOf = (urn: string) => entries.find((each) => each.urn === urn)?.name ?? urn;
  return {
    ...found,
    rivals: found.rivals.map(nameOf),
    taken: found.taken.map(({ candidate, by }) => ({ candidate, by: nameOf(by) })),
  };
}

async function settleOne(
  { entry, asked, id, inputs }: { entry: OurEntry; asked: Asked; id: string | undefined; inputs: Properties },
  found: Match,
  { said, kinds, steps }: Known,
): Promise<Settled> {
  const settled: Omit<Settled, "fate"> = { entry, match: found, id, inputs };
  const fate = await observeAndDecide(ENTRY, {
    program: STANDINGS.get(asked) ?? "asks for it",
    provider: entry.provider === undefined ? "the stack's" : "one of its own",
    id: said.has(entry.name) ? "said" : idIn(entry),
    free: (["none", "one"] as const)[found.free.length] ?? "several",
    others: ownersOf(found),
    object: () => read(settled, kinds, steps),
  });
  return { ...settled, fate };
}

const STANDINGS = new Map<Asked, EntryFacts["program"]>([
  ["in the stack already", "has it in the stack"],
  ["not asked for", "does not have it"],
]);

const idIn = ({ id, isWhole }: OurEntry): EntryFacts["id"] =>
  isWhole ? "whole" : id === undefined ? "open" : "in the file";

const ownersOf = ({ rivals, held }: Match): EntryFacts["others"] =>
  rivals.length > 0 ? "another entry's" : held.length > 0 ? "the stack's" : "nobody's";

/** Reads the only object that is meant, and keeps what that has come to. */
async function read(
  settled: Omit<Settled, "fate">,
  kinds: ReadonlyMap<Kind, Kind>,
  steps: readonly KindStep[],
): Promise<EntryFacts["object"]> {
  const { entry, match: found, inputs } = settled;
  const [only] = found.free as [Candidate];
  const { context } = steps.find(({ kind }) => kind === entry.kind) as KindStep;
  const kind = kinds.get(entry.kind) as Kind;
  const result = await complete(kind, context, { id: only.id, urn: entry.urn, asked: inputs });
  if (result === "gone") return "gone";
  if ("problems" in result) {
    settled.problems = result.problems;
    return "no program can have it";
  }
  settled.completed = result;
  return "a program can have it";
}
