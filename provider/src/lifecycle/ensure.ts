/** Brings an object that is there to what is asked for. */
import { GenesysError, isVersionConflict } from "../genesys/errors.js";
import { inQuotes } from "../printable.js";
import { eventually, unlessMissing } from "../step.js";
import { asListedNow } from "./belief.js";
import { waitUntilGone } from "./delete.js";
import { differences, sayPlaces } from "./differences.js";
import type { Found } from "./ending.js";
import { differingFields, fieldsOf } from "./fields.js";
import { followJob } from "./follow.js";
import type { CommonOutputs, Inputs, Properties } from "./inputs.js";
import { isNearly, stillAsked, unmetFields } from "./kept.js";
import { type KindStep, keyOf } from "./kind.js";
import type { Observed } from "./kindApi.js";
import { findListed } from "./look.js";
import { sayName, WHERE_REPLACED } from "./messages.js";
import { untilReached } from "./reach.js";

/** An object as it is after what was written to it. */
export interface Written {
  object: Observed;
  /** Nobody else has changed it since: where it is not what was asked for, the platform keeps that otherwise. */
  isAsWritten: boolean;
}

/** What was made cannot become what is asked for: it is gone, or differs in what no update can change. */
export interface Unusable {
  why: Error;
  /** `going`: its job failed, and it went while reads caught up. */
  is: "there" | "not to be read" | "going";
}

/**
 * Brings an existing object to what is asked for, writing only where it differs. What was posted just so, and is kept
 * otherwise, a write would not bring about either.
 */
export async function ensureFields(
  found: Found,
  wanted: Inputs,
  step: KindStep,
): Promise<Written | Unusable> {
  const { kind } = step;
  const { objectId, sent, failure } = found;
  if (failure !== undefined && (await waitUntilGone(objectId, step))) return { why: failure, is: "going" };
  const object = await objectOf(found, wanted, step);
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
  const standing = kind.standing(object, wanted);
  // What has failed is brought about anew: whoever runs this again has mended why.
  const hasFailed = typeof standing === "object";
  if (isKnown && !hasFailed && differingFields(kind, posted, wanted).length === 0)
    return { object: await untilReached(object, objectId, wanted, step), isAsWritten };
  const known = { ...present, ...object.outputs, version: object.version };
  const written = replaceFields(objectId, known, wanted, step);
  const mayMakeRoom = object.isBare && wanted.onConflict === "adopt";
  return mayMakeRoom ? written.catch((error) => unlessTaken(objectId, wanted, error, step)) : written;
}

/** An object that is there, as it is now. What was made just now a list may show, and several of them at once. */
async function objectOf(
  { objectId, seen, sent, since, failure }: Found,
  wanted: Inputs,
  step: KindStep,
): Promise<Observed | undefined> {
  if (seen !== undefined) return seen;
  const isAsPosted = sent !== undefined && failure === undefined;
  const listed = isAsPosted
    ? await asListedNow(objectId, { sent, since: since ?? step.context.elapsed() }, wanted, step)
    : undefined;
  return listed ?? eventually(step, () => unlessMissing(step.api.get(objectId)));
}

/** What was posted, and has no key yet, makes room for the one that is to be adopted. */
async function unlessTaken(id: string, wanted: Inputs, error: unknown, step: KindStep): Promise<Unusable> {
  const isRefused =
    error instanceof GenesysError && (isVersionConflict(error) || step.kind.isKeyTaken?.(error));
  const holder = isRefused ? (await findListed(keyOf(step.kind, wanted), step))?.id : undefined;
  if (holder === undefined || holder === id) throw error;
  return { why: error as Error, is: "there" };
}

/** Whether an object has not been changed since it got this version; one that bears none is taken at its word. */
const isNoLaterThan = (expected: number, { version }: Observed): boolean =>
  version === undefined || version <= expected;

/** What is known of an object that is to be changed: its fields and its outputs, the version among them. */
type Known = Properties & CommonOutputs;

/** Replaces an object's fields, reading it again when somebody else changed it meanwhile. */
export async function replaceFields(
  objectId: string,
  olds: Known,
  news: Inputs,
  step: KindStep,
): Promise<Written> {
  const { context, budget, api } = step;
  let from: Known = olds.version === undefined ? { ...olds, ...(await api.get(objectId)).outputs } : olds;
  for (let conflicts = 0; ; conflicts++) {
    try {
      return await writeOnceFree(objectId, from, news, step);
    } catch (error) {
      await refuseTakenKey(objectId, news, error, step);
      if (!isVersionConflict(error) || conflicts >= context.settings.maxRetries) throw error;
      const object = await insteadOf(objectId, from.version, step);
      if (object === undefined) throw await keyTaken(objectId, news, error, step);
      const present = settled(object, olds, news, step);
      if (present === "as wanted")
        return { object: await untilReached(object, objectId, news, step), isAsWritten: true };
      from = { ...from, ...present, ...object.outputs };
      budget.retryCount += 1;
    }
  }
}

