import { resolve } from "node:path";
import type { Context } from "../../resourceHandler.js";
import { AUDIT_FILE } from "../../settings.js";
import type { Head } from "../audit/record.js";
import { sayHead } from "../audit/record.js";
import type { LifecycleHook, LifecycleStep, Outcome } from "../lifecycle.js";
import { type Notice, noticeOf } from "./notice.js";
import { type Outbox, openOutbox, outboxFolder, type Slot } from "./outbox.js";
import { type SealedAddress, seal } from "./sealed.js";
import { sendInOrder, sendTo } from "./send.js";

/** How long a step goes on trying, in milliseconds: a passing hiccup is worth it, an outage is not. */
const INLINE_BUDGET_MS = 10_000;
/** How long a receiver that could not be reached is left alone, in milliseconds: its notices wait in the outbox. */
const LEFT_ALONE_MS = 60_000;

/** A notice on its way. */
interface OnItsWay {
  notice: Notice;
  address: string;
  /** Where it lies; absent when it could not be written. */
  slot?: Slot;
}

/**
 * Sends a notice of every step to the source's webhook address. It lies in the outbox before the first attempt and
 * until it is delivered; trouble is one warning on the resource, unless `webhookRequired` makes more of it.
 *
 * @param auditHead the end of the audit log, which every notice bears.
 */
export function createWebhookHook(auditHead: () => Head | undefined): LifecycleHook {
  let outbox: Outbox | undefined;
  const onTheirWay = new WeakMap<LifecycleStep, OnItsWay>();
  /** Most sources share one address: it is encrypted once. */
  const sealed = new Map<string, Promise<SealedAddress>>();
  const leftAloneUntil = new Map<string, number>();

  const outboxOf = ({ settings, projectFolder }: Context): Outbox => {
    outbox ??= openOutbox(resolve(projectFolder, outboxFolder(settings.auditLog.file ?? AUDIT_FILE)));
    return outbox;
  };

  async function record(context: Context, step: LifecycleStep, outcome: Outcome): Promise<undefined> {
    const address = outcome.about.webhookUrl;
    if (address === undefined) return;
    const head = auditHead();
    const notice = noticeOf(step, outcome, {
      now: context.now(),
      auditHead: head && sayHead(head),
      format: context.settings.webhookFormat,
    });
    const onItsWay: OnItsWay = { notice, address };
    onTheirWay.set(step, onItsWay);
    try {
      const known = sealed.get(address) ?? seal(address, context.settings);
      sealed.set(address, known);
      onItsWay.slot = await outboxOf(context).put({ ...notice, address: await known });
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
    if (onItsWay === undefined) return undefined;
    const trouble = await send(context, onItsWay);
    if (trouble === undefined) return undefined;
    const where =
      onItsWay.slot === undefined
        ? "It is lost."
        : `It waits in ${outboxOf(context).folder} and goes out before the next notice of this source, or with "genesyscloud-eventbridge webhook redeliver".`;
    const what = `the notice of this ${step.operation} was not delivered: ${trouble}.`;
    if (context.settings.webhookRequired && outcome.failure === undefined)
      return `${step.kind} ${JSON.stringify(outcome.about.name)} is as the program asks (${outcome.finalStatus}), but ${what} ${where} genesyscloud:webhookRequired makes that a failure; run the same command again when the receiver answers.`;
    context.log(outcome.about.urn).warn(`${what} ${where}`);
    return undefined;
  }

  /** @returns why the notice was not delivered. */
  async function send(context: Context, onItsWay: OnItsWay): Promise<string | undefined> {
    const { settings } = context;
    const { address } = onItsWay;
    if (!settings.webhookRequired && (leftAloneUntil.get(address) ?? 0) > context.now())
      return "the receiver was not available a moment ago";
    const { trouble, unavailable } = await trySending(context, onItsWay).catch((error: Error) => ({
      trouble: `the outbox cannot be used (${error.message})`,
      unavailable: false,
    }));
    if (unavailable) leftAloneUntil.set(address, context.now() + LEFT_ALONE_MS);
    return trouble;
  }

  /** After what waits of the same source; a notice that lies nowhere has no others to wait for. */
  async function trySending(
    context: Context,
    { notice, address, slot }: OnItsWay,
  ): Promise<{ trouble?: string; unavailable?: boolean }> {
    const sending = { settings: context.settings, signal: context.signal, budgetMs: INLINE_BUDGET_MS };
    if (slot === undefined) {
      const delivery = await sendTo(address, notice, sending);
      if (delivery.result === "delivered") return {};
      return { trouble: delivery.trouble, unavailable: delivery.result === "unavailable" };
    }
    const box = outboxOf(context);
    const sent = await sendInOrder(box, await box.waitingOf(notice.source), sending);
    return sent.find((each) => each.slot === slot) ?? {};
  }

  return { record, after };
}
