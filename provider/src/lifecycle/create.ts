/**
 * Posts an object until there is one that can be used. `reply.ts` acts on each reply.
 *
 * A POST whose answer was lost is never blindly repeated: what bears the key is looked at first. Whether that is what was sent
 * says table B (`ownership.ts`). Where nothing bears it the POST is sent again, which a unique key makes safe.
 */
import { isAmbiguous, isNameTaken } from "../genesys/errors.js";
import { ARRIVES_WITHIN_MS, SETTLES_WITHIN_MS } from "../waits.js";
import { mustBeSetAside } from "./begin.js";
import type { Creation, Posted, Reply } from "./creation.js";
import type { Inputs } from "./inputs.js";
import { type KindStep, keyOf } from "./kind.js";
import { sayName } from "./messages.js";
import { momentOf, platformTimeOf } from "./moment.js";
import { fingerprintOf } from "./recognise.js";
import { aboutToPost, accepted } from "./record.js";
import { settle } from "./reply.js";

/** The version of what was made and not changed since. */
const FIRST_VERSION = 1;

/** What was posted just now, at the version that it then has. */
export const asPosted = (inputs: Inputs): Inputs & { version: number } => ({
  ...inputs,
  version: FIRST_VERSION,
});

/**
 * Posts the object, or uses what is there.
 *
 * @param isReplacing whether it takes the place of one of the same key: that one is never adopted.
 * @param isThere whether an earlier run has made one.
 * @throws Error where the key is another's, or in the stack already.
 */
export async function ensurePosted(
  inputs: Inputs,
  { isReplacing, isThere }: { isReplacing: boolean; isThere: boolean },
  step: KindStep,
): Promise<Posted> {
  const { context } = step;
  const { __urn: urn } = inputs;
  const creation: Creation = {
    inputs,
    before: urn === undefined ? undefined : await context.journal.find(urn),
    isReplacing,
    step,
    begun: momentOf(context),
    attempts: 0,
  };
  for (const look of await looksBefore(creation, isThere)) {
    const used = await settle(creation, look);
    if (used !== "post") return { ...used, duplicatesUntil: duplicatesUntil(creation) };
    // Making room takes its time.
    creation.begun = momentOf(context);
  }
  await keepInSight(creation);
  for (;;) {
    const answer = await post(creation);
    if ("posted" in answer) return answer.posted;
    const used = await settle(creation, answer);
    if (used !== "post") return { ...used, duplicatesUntil: duplicatesUntil(creation) };
  }
}

/**
 * When lists show what an earlier POST has made, at the latest. Only where there may be two: nobody knows what became of that
 * POST, and those of the kind bear no key.
 */
function duplicatesUntil({ before, attempts, lostAt = 0, severalAt, step }: Creation): number | undefined {
  if (step.kind.token === undefined) return undefined;
  const earlier = before?.phase === "posting" ? before : undefined;
  const posts = attempts + (earlier === undefined ? 0 : 1);
  const known = [before?.duplicatesUntil, severalAt].filter((time) => time !== undefined);
  if (posts > 1) known.push(Math.max(lostAt, earlier?.postedAt ?? 0) + SETTLES_WITHIN_MS);
  return known.length === 0 ? undefined : Math.max(...known);
}

/** The looks that are taken before anything is posted. Where nothing is in the way there is none. */
async function looksBefore({ inputs, before, step }: Creation, isThere: boolean): Promise<Reply[]> {
  const { __urn: urn, onConflict } = inputs;
  const { kind, context } = step;
  const looks: Reply[] = [];
  if (kind.token !== undefined && urn !== undefined) {
    const isBegun = isThere || before?.phase === "posting";
    const wasCreating = isBegun ? true : await context.stack.lookUpCreating(urn);
    // Where nobody can tell one look has to do: it would be the same for every create.
    if (wasCreating !== false) looks.push({ kind: "unsure", isPatient: wasCreating === true });
  }
  if (onConflict === "adopt") looks.push({ kind: "unsent" });
  return looks;
}

/** Sets the record of an earlier POST, under another key, aside before this POST overwrites it. */
async function keepInSight({ before, inputs, step }: Creation): Promise<void> {
  if (before === undefined || !mustBeSetAside(before, inputs, step)) return;
  await step.context.journal.setAside(before);
  step.context
    .log(inputs.__urn)
    .warn(
      `an earlier run has posted ${sayName(step.kind, before)}, and what became of that is not certain: should it come about, "genesyscloud-eventbridge doctor" names it`,
    );
}

/** One POST: the journal has it before it is sent, and its job or id as soon as it is answered. */
async function post(creation: Creation): Promise<{ posted: Posted } | Reply> {
  creation.attempts += 1;
  const { inputs, before } = creation;
  const { context, budget, kind, api } = creation.step;
  const { __urn: urn } = inputs;
  const { clock } = context.client;
  const duplicates = duplicatesUntil(creation);
  // Should this run not learn what becomes of this POST, lists may show it as late.
  const shownBy = duplicates && Math.max(duplicates, clock.at(context.now()).latest + SETTLES_WITHIN_MS);
  // The answer tells more of the organisation's clock than was known before.
  const when = () => {
    const { earliest: postedAt, latest } = platformTimeOf(creation.begun, context);
    const stepOver = clock.at(context.now() + budget.left()).latest;
    return { postedAt, until: Math.max(stepOver, latest + ARRIVES_WITHIN_MS) };
  };
  const record = (resource: string) =>
    aboutToPost(before, {
      urn: resource,
      name: keyOf(kind, inputs),
      ...when(),
      duplicatesUntil: shownBy,
      fingerprint: fingerprintOf(kind, inputs),
    });
  if (urn !== undefined) await context.journal.write(record(urn));
  try {
    const {
      id: objectId,
      jobId,
      seen,
    } = await api.create(inputs, urn === undefined ? undefined : kind.token?.(urn));
    const told = { jobId, objectId, duplicatesUntil: duplicates };
    if (urn !== undefined) await context.journal.write(accepted(record(urn), told));
    // The state tells of this POST alone.
    const posting: Posted = { phase: "posting", ...when(), bare: seen };
    return { posted: accepted(posting, told) };
  } catch (error) {
    if (isNameTaken(error)) return { kind: "taken", error };
    if (isAmbiguous(error)) return { kind: "lost", error };
    return { kind: "refused", error };
  }
}
