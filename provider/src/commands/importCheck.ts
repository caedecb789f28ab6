/** `import --check`: what an organisation has that no stack does, for a job that runs at night. */
import type { Wanted } from "../importing/find.js";
import { countsOf, nounsOf } from "../importing/kindWords.js";
import { type Named, sortOut } from "../importing/managed.js";
import { KINDS } from "../kinds.js";
import type { Kind, KindStep } from "../lifecycle/kind.js";
import { inQuotes } from "../printable.js";
import { findAll } from "./importFinding.js";
import { print, printJson, printTable, remark } from "./output.js";
import { readStack } from "./pulumiCli.js";

/**
 * Lists what is in none of the stacks; the exit code is 1 where there is any.
 *
 * @param stacks names as the Pulumi CLI takes them; none: the selected stack.
 */
export async function checkManaged(
  wanted: Wanted,
  steps: readonly KindStep[],
  { stacks, json }: { stacks: readonly string[]; json: boolean },
): Promise<void> {
  const read = await readStacks(stacks);
  const names = read.map(({ name }) => name);
  const { objects, offered } = await findAll(wanted, steps, "end, or --kind");
  const resources = read.flatMap((each) => each.resources);
  const { managed, unmanaged } = sortOut(objects, resources, steps);
  if (json) printJson(forPrograms(unmanaged, names));
  else show(unmanaged, offered);
  const where = names.length === 1 ? `the stack ${names[0]}` : `any of the stacks ${names.join(", ")}`;
  if (unmanaged.length > 0) {
    remark(
      `${countsOf(unmanaged)} of the organisation ${unmanaged.length === 1 ? "is" : "are"} not in ${where}: bring in what belongs there with "genesyscloud-eventbridge import"`,
    );
    process.exitCode = 1;
  } else if (managed.length > 0) remark(`all that was found is in ${where}: ${countsOf(managed)}`);
}

/** One after the other: a file of state is locked while it is read. */
async function readStacks(stacks: readonly string[]) {
  const read = [];
  for (const stack of stacks.length === 0 ? [undefined] : stacks) read.push(await readStack({ stack }));
  return read;
}

function show(unmanaged: readonly Named[], lookedFor: readonly Kind[]): void {
  if (unmanaged.length === 0) print(`no ${nounsOf(lookedFor)} that no stack has`);
  else
    printTable(
      ["KIND", "NAME", "ID"],
      unmanaged.map(({ kind, name, id }) => [kind.noun, inQuotes(name), id]),
    );
}

const forPrograms = (unmanaged: readonly Named[], stacks: readonly string[]) => ({
  ...Object.fromEntries(KINDS.map((kind) => [`${kind.noun}s`, ofKind(kind, unmanaged)])),
  stacks,
});

const ofKind = (wanted: Kind, all: readonly Named[]) =>
  all.filter(({ kind }) => kind === wanted).map(({ name, id }) => ({ name, id }));
