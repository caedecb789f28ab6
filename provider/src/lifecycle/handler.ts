/** The handler of a kind: what the engine asks for, step by step. */

import type { Begun, CreateRecord } from "../createRecord.js";
import { isNotFound } from "../genesys/errors.js";
import type { Context, Made, ResourceHandler } from "../resourceHandler.js";
import { isWebAddress } from "../webAddress.js";
import { recordToResume } from "./begin.js";
import { insistOnOrganization } from "./belonging.js";
import { createCheck } from "./check.js";
import { removeObject } from "./delete.js";
import { diff } from "./diff.js";
import { removeDuplicates } from "./duplicates.js";
import { insistHere } from "./elsewhere.js";
import { endingOf } from "./ending.js";
import { importOne } from "./importOne.js";
import type { Inputs, State } from "./inputs.js";
import { asAsked, unmetFields } from "./kept.js";
import { beginOn, type Kind, type KindStep, keyOf, objectIdIn } from "./kind.js";
import { sayName } from "./messages.js";
import { organizationIfTold } from "./organization.js";
import { isState, read } from "./read.js";
import { bringAbout, noteLeft, postAndBring, sentBy } from "./resume.js";
import { finished, keepingWhatIsMade, unchanged } from "./state.js";
import { begunIn, isCutShort, isInTheMaking, noteCreate, objectIdOf } from "./stateRecord.js";
import { replaceFields } from "./update.js";
import { valuesSent } from "./valuesSent.js";
import { seenThrough } from "./whereabouts.js";

/** The handler of a kind; one serves a whole process. */
export function createHandler(kind: Kind): ResourceHandler<Inputs, State> {
  /** Keys of objects that this run may be replacing, by URN. */
  const replaced = new Map<string, string>();
  const replacedBy = ({ __urn }: Inputs) => (__urn === undefined ? undefined : replaced.get(__urn));
  return {
    kind: kind.label,
    secrets: kind.secrets,
    valuesSent: (properties) => valuesSent(kind, properties),
    isState: (properties) => isState(kind, properties),
    summary: (properties, id) => summaryOf(kind, properties, id),
    check: createCheck(kind, replaced),
    insistOnOrganization: (context, { id, state }) => insistOnOrganization(kind, context, id, state),
    diff: (olds, news) => diff(kind, olds, news),
    create: (context, inputs) => create(kind, context, inputs, replacedBy(inputs)),
    read: (context, id, state) => read(kind, context, id, state),
    update: (context, id, olds, news) => update(kind, context, id, olds, news),
    delete: (context, id, state) => remove(kind, context, id, state),
  };
}

/** What an explicit provider makes or changes bears the organisation's id: one call in a run. Nothing fails without. */
async function beginChange(kind: Kind, context: Context, timeout: string): Promise<KindStep> {
  const step = beginOn(kind, context, timeout);
  if (context.settings.provider !== undefined) await organizationIfTold(context.client, step.budget);
  return step;
}

async function create(
  kind: Kind,
  context: Context,
  inputs: Inputs,
  replaced: string | undefined,
): Promise<Made<State>> {
  const step = await beginChange(kind, context, inputs.timeouts?.create ?? kind.timeouts.create);
  const { __import: importId, ...wanted } = inputs as Inputs;
  if (importId !== undefined) {
    const object = await importOne(importId, wanted as Inputs, step);
    context.stack.reserve(importId);
    return {
      id: importId,
      state: finished(wanted as Inputs, { object, isAsWritten: true }, {}, step),
    };
  }
  const left = await recordToResume(inputs, replaced, step);
  if (left === undefined) {
    const isReplacing = inputs.__urn !== undefined && replaced === keyOf(kind, inputs);
    const state: State = { ...inputs };
    return keepingWhatIsMade(state, step, () => postAndBring(state, inputs, step, { isReplacing }));
  }
  return goOn(left, inputs, step);
}

/** Goes on with what an earlier run has left, of which the engine does not know. */
async function goOn(left: CreateRecord, inputs: Inputs, step: KindStep): Promise<Made<State>> {
  const { kind, context } = step;
  const { jobId, objectId } = left;
  const what = objectId === undefined ? `job ${jobId}` : `id ${objectId}`;
  context
    .log(inputs.__urn)
    .info(`${sayName(kind, inputs)} was begun by an earlier run (${what}): this one goes on with it`);
  const sent = sentBy(left, inputs, kind);
  const state: State = { ...sent };
  noteLeft(state, left, kind);
  return keepingWhatIsMade(state, step, () => bringAbout(state, sent, inputs, step, left));
}