/** What is there in the place of a version that is in conflict; nothing where it was another object's key that was. */
async function insteadOf(id: string, sent: number | undefined, step: KindStep) {
  // Where the platform tells the two conflicts apart a read that shows the version that was sent lags behind.
  const isOfVersion = step.kind.isKeyTaken !== undefined;
  const object = isOfVersion ? await readChanged(id, sent, step) : await step.api.get(id);
  return object.version === sent ? undefined : object;
}

/**
 * One change. What has the key may be on its way out: a deletion that lists have caught up with need not have freed it. Where
 * none shows who has it the change is sent again, as long as reads may lag.
 */
async function writeOnceFree(objectId: string, from: Known, news: Inputs, step: KindStep): Promise<Written> {
  const isTaken = (error: unknown) => error instanceof GenesysError && step.kind.isKeyTaken?.(error);
  let refusal: unknown;
  const once = async () => {
    try {
      return await write(objectId, from, news, step);
    } catch (error) {
      if (!isTaken(error)) throw error;
      refusal = error;
      return undefined;
    }
  };
  const written = await once();
  if (written !== undefined) return written;
  const holder = (await findListed(keyOf(step.kind, news), step))?.id;
  const freed = holder === undefined ? await eventually(step, once) : undefined;
  if (freed === undefined) throw refusal;
  return freed;
}

/** One change, until it is brought about. */
async function write(objectId: string, from: Known, news: Inputs, step: KindStep): Promise<Written> {
  const answer = await step.api.update(objectId, from, news);
  if ("jobId" in answer) await followJob(answer.jobId, news, step);
  const answered = "observed" in answer ? answer.observed : undefined;
  const changed = answered ?? (await readChanged(objectId, from.version, step));
  const object = await untilReached(changed, objectId, news, step);
  return { object, isAsWritten: object === answered || isNoLaterThan((from.version ?? 0) + 1, object) };
}

/** @throws GenesysError where the platform has a way of its own to say that another object has the key. */
async function refuseTakenKey(id: string, news: Inputs, error: unknown, step: KindStep): Promise<void> {
  const isTaken = error instanceof GenesysError && step.kind.isKeyTaken?.(error);
  if (isTaken) throw await keyTaken(id, news, error, step);
}

/**
 * What somebody else has made of an object.
 *
 * @throws Error where the program asks for something else than what was changed.
 */
function settled(object: Observed, olds: Known, news: Inputs, step: KindStep): Properties | "as wanted" {
  const { kind } = step;
  const present = fieldsOf(object, olds);
  const known = { ...present, ...stillAsked(kind, present, olds) };
  if (unmetFields(kind, known, news).length === 0) return "as wanted";
  refuseToOverwrite(present, olds, news, step);
  return present;
}

/** What to say of a refused change that is not about the version: who has the key, if that is it. */
async function keyTaken(
  objectId: string,
  news: Inputs,
  refusal: GenesysError,
  step: KindStep,
): Promise<GenesysError> {
  const key = keyOf(step.kind, news);
  const { noun, key: what } = step.kind;
  const holder = (await findListed(key, step))?.id;
  if (holder === undefined || holder === objectId) return refusal;
  // A name is told in every message; any other value may be secret in the program.
  const value = what.field === "name" ? ` ${inQuotes(key)}` : "";
  const ways =
    step.kind.token === undefined
      ? "use another, or rename or delete that one first"
      : `import that one, set onConflict: "adopt" to have the program manage it, or use another ${what.field}. ${WHERE_REPLACED}`;
  const advice = `The ${what.field}${value} is taken by the ${noun} ${holder}: ${ways}.`;
  return refusal.with({ advice });
}

/**
 * @throws Error naming every place that somebody else changed and the program wants otherwise. No values: which of them
 *   are secret in the program is not told to a provider.
 */
function refuseToOverwrite(present: Properties, olds: Properties, news: Inputs, { kind }: KindStep): void {
  const wantedOtherwise = differingFields(kind, present, news);
  const disputed = differingFields(kind, present, olds).filter((field) => wantedOtherwise.includes(field));
  if (disputed.length === 0) return;
  const places = differences(kind, present, news).filter((place) =>
    disputed.some((field) => place.startsWith(field)),
  );
  throw new Error(
    `${sayName(kind, news)} was changed since it was last read, outside of Pulumi or by a run that was cut short, and the program asks for something else: ${sayPlaces(places)}. Run "pulumi refresh" to take the change into the state, then "pulumi preview --diff", which shows the values, and "pulumi up" to decide.`,
  );
}

/** An object that was just changed, or made, read again until it is no longer as it was: reads may lag behind. */
async function readChanged(id: string, before: number | undefined, step: KindStep): Promise<Observed> {
  let object: Observed | undefined;
  await eventually(step, async () => {
    object = (await unlessMissing(step.api.get(id))) ?? object;
    return before === undefined || object?.version !== before ? object : undefined;
  });
  return object ?? step.api.get(id);
}
