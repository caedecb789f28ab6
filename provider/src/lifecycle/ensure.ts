/** Brings what was posted, or adopted, to what is asked for. */
import { GenesysError, isVersionConflict } from "../genesys/errors.js";
import { eventually, unlessMissing, unlessStopped } from "../step.js";
import { asListedNow } from "./belief.js";
import { waitUntilGone } from "./delete.js";
import { differingFields, fieldsOf } from "./fields.js";
import type { Inputs } from "./inputs.js";
import { isNearly } from "./kept.js";
import { hasFailed, type KindStep, keyOf } from "./kind.js";
import type { Observed } from "./kindApi.js";
import { findLive } from "./look.js";
import type { Found } from "./madeByJob.js";
import { untilReached } from "./reach.js";
import { ownerOf } from "./recognise.js";
import { countConflict, isNoLaterThan, replaceVersion, type Written } from "./write.js";

/** What was made cannot become what is asked for: it is gone, or differs in what no update can change. */
export interface Unusable {
  why: Error;
  /**
   * `going`: its job failed, and it went while reads caught up. `second`: an earlier run has made one that bears the key, and
   * nobody knew of it.
   */
  is: "there" | "second" | "not to be read" | "going";
}

/**
 * Brings an existing object to what is asked for, writing only where it differs. Where it was posted just so, and the platform
 * keeps it otherwise, nothing is written: that would change nothing. A write that meets another version is followed by another
 * look: an earlier run may have written, or somebody else.
 *
 * @param conflicts how many writes met another version so far.
 */
export async function ensureFields(
  found: Found,
  wanted: Inputs,
  step: KindStep,
  conflicts = 0,
): Promise<Written | Unusable> {
  const { kind } = step;
  const { objectId, sent, failure } = found;
  if (failure !== undefined && (await waitUntilGone(objectId, wanted, step)))
    return { why: failure, is: "going" };
  const { object, isListed } = await objectOf(found, wanted, step);
  const what = `${kind.noun} ${objectId}`;
  if (object === undefined)
    return { why: new Error(`${what} was made, but cannot be read.`), is: "not to be read" };
  const present = fieldsOf(object, sent);
  const isAsWritten = sent?.version !== undefined && isNoLaterThan(sent.version, object);
  const later = Object.fromEntries(kind.notPosted.map((field) => [field, present[field]]));
  const posted = isAsWritten ? { ...sent, ...later } : present;
  const isFixed = (field: string) =>
    posted[field] !== wanted[field] || !isNearly(present[field], wanted[field]);
  const fixed = object.isBare ? [] : kind.replacing.filter(isFixed);
  if (fixed.length > 0)
    return { why: new Error(`no update can change ${fixed.join(" and ")} of ${what}.`), is: "there" };
  // An address that is not shown and was not sent can be any.
  const isKnown = sent !== undefined || object.unshown.length === 0;
  if (isKnown && !hasFailed(step, object, wanted) && differingFields(kind, posted, wanted).length === 0) {
    const reached = await untilReached(object, objectId, wanted, step);
    return { object: reached, isAsWritten: isAsWritten && isNoLaterThan(object.version, reached), isListed };
  }
  const known = { ...present, ...object.outputs, version: object.version };
  const attempt = replaceVersion(objectId, known, wanted, step);
  // What the program chose somebody else can have, too: nothing is looked up for it.
  const mayMakeRoom = object.isBare && (wanted.onConflict === "adopt" || wanted.__autonamed === true);
  const outcome = await (mayMakeRoom
    ? attempt.catch((error) => unlessTaken(objectId, wanted, error, step))
    : attempt);
  if (!("changed" in outcome)) return outcome;
  countConflict(outcome, conflicts, step);
  return ensureFields({ objectId, seen: outcome.changed, sent }, wanted, step, conflicts + 1);
}

/** An object that is there, as it is now. What was made just now a list may show, and several of them at once. */
async function objectOf(
  { objectId, seen, sent, since, failure }: Found,
  wanted: Inputs,
  step: KindStep,
): Promise<{ object: Observed | undefined; isListed?: boolean }> {
  if (seen !== undefined) return { object: seen };
  const isAsPosted = sent !== undefined && failure === undefined;
  const listed = isAsPosted
    ? await asListedNow(objectId, { sent, since: since ?? step.context.elapsed() }, wanted, step)
    : undefined;
  if (listed !== undefined) return { object: listed, isListed: true };
  const ended = await eventually(step, () => unlessMissing(step.api.get(objectId)));
  return { object: unlessStopped(ended, `what has become of ${step.kind.noun} ${objectId}`) };
}

/** What was posted, and has no key yet, makes room for what has it: for what is to be adopted, or was ours before. */
async function unlessTaken(id: string, wanted: Inputs, error: unknown, step: KindStep): Promise<Unusable> {
  const { kind, context } = step;
  const isRefused = error instanceof GenesysError && (isVersionConflict(error) || kind.isKeyTaken?.(error));
  const holder = isRefused ? await findLive(keyOf(kind, wanted), step) : undefined;
  if (holder?.id === undefined || holder.id === id) throw error;
  const why = error as Error;
  if (wanted.onConflict === "adopt") return { why, is: "there" };
  const { __urn: urn } = wanted;
  const record = urn === undefined ? undefined : await context.journal.find(urn);
  if ((await ownerOf(kind, holder, wanted, record, context)) === "ours") return { why, is: "second" };
  throw error;
}
