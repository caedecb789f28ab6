/** How a create begins: whether there is something to go on with, by table C. */
import { BEGINNING } from "../lifecycle/decide.js";
import { tri } from "../lifecycle/ownership.js";
import { accepted, type CreateRecord, idOf, phaseOf } from "../lifecycle/record.js";
import { decide, observeAndDecide } from "../lifecycle/table.js";
import { eventually, SETTLES_WITHIN_MS, type Step } from "../step.js";
import { sourceApi } from "./api.js";
import type { SourceInputs } from "./model.js";
import { isAbout } from "./ours.js";

/**
 * What an earlier run has made, or has begun to make, for this very resource without the stack knowing of it (table C).
 *
 * @param replaced the name of what is being replaced, or was deleted to be, as far as it is known.
 */
export async function recordToResume(
  inputs: SourceInputs,
  replaced: string | undefined,
  step: Step,
): Promise<CreateRecord | undefined> {
  const { context } = step;
  const { __urn: urn, name } = inputs;
  const before = urn === undefined ? undefined : await context.journal.find(urn);
  if (urn === undefined || before === undefined) return undefined;
  let record = before;
  const beginning = await observeAndDecide(BEGINNING, {
    record: phaseOf(record),
    key: record.name === name ? "the one asked for" : "another",
    isReplaced: record.name === replaced ? "yes" : "no",
    look: async () => {
      const api = sourceApi(context.client, step.budget);
      const source = await eventually(step, () => api.findLive(before.name));
      if (source?.source_id === undefined || !isAbout(before, source)) return "nothing";
      record = accepted(before, { objectId: source.source_id });
      return "it";
    },
    inStack: async () => {
      const id = idOf(record);
      // Of what was not answered the stack may know the job alone, and the name.
      const known = before.phase === "posting" ? before.name : undefined;
      return tri(id === undefined ? undefined : await context.stack.holds(urn, id, known));
    },
    mayArrive: () => mayArrive(before, step),
  });
  if (beginning !== "RESUME") return undefined;
  if (record !== before) await context.journal.write(record);
  return record;
}

/** Whether what a record tells of may still come about, as far as lists can tell. */
function mayArrive({ until }: CreateRecord, { context }: Step): "yes" | "no" {
  const { earliest } = context.client.clock.at(context.now());
  return until === undefined || until + SETTLES_WITHIN_MS > earliest ? "yes" : "no";
}

/** Whether what an earlier run has posted under another name must not be forgotten for what is posted now. */
export const mustBeSetAside = (before: CreateRecord, inputs: SourceInputs, step: Step): boolean =>
  decide(BEGINNING, {
    record: phaseOf(before),
    key: before.name === inputs.name ? "the one asked for" : "another",
    isReplaced: "no",
    look: "nothing",
    inStack: "no",
    mayArrive: mayArrive(before, step),
  }) === "SET ASIDE, POST";