/** Goes on with a create that got part of the way, of which the engine knows. */
async function resume(
  kind: Kind,
  context: Context,
  id: string,
  olds: State,
  inputs: Inputs,
): Promise<Made<State>> {
  const step = await beginChange(kind, context, inputs.timeouts?.create ?? kind.timeouts.create);
  const state: State = { ...olds };
  noteCreate(state, begunIn(kind, olds, id), kind);
  const sent = asAsked(olds) as State;
  return keepingWhatIsMade(state, step, () => bringAbout(state, sent, inputs, step), id);
}

async function update(
  kind: Kind,
  context: Context,
  id: string,
  olds: State,
  news: Inputs,
): Promise<Made<State>> {
  if (isCutShort(olds)) return resume(kind, context, id, olds, news);
  // A change of time-outs alone, or of the code in the state, is none of the API's business.
  if (unmetFields(kind, olds, news).length === 0)
    return { id, state: { ...unchanged(kind, olds, news), ...seenThrough(olds, context) } };
  const step = await beginChange(kind, context, news.timeouts?.update ?? kind.timeouts.update);
  const objectId = objectIdIn(kind, olds) ?? id;
  try {
    return { id, state: finished(news, await replaceFields(objectId, olds, news, step), olds, step) };
  } catch (error) {
    if (isNotFound(error)) await insistHere(`id ${objectId}`, olds, step);
    throw error;
  }
}

async function remove(kind: Kind, context: Context, id: string, state: State): Promise<"deleted" | "kept"> {
  const step = beginOn(kind, context, state.timeouts?.delete ?? kind.timeouts.delete);
  // What a job is still making cannot be deleted yet, and would be there afterwards.
  const begun = begunIn(kind, state, id);
  const objectId = isInTheMaking(begun, state) ? await onceMade(begun, state, step) : begun.objectId;
  if (state.jobId !== undefined) context.stack.expectsNothingOf(state.jobId);
  await removeDuplicates(state, objectId, step);
  if (objectId === undefined) return "deleted";
  const isKnownById = (objectIdIn(kind, state) ?? objectIdOf(id)) !== undefined;
  const isShared = context.stack.noteRemoval(state.__urn, objectId, isKnownById);
  // The first deletion of a run waits for Pulumi's CLI, and has to log in as well.
  context.client.logInAhead(step.budget);
  if (await isShared) {
    const why = "another resource of the stack has it, too";
    context.log(state.__urn).info(`${sayName(kind, state)} (id ${objectId}) is kept: ${why}`);
    return "kept";
  }
  const removed = await removeObject(objectId, state, step);
  if (removed === "missing") await insistHere(`id ${objectId}`, state, step);
  return "deleted";
}

/** What the job of an unfinished create has made, once it is over; `undefined` when it made nothing. */
async function onceMade(begun: Begun, state: State, step: KindStep): Promise<string | undefined> {
  const ending = await endingOf(begun, state, step, { asker: "delete" });
  if ("found" in ending) return ending.found.objectId;
  if (ending.next === "GONE") return undefined;
  const message = `${ending.why.message} ${REMOVED_OR_RENAMED}`;
  if (ending.next === "GONE, warn") {
    step.context.log(state.__urn).warn(`${message} There is nothing to delete.`);
    return undefined;
  }
  throw ending.isUnseen ? new Error(`${message} ${LOOK_LATER}`) : ending.why;
}

const REMOVED_OR_RENAMED = "Somebody has removed it, or given it another name.";
const LOOK_LATER =
  "Run the same command again; with timeouts.delete of 2 minutes or more it waits until lists have caught up, and takes it for gone then.";

function summaryOf(kind: Kind, properties: Inputs | State, id: string | undefined) {
  const { version, name, __urn: urn } = properties as State;
  const { objectId, jobId, postedAt } = begunIn(kind, properties as State, id);
  const { webhookUrl: address } = asAsked(properties as State);
  return {
    id: objectId,
    name,
    key: keyOf(kind, properties),
    status: properties[kind.statusOutput] as string | undefined,
    // Of what is still being made nobody was told that it is in any.
    version: postedAt === undefined ? version : undefined,
    jobId,
    urn,
    // Somebody can have set anything in the organisation.
    webhookUrl: typeof address === "string" && isWebAddress(address) ? address : undefined,
  };
}
