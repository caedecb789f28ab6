import { type GenesysError, isVersionConflict } from "../genesys/errors.js";
import { eventually, type Step, unlessMissing } from "../step.js";
import { type SourceApi, sourceApi } from "./api.js";
import { sayName } from "./conflict.js";
import { differences, sayPlaces } from "./differences.js";
import { differingFields } from "./fields.js";
import { followJob } from "./follow.js";
import { isNearly, stillAsked, unmetFields } from "./kept.js";
import { type Found, UnusableError } from "./made.js";
import { REPLACING_FIELDS, type SourceFields, type SourceInputs, type SourceOutputs } from "./model.js";
import { vanishes } from "./remove.js";
import { fieldsFromWire, toWire, type WireSource } from "./wire.js";

/** A source as it is after what was written to it. */
export interface Written {
  source: WireSource;
  /** Nobody else has changed it since: where it is not what was asked for, the platform keeps that otherwise. */
  isAsWritten: boolean;
}

/**
 * Brings an existing source to what is asked for, with a PUT only where it differs. What was posted just so, and is kept
 * otherwise, a PUT would not bring about either.
 *
 * @throws UnusableError
 * @throws JobError that made it doubtful whether it is there to stay, when it is not.
 */
export async function ensureFields(
  { sourceId, seen, sent, failure }: Found,
  wanted: SourceInputs,
  step: Step,
): Promise<Written> {
  const api = sourceApi(step.context.client, step.budget);
  if (failure !== undefined && (await vanishes(sourceId, step))) throw failure;
  const source = seen ?? (await eventually(step, () => unlessMissing(api.get(sourceId))));
  if (source === undefined) throw new UnusableError(`source ${sourceId} was made, but cannot be read.`);
  const present = fieldsFromWire(source, sent);
  const isAsWritten = sent?.version !== undefined && isNoLaterThan(sent.version, source);
  const posted = isAsWritten ? { ...sent, status: present.status } : present;
  const fixed = REPLACING_FIELDS.filter(
    (field) => posted[field] !== wanted[field] || !isNearly(present[field], wanted[field]),
  );
  if (fixed.length > 0)
    throw new UnusableError(`no update can change ${fixed.join(" and ")} of source ${sourceId}.`, sourceId);
  // An address that is not shown and was not sent can be any.
  const isKnown = sent !== undefined || source.webhook_url !== undefined;
  if (isKnown && differingFields(posted, wanted).length === 0) return { source, isAsWritten };
  return replaceFields(sourceId, { ...present, version: source.version }, wanted, step);
}

/** Whether a source has not been changed since it got this version; one that bears none is taken at its word. */
const isNoLaterThan = (expected: number, { version }: WireSource): boolean =>
  version === undefined || version <= expected;

/** Replaces a source's fields, reading it again when somebody else changed it meanwhile. */
export async function replaceFields(
  sourceId: string,
  olds: SourceFields & SourceOutputs,
  news: SourceInputs,
  step: Step,
): Promise<Written> {
  const { context, budget } = step;
  const api = sourceApi(context.client, budget);
  let version = olds.version ?? (await api.get(sourceId)).version;
  for (let conflicts = 0; ; conflicts++) {
    try {
      const accepted = await api.replace(sourceId, { ...toWire(news), version });
      if ("jobId" in accepted) await followJob(accepted.jobId, news, step);
      const answered = "source" in accepted && isWhole(accepted.source) ? accepted.source : undefined;
      const changed = answered ?? (await readChanged(api, sourceId, version, step));
      const source = await untilStatus(api, changed, sourceId, news, step);
      return { source, isAsWritten: source === answered || isNoLaterThan((version ?? 0) + 1, source) };
    } catch (error) {
      if (!isVersionConflict(error) || conflicts >= context.settings.maxRetries) throw error;
      const source = await api.get(sourceId);
      // At the version that was sent, it was something else that is in conflict: another source's name.
      if (source.version === version) throw await nameTaken(api, sourceId, news, error);
      const present = fieldsFromWire(source, olds);
      const isThere = unmetFields({ ...present, ...stillAsked(present, olds) }, news).length === 0;
      if (isThere) return { source, isAsWritten: true };
      refuseToOverwrite(present, olds, news);
      version = source.version;
      budget.retryCount += 1;
    }
  }
}

/** What to say of a refused change that is not about the version: who has the name, if that is it. */
async function nameTaken(
  api: SourceApi,
  sourceId: string,
  news: SourceInputs,
  refusal: GenesysError,
): Promise<GenesysError> {
  const holder = (await api.findByName(news.name))?.source_id;
  if (holder === undefined || holder === sourceId) return refusal;
  const advice = `The name ${JSON.stringify(news.name)} is taken by the source ${holder}: use another, or rename or delete that one first.`;
  return refusal.with({ advice });
}

/**
 * @throws Error naming every place that somebody else changed and the program wants otherwise. No values: which of them
 *   are secret in the program is not told to a provider.
 */
function refuseToOverwrite(present: SourceFields, olds: SourceFields, news: SourceInputs): void {
  const wantedOtherwise = differingFields(present, news);
  const disputed = differingFields(present, olds).filter((field) => wantedOtherwise.includes(field));
  if (disputed.length === 0) return;
  const places = differences(present, news).filter((place) =>
    disputed.some((field) => place.startsWith(field)),
  );
  throw new Error(
    `${sayName(news)} was changed since it was last read, outside of Pulumi or by a run that was cut short, and the program asks for something else: ${sayPlaces(places)}. Run "pulumi refresh" to take the change into the state, then "pulumi preview --diff", which shows the values, and "pulumi up" to decide.`,
  );
}

/** Whether an answer is the source itself, and not just a part: what it leaves out would pass for empty. */
const isWhole = (answered: WireSource): boolean =>
  [answered.source_id, answered.name, answered.event_topic_id, answered.status, answered.targets].every(
    (each) => each !== undefined,
  );

/** A source that was just changed, read again until it is no longer as it was: reads may lag behind. */
async function readChanged(
  api: SourceApi,
  sourceId: string,
  before: number | undefined,
  step: Step,
): Promise<WireSource> {
  let source: WireSource = {};
  await eventually(step, async () => {
    source = await api.get(sourceId);
    return before === undefined || source.version !== before ? source : undefined;
  });
  return source;
}

/** The source in the status asked for; an answer may come before the status has changed. */
async function untilStatus(
  api: SourceApi,
  changed: WireSource,
  sourceId: string,
  wanted: SourceInputs,
  step: Step,
): Promise<WireSource> {
  let source = changed;
  if (source.status === wanted.status) return source;
  const reached = await eventually(step, async () => {
    source = await api.get(sourceId);
    return source.status === wanted.status ? source : undefined;
  });
  if (reached !== undefined) return reached;
  throw new Error(
    `the status of ${sayName(wanted)} (id ${sourceId}) is ${JSON.stringify(source.status)} though ${JSON.stringify(wanted.status)} was asked for.`,
  );
}
