/**
 * Posts a source, or finds that it is there already and may be used: post, look, decide, act, until it is done.
 *
 * A POST whose answer was lost is never blindly repeated: what bears the name, is what was sent and was not there before is
 * taken for ours. When there is nothing of that name the POST is sent again, which a unique name makes safe.
 */
import { isAmbiguous, isNameTaken } from "../genesys/errors.js";
import { aboutToPost, accepted } from "../lifecycle/record.js";
import type { Step } from "../step.js";
import { sourceApi } from "./api.js";
import { mustBeSetAside } from "./begin.js";
import { sayName } from "./conflict.js";
import type { SourceInputs } from "./model.js";
import { fingerprintOf } from "./ours.js";
import { type Creation, type Posted, type Reply, settle } from "./reply.js";
import { toWire } from "./wire.js";

/**
 * How long after a POST whose answer was lost its source may come about to be known again, at least, in milliseconds: as
 * long as creates wait by default. What comes later may as well be another's.
 */
export const ARRIVES_WITHIN_MS = 10 * 60_000;

/** The version of what was made and not changed since. */
const FIRST_VERSION = 1;

/** What was posted just now, at the version that it then has. */
export const asPosted = (inputs: SourceInputs): SourceInputs & { version: number } => ({
  ...inputs,
  version: FIRST_VERSION,
});

/**
 * Posts the source, or uses what is there.
 *
 * @param replacing whether it takes the place of one of the same name: that one is never adopted.
 * @throws Error where the name is another's, or in the stack already.
 */
export async function ensurePosted(inputs: SourceInputs, replacing: boolean, step: Step): Promise<Posted> {
  const { context, budget } = step;
  const { __urn: urn } = inputs;
  const creation: Creation = {
    inputs,
    before: urn === undefined ? undefined : await context.journal.find(urn),
    replacing,
    api: sourceApi(context.client, budget),
    step,
    begun: context.now(),
    attempts: 0,
    answerLost: false,
  };
  if (inputs.onConflict === "adopt") {
    const used = await settle(creation, { kind: "unsent" });
    if (used !== "post") return used;
    // Making room takes its time.
    creation.begun = context.now();
  }
  await keepInSight(creation);
  for (;;) {
    const answer = await post(creation);
    if ("posted" in answer) return answer.posted;
    const used = await settle(creation, answer);
    if (used !== "post") return used;
  }
}

/** What an earlier run has posted under another name is not to be forgotten for what is posted now. */
async function keepInSight({ before, inputs, step }: Creation): Promise<void> {
  if (before === undefined || !mustBeSetAside(before, inputs, step)) return;
  await step.context.journal.setAside(before);
  step.context
    .log(inputs.__urn)
    .warn(
      `an earlier run has posted ${sayName(before)}, and what became of that is not certain: should it come about, "genesyscloud-eventbridge doctor" names it`,
    );
}

/** One POST: the journal has it before it is sent, and its job or id as soon as it is answered. */
async function post(creation: Creation): Promise<{ posted: Posted } | Reply> {
  const { inputs, before, api, begun } = creation;
  const { context, budget } = creation.step;
  const { __urn: urn, name } = inputs;
  const { clock } = context.client;
  const postedAt = clock.at(begun).earliest;
  const until = () => clock.at(Math.max(context.now() + budget.left(), begun + ARRIVES_WITHIN_MS)).latest;
  const record = (resource: string) =>
    aboutToPost(before, {
      urn: resource,
      name,
      postedAt,
      until: until(),
      fingerprint: fingerprintOf(inputs),
    });
  if (urn !== undefined) await context.journal.write(record(urn));
  creation.attempts += 1;
  try {
    // The specification creates in draft; the status asked for is brought about once the source is there.
    const posted: Posted = await api.create(toWire({ ...inputs, status: "draft" }));
    const { jobId, sourceId: objectId } = posted;
    if (urn !== undefined) await context.journal.write(accepted(record(urn), { jobId, objectId }));
    return { posted: { ...posted, __postedAt: postedAt, __until: until() } };
  } catch (error) {
    if (isNameTaken(error)) return { kind: "taken", error };
    if (isAmbiguous(error)) return { kind: "lost", error };
    return { kind: "refused", error };
  }
}
