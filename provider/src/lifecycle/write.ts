/** Writes over one version of an object that is there. */
import { GenesysError, isVersionConflict } from "../genesys/errors.js";
import { inQuotes } from "../printable.js";
import { eventually, unlessMissing, unlessStopped } from "../step.js";
import { reachedIn } from "../waitFor.js";
import { differingFields, fieldsOf } from "./fields.js";
import { insistOnJob } from "./follow.js";
import type { CommonOutputs, Inputs, Properties } from "./inputs.js";
import { isNearly } from "./kept.js";
import { hasFailed, type Kind, type KindStep, keyOf } from "./kind.js";
import type { ChangeAnswer, Observed } from "./kindApi.js";
import { findLive } from "./look.js";
import { sayName, WHERE_REPLACED } from "./messages.js";
import { momentOf, platformTimeOf } from "./moment.js";
import { untilReached } from "./reach.js";

/** An object as it is after what was written to it. */
export interface Written {
  object: Observed;
  /** Nobody else has changed it since: where it is not what was asked for, the platform keeps that otherwise. */
  isAsWritten: boolean;
  /** A list alone has shown it: its own address may lag behind. */
  isListed?: boolean;
}

/** Whether an object has not been changed since it got this version. Where either bears none it is taken at its word. */
export const isNoLaterThan = (expected: number | undefined, { version }: Observed): boolean =>
  version === undefined || expected === undefined || version <= expected;

/** What is known of an object that is to be changed: its fields and its outputs, the version among them. */
export type Known = Properties & CommonOutputs;

/** A write was refused: the object has another version than the one that was to be replaced. */
export interface Conflict {
  changed: Observed;
  refusal: GenesysError;
}

/** @throws GenesysError where too many writes met another version. */
export function countConflict({ refusal }: Conflict, before: number, { context, budget }: KindStep): void {
  if (before >= context.settings.maxRetries) throw refusal;
  budget.retryCount += 1;
}

/** Replaces one version of an object by what is asked for. */
export async function replaceVersion(
  objectId: string,
  known: Known,
  news: Inputs,
  step: KindStep,
): Promise<Written | Conflict> {
  const from = known.version === undefined ? { ...known, ...(await step.api.get(objectId)).outputs } : known;
  try {
    return await writeOnceFree(objectId, from, news, step);
  } catch (error) {
    await refuseTakenKey(objectId, news, error, step);
    if (!isVersionConflict(error)) throw error;
    const changed = await insteadOf(objectId, from.version, step);
    if (changed === undefined) throw await keyTaken(objectId, news, error, step);
    return { changed, refusal: error };
  }
}

/** The object after a refused write; nothing where the conflict was about another object's key. */
async function insteadOf(id: string, sent: number | undefined, step: KindStep) {
  // Where the platform tells the two conflicts apart, a read that shows the version that was sent lags behind.
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
  const holder = (await findLive(keyOf(step.kind, news), step))?.id;
  // Stopped or out of time: nothing was changed, and the last refusal says why.
  const freed = holder === undefined ? reachedIn(await eventually(step, once)) : undefined;
  if (freed === undefined) throw refusal;
  return freed;
}

/** One change, until it is brought about. */
async function write(objectId: string, from: Known, news: Inputs, step: KindStep): Promise<Written> {
  const begun = momentOf(step.context);
  const answer = await step.api.update(objectId, from, news);
  if ("jobId" in answer) await insistOnJob(answer.jobId, news, step);
  const shown = "jobId" in answer ? {} : answer;
  const { observed: answered, version: told } = shown;
  const before = told === undefined ? from.version : told - 1;
  const changed = answered ?? (await readChanged(objectId, before, step));
  const known: Observed = { fields: from, outputs: from, unshown: [] };
  const hadFailed = [known, changed].some((each) => hasFailed(step, each, news));
  const failedUntil = hadFailed ? platformTimeOf(begun, step.context).earliest : undefined;
  const object = await untilReached(changed, objectId, news, step, failedUntil);
  const isProven = "jobId" in answer || answered !== undefined || (told ?? 0) > (from.version ?? 0);
  if (!isProven && isLeftAlone(object, from, news, step)) throw notCarriedOut(objectId, news, step);
  return { object, isAsWritten: object === answered || isOurs(object, from.version, shown) };
}

/**
 * Whether an object has the version that a write has made. What has a later one somebody else has changed meanwhile; an older
 * one is shown by a read that lags behind.
 */
function isOurs(
  { version }: Observed,
  before = 0,
  { observed, version: told }: Exclude<ChangeAnswer, { jobId: string }>,
): boolean {
  if (version === undefined) return true;
  if (told !== undefined) return version === told;
  return version >= before && version <= Math.max(observed?.version ?? 0, before + 1);
}

/**
 * Whether an object is as it was before a change. White space, case and order a platform may keep otherwise than asked for, and
 * then nothing has changed.
 */
function isLeftAlone(object: Observed, from: Known, news: Inputs, { kind }: KindStep): boolean {
  if (object.version === undefined || object.version !== from.version) return false;
  const present = fieldsOf(object, from);
  const left = differingFields(kind, present, news);
  const isNothingDone = differingFields(kind, from, news).every((field) => left.includes(field));
  return isNothingDone && left.some((field) => !isNearly(present[field], news[field]));
}

const notCarriedOut = (id: string, news: Inputs, { kind }: KindStep): Error =>
  new Error(
    `the change of ${sayName(kind, news)} was answered as if it had gone through, and ${kind.noun} ${id} is as it was. Something between here and Genesys Cloud may have answered in its place: look at the gateway or proxy, and run the same command again.`,
  );

/** @throws GenesysError where the platform has a way of its own to say that another object has the key. */
async function refuseTakenKey(id: string, news: Inputs, error: unknown, step: KindStep): Promise<void> {
  const isTaken = error instanceof GenesysError && step.kind.isKeyTaken?.(error);
  if (isTaken) throw await keyTaken(id, news, error, step);
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
  const holder = (await findLive(key, step))?.id;
  if (holder === undefined || holder === objectId) return refusal;
  // A name is told in every message; any other value may be secret in the program.
  const value = what.field === "name" ? ` ${inQuotes(key)}` : "";
  const advice = `The ${what.field}${value} is taken by the ${noun} ${holder}: ${waysOn(news, step.kind)}.`;
  return refusal.with({ advice });
}

/** What a person can do about a key that another object has. */
function waysOn(news: Inputs, { token, key: { field } }: Kind): string {
  if (token === undefined) return "use another, or rename or delete that one first";
  return news.onConflict === "adopt"
    ? "no read had shown that before. Run the same command again, which adopts it unless a stack has it"
    : `import that one, set onConflict: "adopt" to have the program manage it, or use another ${field}. ${WHERE_REPLACED}`;
}

/** An object that was just changed, or made, read again until it has a later version than before: reads may lag behind. */
async function readChanged(id: string, before: number | undefined, step: KindStep): Promise<Observed> {
  let object: Observed | undefined;
  const ended = await eventually(step, async () => {
    object = (await unlessMissing(step.api.get(id))) ?? object;
    const isLater = before === undefined || object?.version === undefined || object.version > before;
    return isLater ? object : undefined;
  });
  // Reads have had their time: as it is shown now it is.
  return unlessStopped(ended, `what has become of ${step.kind.noun} ${id}`) ?? object ?? step.api.get(id);
}
