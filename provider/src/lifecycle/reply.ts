/** What comes after a POST, or instead of one: what bears the key is looked at, and used, adopted, deleted or left alone. */

import type { CreateRecord } from "../createRecord.js";
import type { GenesysError } from "../genesys/errors.js";
import { pauseBefore } from "../genesys/retry.js";
import { eventually, unlessStopped } from "../step.js";
import { doubling, reachedIn, sleep } from "../waitFor.js";
import { TAKEN_FIRST_MS, TAKEN_LONGEST_MS } from "../waits.js";
import { REPLY, type ReplyFacts, type ReplyVerdict } from "./createTables.js";
import type { Creation, Posted, Reply } from "./creation.js";
import { removeObject } from "./delete.js";
import { fixedDifferences } from "./fields.js";
import type { Inputs } from "./inputs.js";
import { type KindStep, keyOf } from "./kind.js";
import type { Observed } from "./kindApi.js";
import { findLive, findPosted } from "./look.js";
import { cannotBeAdopted, conflict, heldAlready, outcomeUnknown, sayName } from "./messages.js";
import { platformTimeOf } from "./moment.js";
import { bearsToken, isIt, isWhatWasSent, lookUpObject, ownerOf, whenMade } from "./recognise.js";
import { accepted } from "./record.js";
import { observeAndDecide } from "./table.js";

/** Acts on a reply. @returns what is to be used, or `post` where the POST is to be sent (again). */
export async function settle(creation: Creation, reply: Reply): Promise<Posted | "post"> {
  const { client, now } = creation.step.context;
  if (reply.kind === "lost") creation.lostAt = client.clock.at(now()).latest;
  const { inputs, step } = creation;
  const holder = await lookForHolder(creation, reply).catch((error) => {
    // What was posted must not go unsaid for what was only looked for.
    throw reply.kind === "lost" ? outcomeUnknown(step.kind, inputs, reply.error, error) : error;
  });
  const pauseMs = pauseAfter(creation, reply);
  const decided = (isInTime: boolean) =>
    observeAndDecide<ReplyFacts, ReplyVerdict>(REPLY, {
      ...observersOf(creation, reply, holder),
      again: yesNo(isInTime),
    });
  let verdict = await decided(hasTimeLeft(creation, reply, pauseMs));
  if (verdict.next === "WAIT, POST") {
    if ((await pauseToPostAgain(creation, reply, pauseMs)) === "over") return "post";
    verdict = await decided(false);
  }
  await keepRecord(creation, verdict, holder);
  return act(creation, verdict, reply, holder);
}

/** What bears the key now. */
async function lookForHolder(creation: Creation, reply: Reply): Promise<Observed | undefined> {
  const { inputs, lostAt, step } = creation;
  const key = keyOf(step.kind, inputs);
  if (reply.kind === "refused") return undefined;
  const ours = () => findOurs(creation);
  const waitForOurs = async () =>
    unlessStopped(await eventually(step, ours), "what an earlier POST has made");
  if (reply.kind === "unsure") return reply.isPatient ? waitForOurs() : ours();
  if (reply.kind === "lost" && step.kind.token !== undefined) return waitForOurs();
  if (reply.kind !== "taken") return findLive(key, step);
  // Best effort: the conflict is what the user must learn of, also when its holder cannot be read.
  const look = () => findLive(key, step).catch(() => undefined);
  // The key is most likely our own attempt's, whose answer was lost, and lists lag. What is to be adopted may be in no list yet.
  const isLagging = lostAt !== undefined || inputs.onConflict === "adopt";
  // Stopped or out of time: the platform has said that something bears the key, and it cannot be read.
  return isLagging ? reachedIn(await eventually(step, look)) : look();
}

/**
 * What an earlier POST of this resource has made. A POST under a token is never refused for what is there, so that only lists can
 * tell. Once an object has its key it bears the token no more: then an automatic key tells.
 */
async function findOurs(creation: Creation): Promise<Observed | undefined> {
  const { inputs, step } = creation;
  const { __urn: urn = "", __autonamed: isAutomatic } = inputs;
  const { client, now } = step.context;
  const [posted, ...others] = await findPosted(urn, step);
  if (others.length > 0) creation.severalAt = client.clock.at(now()).latest;
  return posted ?? (isAutomatic ? findLive(keyOf(step.kind, inputs), step) : undefined);
}

/** How everything that table D depends on is observed, but for the time that is left. */
function observersOf(creation: Creation, { kind: reply }: Reply, holder: Observed | undefined) {
  const { inputs, before, isReplacing, lostAt, step } = creation;
  const { context, kind } = step;
  return {
    reply,
    arrived: yesNo(holder !== undefined && hasArrived(holder, creation)),
    fits: yesNo(holder?.id === undefined || fixedDifferences(kind, holder, inputs).length === 0),
    policy: inputs.onConflict ?? "fail",
    whose: holder === undefined ? "nobody's" : () => ownerOf(kind, holder, inputs, before, context),
    isReplaced: async () =>
      yesNo(
        isReplacing &&
          holder !== undefined &&
          (await lookUpObject(kind, holder, inputs, context.stack)) === undefined,
      ),
    answerLost: yesNo(lostAt !== undefined),
  } as const;
}

const yesNo = (answer: boolean) => (answer ? "yes" : "no");

