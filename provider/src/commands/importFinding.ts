/** Finds what an import is about, and says what is not as it was meant. */
import { type FoundObject, findObjects, type Wanted } from "../importing/find.js";
import { pluralsOf } from "../importing/kindWords.js";
import type { KindStep } from "../lifecycle/kind.js";
import { CommandError } from "./failure.js";
import { progressLine, remark } from "./output.js";

/** Pages of a list between two lines about it, where there is no terminal. */
const PAGES_A_LINE = 10;

/** @throws CommandError where something that was asked for by name or id is not there, or none of the kinds is offered. */
export async function findAll(wanted: Wanted, steps: readonly KindStep[]): Promise<FoundObject[]> {
  const progress = progressLine(PAGES_A_LINE);
  const { objects, missing, uncertain, notOffered } = await findObjects(
    steps,
    wanted,
    ({ noun }) =>
      (seen, total) =>
        progress.show(`listed ${seen}${total === undefined ? "" : ` of ${total}`} ${noun}s`),
  ).finally(progress.done);
  const kinds = steps.map(({ kind }) => kind);
  const offered = kinds.filter((kind) => !notOffered.includes(kind));
  if (offered.length === 0)
    throw new CommandError(
      `this organisation offers no ${pluralsOf(kinds, "and no")}: "genesyscloud-eventbridge doctor" tells what it offers`,
    );
  if (missing.length > 0) throw new CommandError(`there is ${missing.join(", and ")}`);
  if (notOffered.length > 0)
    remark(
      `this organisation offers no ${pluralsOf(notOffered)}: only ${pluralsOf(offered)} were looked for`,
    );
  if (uncertain.length > 0)
    remark(
      `warning: the list of ${pluralsOf(uncertain)} changed each time that it was read: run the same command again for what it may have hidden`,
    );
  if (objects.length === 0) remark(`the organisation has no ${pluralsOf(offered, "and no")}`);
  return objects;
}
