import { isDigest } from "../addressDigest.js";
import { isNotFound } from "../genesys/errors.js";
import type { CreateRecord } from "../lifecycle/record.js";
import type { Context, ResourceHandler } from "../resourceHandler.js";
import { beginStep, eventually, LOOKUP_TIMEOUT, type Step, unlessMissing } from "../step.js";
import { isWebAddress, NOT_A_WEB_ADDRESS } from "../webAddress.js";
import { sourceApi } from "./api.js";
import { DEFAULTS } from "./args.js";
import { recordToResume } from "./begin.js";
import { createCheck } from "./check.js";
import { sayName } from "./conflict.js";
import { ensureFields, replaceFields } from "./converge.js";
import { asPosted, ensurePosted } from "./create.js";
import { diff } from "./diff.js";
import { insistHere, whereabouts } from "./elsewhere.js";
import { asAsked, stillAsked, unmetFields } from "./kept.js";
import { type Found, foundOf } from "./made.js";
import type { SourceInputs, SourceState } from "./model.js";
import { removeSource } from "./remove.js";
import { finished, inputsOf, keepingWhatIsMade, unchanged } from "./state.js";
import { takeOver } from "./takeOver.js";
import { bringAbout, isInTheMaking, soFar, sourceIdIn, sourceOnceMade } from "./unfinished.js";
import { insistHoldable } from "./unheld.js";
import { valuesSent } from "./valuesSent.js";
import { fieldsFromWire, outputsFromWire } from "./wire.js";

