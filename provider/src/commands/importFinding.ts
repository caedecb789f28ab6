/** Finds what an import is about, and says what is not as it was meant. */
import { type Forbidden, type FoundObject, findObjects, type Wanted } from "../importing/find.js";
import { nounsOf, pluralsOf } from "../importing/kindWords.js";
import type { Kind, KindStep } from "../lifecycle/kind.js";
import { CommandError } from "./failure.js";
import { progressLine, remark } from "./output.js";

/** Pages of a list between two lines about it, where there is no terminal. */
const PAGES_A_LINE = 10;

/** What a command does where the OAuth client may not read a kind: whether it can do without, or leave it out by an option. */
export type WhereForbidden = "end" | "end, or --kind" | "go on";

/**
 * @returns what there is, and the kinds that were looked for: not those that the organisation does not offer, or hides.
 * @throws CommandError where something that was asked for by name or id is not there, none of the kinds is offered, or
 * one may not be read that the command needs.
 */
export async function findAll(
  wanted: Wanted,
  steps: readonly KindStep[],
  whereForbidden: WhereForbidden,
): Promise<{ objects: FoundObject[]; offered: Kind[] }> {
  const progress = progressLine(PAGES_A_LINE);
  const { objects, missing, uncertain, notOffered, forbidden } = await findObjects(
    steps,
    wanted,
    ({ noun }) =>
      (seen, total) =>
        progress.show(`listed ${seen}${total === undefined ? "" : ` of ${total}`} ${noun}s`),
  ).finally(progress.done);
  const kinds = steps.map(({ kind }) => kind);
  const isForbidden = (kind: Kind) => forbidden.some((each) => each.kind === kind);
  const offered = kinds.filter((kind) => !notOffered.includes(kind) && !isForbidden(kind));
  if (forbidden.length > 0) sayForbidden(forbidden, offered, whereForbidden);
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
  return { objects, offered };
}

/** @throws CommandError where the command cannot do without them. */
function sayForbidden(
  forbidden: readonly Forbidden[],
  readable: readonly Kind[],
  where: WhereForbidden,
): void {
  const plurals = pluralsOf(forbidden.map(({ kind }) => kind));
  if (where === "go on" && readable.length > 0) {
    const why = forbidden.map(({ error }) => error.message).join(" ");
    remark(`warning: no ${plurals} are among them, which the OAuth client may not read: ${why}`);
    return;
  }
  const each = forbidden.map(
    ({ kind, error }) => `the OAuth client may not read ${kind.noun}s: ${error.message}`,
  );
  const others = ` Or leave ${plurals} out, with --kind ${nounsOf(readable)}`;
  const isWayOut = where === "end, or --kind" && readable.length > 0;
  throw new CommandError(`${each.join(" And ")}${isWayOut ? others : ""}`);
}
