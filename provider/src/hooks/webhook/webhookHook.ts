/** The hook that tells a receiver of each step that changed something. */
import { resolve } from "node:path";
import { machineTime } from "../../genesys/time.js";
import { inQuotes } from "../../printable.js";
import type { Context } from "../../resourceHandler.js";
import { AUDIT_FILE } from "../../settings.js";
import { NOTICE_STEP_MS } from "../../waits.js";
import { type Head, sayHead } from "../audit/record.js";
import type { LifecycleHook, LifecycleStep, Outcome } from "../lifecycle.js";
import { createAvailability } from "./availability.js";
import { type Notice, noticeOf } from "./notice.js";
import { type Outbox, openOutbox, outboxFolder, type Slot } from "./outbox.js";
import { seal } from "./sealed.js";
import { type Sending, sendInOrder, sendTo } from "./send.js";

/** A notice on its way. */
interface OnItsWay {
  notice: Notice;
  address: string;
  /** Where it lies; absent when it could not be written. */
  slot?: Slot;
}

/**
 * Sends a notice of every step to the resource's webhook address. It lies in the outbox before the first attempt and
 * until it is delivered; trouble is one warning on the resource, unless `webhookRequired` makes more of it.
 *
 * @param auditHead the end of the audit log, which every notice bears.
 */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a closure in the place of a class; each of its methods is short, and they share what stands at its top
export function createWebhookHook(auditHead: () => Head | undefined): LifecycleHook {
  let outbox: Outbox | undefined;
  const onTheirWay = new WeakMap<LifecycleStep, OnItsWay>();
  const availability = createAvailability(machineTime.elapsed);

  const outboxOf = ({ settings, projectFolder, log }: Context): Outbox => {
    const folder = resolve(projectFolder, outboxFolder(settings.auditLog.file ?? AUDIT_FILE));
    outbox ??= openOutbox(folder, log().warn);
    return outbox;
  };

  async function record(context: Context, step: LifecycleStep, outcome: Outcome): Promise<undefined> {
    const address = outcome.about.webhookUrl;
    if (address === undefined || changedNothing(step, outcome)) return;
    const head = auditHead();
    const notice = noticeOf(step, outcome, {
      now: context.now(),
      auditHead: head && sayHead(head),
      format: context.settings.webhookFormat,
    });
    const onItsWay: OnItsWay = { notice, address };
    onTheirWay.set(step, onItsWay);
    try {
      const sealed = await seal(address, notice, context.settings);
      Object.assign(onItsWay, await outboxOf(context).put({ ...notice, address: sealed }));
    } catch (error) {
      context
        .log(outcome.about.urn)
        .warn(
          `the notice of this step could not be written to the outbox (${(error as Error).message}): if it cannot be delivered now, it is lost`,
        );
    }
  }

  async function after(context: Context, step: LifecycleStep, outcome: Outcome): Promise<string | undefined> {
    const onItsWay = onTheirWay.get(step);
    const { about, failure, finalStatus } = outcome;
    if (onItsWay === undefined)
      return context.settings.webhookRequired ? sendEarlier(context, step, outcome) : undefined;
    const trouble = await send(context, onItsWay).catch(
      (error: Error) => `the outbox cannot be used (${error.message})`,
    );
    if (trouble === undefined) return undefined;
    const where =
      onItsWay.slot === undefined
        ? "It is lost."
        : `It waits in ${outboxOf(context).folder} and is sent by "genesyscloud-eventbridge webhook redeliver"; what a receiver could not take at all also goes out before its next notice.`;
    const what = `the notice of this ${step.operation} was not delivered: ${trouble}.`;
    if (context.settings.webhookRequired && failure === undefined)
      return `${step.kind} ${inQuotes(about.name)} is as the program asks (${finalStatus}), but ${what} ${where} ${REQUIRED}`;
    context.log(about.urn).warn(`${what} ${where}`);
    return undefined;
  }

  /** Where notices are required, a step that has none of its own still owes those of the steps before. */
  async function sendEarlier(
    context: Context,
    { kind }: LifecycleStep,
    { about, failure, finalStatus }: Outcome,
  ): Promise<string | undefined> {
    if (about.urn === undefined || failure !== undefined) return undefined;
    const trouble = await troubleOf(context, about.urn, about.webhookUrl).catch(
      (error: Error) => `the outbox cannot be used (${error.message})`,
    );
    if (trouble === undefined) return undefined;
    return `${kind} ${inQuotes(about.name)} is as the program asks (${finalStatus}), but an earlier notice was not delivered: ${trouble}. ${REQUIRED}`;
  }

  /** Sends what waits of a resource. @returns why something of it was not delivered. */
  async function troubleOf(
    context: Context,
    urn: string,
    first: string | undefined,
  ): Promise<string | undefined> {
    const box = outboxOf(context);
    const sent = await sendInOrder(box, await box.waitingOf(urn), { ...sendingIn(context), first });
    return sent.find((each) => each.trouble !== undefined)?.trouble;
  }

  /** After what waits of the same resource. @returns why the notice was not delivered. */
  async function send(context: Context, onItsWay: OnItsWay): Promise<string | undefined> {
    const { notice, address, slot } = onItsWay;
    const known = slot === undefined ? undefined : { slot, notice, address };
    const sending = { ...sendingIn(context, slot), known, first: address };
    const before = new Map(sending.unavailable);
    const trouble =
      slot === undefined
        ? await sendUnwritten(address, notice, sending)
        : await sendInTurn(outboxOf(context), slot, notice.source, sending);
    if (trouble === undefined) availability.learned(address, undefined);
    for (const [each, reason] of sending.unavailable)
      if (!before.has(each)) availability.learned(each, reason);
    return trouble;
  }

  /** Where notices are required, every step has a right to its own attempt, and to those before it. */
  function sendingIn({ settings, signal }: Context, own?: Slot): Sending {
    const isRequired = settings.webhookRequired;
    return {
      settings,
      signal,
      until: machineTime.elapsed() + NOTICE_STEP_MS,
      unavailable: isRequired ? new Map() : availability.leftAlone(),
      again: (slot) => isRequired || slot === own,
    };
  }

  return { record, after };
}

/** Sends a notice that could not be written to the outbox. @returns why it was not delivered. */
async function sendUnwritten(address: string, notice: Notice, sending: Sending): Promise<string | undefined> {
  const delivery = await sendTo(address, notice, sending);
  if (delivery.result === "unavailable") sending.unavailable.set(address, delivery.trouble);
  return delivery.result === "delivered" ? undefined : delivery.trouble;
}

/** Sends all that waits of a resource, among it the notice in this place. @returns why that one was not delivered. */
async function sendInTurn(
  box: Outbox,
  slot: Slot,
  source: string,
  sending: Sending,
): Promise<string | undefined> {
  const sent = await sendInOrder(box, await box.waitingOf(source), sending);
  const own = sent.find((each) => each.slot === slot);
  return own === undefined ? "it is no longer in the outbox" : own.trouble;
}

const REQUIRED =
  "genesyscloud:webhookRequired makes that a failure; run the same command again when the receiver answers.";

/** Whether an update left the object as it was, as one of time-outs alone does: then there is nothing to tell. */
const changedNothing = ({ operation, about: before }: LifecycleStep, { about, failure }: Outcome): boolean =>
  operation === "update" &&
  failure === undefined &&
  before.version !== undefined &&
  before.version === about.version &&
  // What an integration is intended to be raises no version.
  before.status === about.status &&
  // Versions of an object that was made again begin anew.
  before.id === about.id;