/** The handler of `EventBridgeSource`; one serves a whole process. */
export function createSourceHandler(): ResourceHandler<SourceInputs, SourceState> {
  const replaced = new Map<string, string>();
  const isReplacing = ({ __urn, name }: SourceInputs) => __urn !== undefined && replaced.get(__urn) === name;

  async function create(context: Context, inputs: SourceInputs): Promise<{ id: string; state: SourceState }> {
    const step = beginStep(context, inputs.timeouts?.create ?? DEFAULTS.timeouts.create);
    const { __import: importId, ...wanted } = inputs;
    if (importId !== undefined) {
      const source = await takeOver(importId, wanted, step);
      context.stack.takes(importId);
      return { id: importId, state: finished(wanted, { source, isAsWritten: true }, {}, step) };
    }
    const left = await recordToResume(inputs, replaced.get(inputs.__urn ?? ""), step);
    if (left !== undefined) return goOn(left, inputs, step);
    const { seen, ...posted } = await ensurePosted(inputs, isReplacing(inputs), step);
    const state: SourceState = { ...inputs, ...posted, ...(seen === undefined ? {} : { __met: true }) };
    return keepingWhatIsMade(state, step, async () => {
      const found = await foundOf({ ...posted, seen }, asPosted(inputs), step);
      state.sourceId = found.sourceId;
      const written = await ensureFields(found, inputs, step);
      context.stack.takes(state.sourceId);
      return { id: state.sourceId, state: finished(inputs, written, state, step) };
    });
  }

  /** Goes on with what an earlier run has left, of which the engine does not know. */
  async function goOn(
    left: CreateRecord,
    inputs: SourceInputs,
    step: Step,
  ): Promise<{ id: string; state: SourceState }> {
    const { jobId, objectId: sourceId, name, postedAt, until } = left;
    const what = sourceId === undefined ? `job ${jobId}` : `id ${sourceId}`;
    step.context
      .log(inputs.__urn)
      .info(`${sayName(inputs)} was begun by an earlier run (${what}): this one goes on with it`);
    // Where its notices were to go then, the journal does not know.
    const posted = { name, jobId, sourceId, __postedAt: postedAt, __until: until };
    const state: SourceState = { ...inputs, ...posted, __met: true };
    return keepingWhatIsMade(state, step, async () => {
      // The name that was posted: what it is derived from may have changed since.
      const done = await bringAbout(state, { ...inputs, name }, inputs, step, left);
      step.context.stack.takes(String(state.sourceId));
      return { id: String(state.sourceId), state: done };
    });
  }

  /** Goes on with a create that got part of the way, of which the engine knows. */
  async function resume(
    context: Context,
    id: string,
    olds: SourceState,
    inputs: SourceInputs,
  ): Promise<SourceState> {
    const step = beginStep(context, inputs.timeouts?.create ?? DEFAULTS.timeouts.create);
    // Where an update has posted again, the id is still that of what was there before.
    const known = olds.sourceId ?? (olds.jobId === undefined ? sourceIdIn(id) : undefined);
    const state: SourceState = { ...olds, sourceId: known };
    return keepingWhatIsMade(
      state,
      step,
      async () => {
        const done = await bringAbout(state, asAsked(olds), inputs, step);
        context.stack.takes(String(state.sourceId));
        return done;
      },
      id,
    );
  }

  async function read(context: Context, id: string, known: SourceState | undefined) {
    const step = beginStep(context, LOOKUP_TIMEOUT);
    const tellStack = (name: string | undefined) => {
      // What is read by its id alone is none of the stack's.
      if (known !== undefined) context.stack.hasRead(id, name);
    };
    const made: "pending" | Found | undefined = isInTheMaking(id, known)
      ? await soFar(id, known, step)
      : { sourceId: known?.sourceId ?? id };
    if (made === "pending") return known && { id, state: known, inputs: inputsOf(known) };
    if (made === undefined) {
      tellStack(undefined);
      return undefined;
    }
    const { sourceId, seen } = made;
    const look = () => unlessMissing(sourceApi(context.client, step.budget).get(sourceId));
    // Of what was only just made, "not found" may mean "not yet".
    const source = seen ?? (known?.__unfinished === undefined ? await look() : await eventually(step, look));
    if (source === undefined) {
      if (known !== undefined) insistHere(`id ${sourceId}`, known, context);
      if (known?.__urn !== undefined) await forgetSource(context, known.__urn, sourceId);
      tellStack(undefined);
      return undefined;
    }
    insistHoldable(source);
    // A state that does not say where it is was written before that was noted: a read alone changes nothing in it.
    const where = isKnown(known) ? {} : whereabouts(context);
    const { webhookUrl: _, __asked: __, ...rest }: Partial<SourceState> = { ...known, ...where };
    const fields = fieldsFromWire(source, known);
    const outputs = { ...outputsFromWire(source), ...stillAsked(fields, known), sourceId };
    const state: SourceState = { ...rest, ...fields, ...outputs };
    const inputs = inputsOf(state);
    tellStack(inputs.name);
    if (state.webhookUrl !== undefined && !isDigest(state.webhookUrl) && !isWebAddress(state.webhookUrl))
      context
        .log(state.__urn)
        .warn(
          `the webhook address that ${sayName(state)} has in the organisation gets no notices: it ${NOT_A_WEB_ADDRESS}. "pulumi up" sets the program's`,
        );
    return { id: sourceId, state, inputs };
  }

  async function update(
    context: Context,
    id: string,
    olds: SourceState,
    news: SourceInputs,
  ): Promise<SourceState> {
    if (olds.__unfinished !== undefined) return resume(context, id, olds, news);
    // A change of time-outs alone, or of the code in the state, is none of the API's business.
    if (unmetFields(olds, news).length === 0) return unchanged(olds, news);
    const step = beginStep(context, news.timeouts?.update ?? DEFAULTS.timeouts.update);
    try {
      const written = await replaceFields(olds.sourceId ?? id, olds, news, step);
      return finished(news, written, olds, step);
    } catch (error) {
      if (isNotFound(error)) insistHere(`id ${olds.sourceId ?? id}`, olds, context);
      throw error;
    }
  }

  async function remove(context: Context, id: string, state: SourceState): Promise<"deleted" | "kept"> {
    const step = beginStep(context, state.timeouts?.delete ?? DEFAULTS.timeouts.delete);
    // What a job is still making cannot be deleted yet, and would be there afterwards.
    const sourceId = isInTheMaking(id, state)
      ? await sourceOnceMade(id, state, step)
      : (state.sourceId ?? id);
    if (state.jobId !== undefined) context.stack.expectsNothingOf(state.jobId);
    if (sourceId === undefined) return "deleted";
    if (await context.stack.keepsWithout(state.__urn, sourceId)) {
      const why = "another resource of the stack has it, too";
      context.log(state.__urn).info(`${sayName(state)} (id ${sourceId}) is kept: ${why}`);
      return "kept";
    }
    const removed = await removeSource(sourceId, state, step);
    if (removed === "missing") insistHere(`id ${sourceId}`, state, context);
    return "deleted";
  }

  return {
    kind: "EventBridge source",
    secrets: ["webhookUrl", "__asked"],
    valuesSent,
    isState: isKnown,
    summary: (properties: SourceInputs | SourceState, id) => {
      const { sourceId, jobId, version, __postedAt } = properties as SourceState;
      const { name, status, __urn: urn } = properties;
      const { webhookUrl: address } = asAsked(properties);
      return {
        id: sourceId ?? (id === undefined || jobId !== undefined ? undefined : sourceIdIn(id)),
        name,
        status,
        // Of what is still being made nobody was told that it is in any.
        version: __postedAt === undefined ? version : undefined,
        jobId,
        urn,
        // Somebody can have set anything in the organisation.
        webhookUrl: address !== undefined && isWebAddress(address) ? address : undefined,
      };
    },
    check: createCheck(replaced),
    diff,
    create,
    read,
    update,
    delete: remove,
  };
}

/** Whether it says which source it is about, as opposed to the bare arguments of a `get`. */
const isKnown = (properties: object | undefined): boolean =>
  properties !== undefined && ("sourceId" in properties || "jobId" in properties);

/**
 * What somebody deleted is not to be looked for by the create that follows. What was posted since stays known: it may
 * have arrived.
 */
async function forgetSource({ journal }: Context, urn: string, sourceId: string): Promise<void> {
  if ((await journal.find(urn))?.objectId === sourceId) await journal.forget(urn);
}
