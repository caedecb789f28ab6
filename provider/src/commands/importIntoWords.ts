/** What `import --into` says of each resource, and asks. */

import { importLine } from "../importing/importLine.js";
import type { Fate } from "../importing/into/fate.js";
import { CAN_BE_SAID, DONE } from "../importing/into/fate.js";
import { type Candidate, isKeyUntold } from "../importing/into/matching.js";
import type { Settled } from "../importing/into/settling.js";
import { countsOf } from "../importing/kindWords.js";
import { resourceName } from "../lifecycle/autoKey.js";
import { sayPlaces } from "../lifecycle/differences.js";
import { MOST } from "../limits.js";
import { inQuotes } from "../printable.js";
import { print, printTable, remark } from "./output.js";

const isDone = ({ fate }: Settled): boolean => DONE.includes(fate);

/** The object that was found for it. */
const foundFor = ({ match: { free }, fate }: Settled): Candidate | undefined =>
  DONE.includes(fate) ? free[0] : undefined;

/** What `--json` tells. */
export const settledForPrograms = (
  settled: readonly Settled[],
  leftOut: ReadonlySet<string>,
  file: string,
): object => ({
  completed: settled.filter(isDone).map((each) => ({
    ...told(each),
    name: foundFor(each)?.name,
    id: foundFor(each)?.id,
    differs: each.completed?.differs,
    replaces: each.completed?.replaces,
    notCompared: each.completed?.untold,
  })),
  open: settled.filter((each) => !isDone(each) && !leftOut.has(each.entry.name)).map(withReason),
  leftOut: settled.filter(({ entry }) => leftOut.has(entry.name)).map(withReason),
  file,
});

const told = ({ entry: { name, kind, urn } }: Settled) => ({ resource: name, kind: kind.noun, urn });

const withReason = (each: Settled) => ({
  ...told(each),
  reason: reasonOf(each),
  candidates: each.match.free.map(({ id, name }) => ({ id, name })),
});

/** Shows what is complete. */
export function showSettled(settled: readonly Settled[]): void {
  const done = settled.filter(isDone);
  if (done.length === 0) print("nothing was completed");
  else
    printTable(
      ["RESOURCE", "KIND", "NAME", "ID"],
      done.map((each) => {
        const { name = "", id = "" } = foundFor(each) ?? {};
        return [each.entry.name, each.entry.kind.noun, inQuotes(name), id];
      }),
    );
}

/** Says where the organisation has something else than the program, and what cannot be told. */
export function sayDifferences({ entry, completed }: Settled): void {
  if (completed === undefined) return;
  const { differs, replaces, untold } = completed;
  const name = inQuotes(entry.name);
  const next = replaces.length > 0 ? "" : '; the next "pulumi up" brings it to what the program asks for';
  if (differs.length > 0) remark(`differs: ${name} in ${sayPlaces(differs)}${next}`);
  if (replaces.length > 0)
    remark(
      `warning: no update can change ${replaces.join(" and ")} of ${name}: the next "pulumi up" would delete it and make another one`,
    );
  if (untold.length > 0)
    remark(
      `not compared: ${name} in ${untold.join(", ")}, secret in the program or not known before the update`,
    );
}

/** Says why one is not complete. */
export function sayOpen(each: Settled, isLeftOut: boolean): void {
  const made = each.match.taken.length > 0 ? "another one" : "it";
  const next = isLeftOut && each.fate === "MISSING" ? `; the next "pulumi up" makes ${made}` : "";
  remark(`${isLeftOut ? "left out" : "open"}: ${inQuotes(each.entry.name)}: ${reasonOf(each)}${next}`);
}

/** Asks which object one is. */
export const questionFor = (each: Settled): string =>
  `${inQuotes(each.entry.name)}: ${reasonOf(each)}. The id of the ${each.entry.kind.noun} (Enter: leave it open): `;

const REASONS: Readonly<Record<Fate, (each: Settled) => string>> = {
  COMPLETE: () => "",
  KEEP: () => "",
  "IN THE STACK": () => "the stack has it already",
  "NOT ASKED FOR": () => "the program does not have it, so that the next update would delete it",
  "OTHER PROVIDER": ({ entry }) =>
    `it goes through the provider ${inQuotes(String(entry.provider))}, and only what goes by the stack's own settings is looked for: take its entry out of the file, and give the resource the option import`,
  SEVERAL: ({ entry, match: { free } }) => `several ${entry.kind.noun}s could be meant: ${sayAll(free)}`,
  HELD: ({ match: { held } }) =>
    held
      .slice(0, 1)
      .map((each) => `${sayOne(each)} is in the stack already, as ${inQuotes(String(each.resource))}`)
      .join(),
  SHARED: ({ match: { free, rivals } }) =>
    `${sayAll(free)} could be meant by ${rivals.map((name) => inQuotes(name)).join(", ")}, too`,
  UNFIT: ({ match: { free }, problems = [] }) =>
    `${sayAll(free)} cannot be described by a program: ${problems.join("; ")}`,
  MISSING: (each) => sayMissing(each),
};

const reasonOf = (each: Settled): string => REASONS[each.fate](each);

const sayOne = ({ name, id }: Candidate): string => `${inQuotes(name)} (${id})`;

function sayAll(candidates: readonly Candidate[]): string {
  const more = candidates.length - MOST.fieldsNamed;
  return candidates.slice(0, MOST.fieldsNamed).map(sayOne).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

function sayMissing({ entry: { kind, urn }, id, inputs, match: { taken } }: Settled): string {
  if (id !== undefined) return `there is no ${kind.noun} with the id ${inQuotes(id)}`;
  const { field } = kind.key;
  if (isKeyUntold({ kind, inputs }))
    return `no ${kind.noun} is looked for by its ${field}, secret in the program or not known before the update`;
  const words = inputs.__autonamed === true ? resourceName(urn) : inputs[field];
  const [first] = taken;
  const others =
    first === undefined
      ? `there is no ${kind.noun}`
      : `${sayOne(first.candidate)} is what ${inQuotes(first.by)} means, and there is no other ${kind.noun}`;
  return inputs.__autonamed === true
    ? `${others} that is called ${inQuotes(String(words))}, or so with a hyphen and 7 hex digits`
    : `${others} of the ${field} ${inQuotes(String(words))}`;
}

/** How it goes on. */
export function goingOn({
  settled,
  open,
  others,
  file,
  stack,
}: {
  settled: readonly Settled[];
  open: readonly Settled[];
  others: number;
  file: string;
  /** As it was given. */
  stack?: string;
}): string {
  const done = settled.filter(isDone).map(({ entry }) => entry);
  const counts = done.length === 0 ? "nothing is" : `${countsOf(done)} ${done.length === 1 ? "is" : "are"}`;
  const rest = others === 0 ? "" : ` What is of other packages (${others}) is as it was.`;
  const isSayable = open.some(({ fate }) => CAN_BE_SAID.includes(fate));
  const way = isSayable
    ? ": say an id with --id NAME=ID, or take out what is not there with --leave-out"
    : "";
  const left = open.length === 0 ? "" : ` ${open.length} still open${way}.`;
  const next =
    done.length === 0
      ? ""
      : ` ${open.length === 0 ? "Now" : "Once none is open"}: ${importLine(file, stack)}`;
  return `${counts} complete in ${file}.${rest}${left}${next}`;
}
