/** How a create begins: whether there is something to go on with, by table C. */

import type { CreateRecord } from "../createRecord.js";
import { eventually, type Step, unlessStopped } from "../step.js";
import { SETTLES_WITHIN_MS } from "../waits.js";
import { BEGINNING } from "./createTables.js";
import { lookUpInStacks } from "./held.js";
import type { Inputs } from "./inputs.js";
import { type KindStep, keyOf } from "./kind.js";
import { findLive } from "./look.js";
import { tri } from "./ownership.js";
import { isAbout } from "./recognise.js";
import { accepted, idOf, phaseOf } from "./record.js";
import { decide, observeAndDecide } from "./table.js";

/**
 * What an earlier run has made, or has begun to make, for this very resource without the stack knowing of it (table C).
 *
 * @param replaced the key of what is being replaced, or was deleted to be, as far as it is known.
 */
export async function recordToResume(
  inputs: Inputs,
  replaced: string | undefined,
  step: KindStep,
): Promise<CreateRecord | undefined> {
  const { context, kind } = step;
  const { __urn: urn } = inputs;
  const before = urn === undefined ? undefined : await context.journal.find(urn);
  if (urn === undefined || before === undefined) return undefined;
  let record = before;
  const beginning = await observeAndDecide(BEGINNING, {
    record: phaseOf(record),
    key: isOfSameKey(record, inputs, step) ? "the one asked for" : "another",
    isReplaced: record.name === replaced ? "yes" : "no",
    look: async () => {
      const ended = await eventually(step, () => findLive(before.name, step));
      const object = unlessStopped(ended, "what an earlier POST has made");
      if (object?.id === undefined || !isAbout(kind, before, object)) return "nothing";
      record = accepted(before, { objectId: object.id });
      return "it";
    },
    inStack: async () => {
      const id = idOf(record);
      // Of what was not answered the stack may know the job alone, and the name.
      const known = before.phase === "posting" ? before.name : undefined;
      if (id === undefined) return "unknown";
      return tri(await lookUpInStacks(context.stack, urn, id, known));
    },
    mayArrive: () => mayArrive(before, step),
  });
  if (beginning !== "RESUME") return undefined;
  if (record !== before) await context.journal.write(record);
  return record;
}

/** What was posted under a token is found by that, whatever key it was to get. */
const isOfSameKey = ({ name }: CreateRecord, inputs: Inputs, { kind }: KindStep): boolean =>
  kind.token !== undefined || name === keyOf(kind, inputs);

/** Whether what a record tells of may still come about, as far as lists can tell. */
function mayArrive({ until }: CreateRecord, { context }: Step): "yes" | "no" {
  const { earliest } = context.client.clock.at(context.now());
  return until === undefined || until + SETTLES_WITHIN_MS > earliest ? "yes" : "no";
}

/** Whether what an earlier run has posted under another key must not be forgotten for what is posted now. */
export const mustBeSetAside = (before: CreateRecord, inputs: Inputs, step: KindStep): boolean =>
  decide(BEGINNING, {
    record: phaseOf(before),
    key: isOfSameKey(before, inputs, step) ? "the one asked for" : "another",
    isReplaced: "no",
    look: "nothing",
    inStack: "no",
    mayArrive: mayArrive(before, step),
  }) === "SET ASIDE, POST";