/** Whether what bears the key is what a POST of this create has sent, whose answer was lost. */
const hasArrived = (holder: Observed, creation: Creation): boolean => {
  const { inputs, lostAt, begun, step } = creation;
  if (lostAt === undefined) return false;
  return isIt({
    evidence: "unanswered, failed or vanished",
    ...(step.kind.token === undefined
      ? {}
      : { token: bearsToken(step.kind, holder, inputs.__urn) ? ("equal" as const) : ("different" as const) }),
    made: whenMade(holder, { from: platformTimeOf(begun, step.context).earliest }),
    content: isWhatWasSent(step.kind, holder, inputs) ? "equal" : "different",
  });
};

/** Whether another try is worth it, and there is time for it. */
function hasTimeLeft(creation: Creation, reply: Reply, pauseMs: number): boolean {
  const { inputs, before, attempts, lostAt, step } = creation;
  const { budget, context } = step;
  const mayBeOurs =
    lostAt !== undefined || inputs.__autonamed === true || before?.name === keyOf(step.kind, inputs);
  const isWorthIt = reply.kind === "lost" ? attempts <= context.settings.maxRetries : mayBeOurs;
  return isWorthIt && pauseMs < budget.left() && !budget.signal.aborted;
}

/** A lost answer is trouble of the platform; a key that is taken is looked at again, more and more rarely. */
function pauseAfter({ attempts }: Creation, reply: Reply): number {
  if (reply.kind === "lost") return pauseBefore(reply.error, attempts);
  return doubling(attempts, TAKEN_FIRST_MS, TAKEN_LONGEST_MS);
}

/** The pause before the POST is sent again. @returns `aborted` where it is not to be sent any more. */
async function pauseToPostAgain(
  { inputs, step }: Creation,
  reply: Reply,
  pauseMs: number,
): Promise<"over" | "aborted"> {
  const { budget, context } = step;
  if (reply.kind === "taken")
    context.log(inputs.__urn).status(`${sayName(step.kind, inputs)} is being made by an earlier run`);
  await sleep(pauseMs, budget.signal);
  if (budget.signal.aborted) return "aborted";
  if (reply.kind === "lost") budget.retryCount += 1;
  return "over";
}

/** What becomes of the resource's record. */
async function keepRecord(
  { inputs, before, attempts, step }: Creation,
  { record }: ReplyVerdict,
  holder: Observed | undefined,
): Promise<void> {
  const { journal, now } = step.context;
  const { __urn: urn } = inputs;
  const name = keyOf(step.kind, inputs);
  if (urn === undefined || record === "kept") return;
  if (record === "restored") {
    if (attempts === 0) return;
    await (before === undefined ? journal.forget(urn) : journal.write(before));
    return;
  }
  // What was recognised is known by its id from now on: what is adopted later is not it.
  const objectId = holder?.id;
  const known = await journal.find(urn);
  if (known?.objectId === objectId) return;
  const isOver = known === undefined || known.phase === "stored";
  const begun: CreateRecord = isOver
    ? { urn, name, phase: "posting", postedAt: now(), fingerprints: [] }
    : known;
  await journal.write(accepted({ ...begun, name, jobId: undefined }, { objectId }));
}

/** Does what was decided. */
async function act(
  { inputs, step }: Creation,
  { next }: ReplyVerdict,
  reply: Reply,
  holder: Observed | undefined,
): Promise<Posted | "post"> {
  const { kind, context } = step;
  const id = holder?.id;
  const unfit = () => fixedDifferences(kind, holder as Observed, inputs).map(sayFixed);
  switch (next) {
    case "POST":
    case "WAIT, POST":
      return "post";
    case "USE, made by an earlier run":
      context
        .log(inputs.__urn)
        .info(`${sayName(kind, inputs)} was made by an earlier run (id ${id}): it is kept`);
      return used(holder);
    case "USE":
      return used(holder);
    case "ADOPT":
      // Of two that would adopt it at the same time, only one does.
      if (id !== undefined && !context.stack.reserve(id)) throw heldAlready(kind, inputs, id);
      return used(holder);
    case "DELETE, POST":
      await makeRoom(String(id), unfit(), inputs, step);
      return "post";
    case "FAIL: in the stack":
      throw heldAlready(kind, inputs, id);
    case "FAIL: cannot be adopted":
      throw cannotBeAdopted(kind, inputs, id, unfit());
    case "FAIL: refused":
    case "FAIL: no answer":
      throw errorIn(reply);
    default:
      throw conflict(kind, inputs, id, refusalIn(reply), next === "FAIL: conflict, uncertain");
  }
}

const used = (holder: Observed | undefined): Posted =>
  accepted<Posted>({ phase: "posting", isMet: true, seen: holder }, { objectId: holder?.id });

const errorIn = (reply: Reply): unknown => ("error" in reply ? reply.error : undefined);

/** What has said that the key is taken; a look says it by itself. */
const refusalIn = (reply: Reply): GenesysError | undefined =>
  reply.kind === "taken" || reply.kind === "lost" ? reply.error : undefined;

/** Deletes what an earlier run has made, and no update can make what is asked for now. */
async function makeRoom(id: string, why: readonly string[], inputs: Inputs, step: KindStep): Promise<void> {
  step.context
    .log(inputs.__urn)
    .info(
      `${sayName(step.kind, inputs)} was made by an earlier run (id ${id}), and makes room: ${why.join(" and ")}`,
    );
  await removeObject(id, inputs, step);
}

/** No value: it may be secret. */
const sayFixed = (field: string): string => `its ${field} is not the one that the program asks for`;
