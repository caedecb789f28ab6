import type { Settings } from "../../settings.js";
import { type DeliveryBudget, deliver } from "./deliver.js";
import type { Notice } from "./notice.js";
import type { Outbox, Slot } from "./outbox.js";
import { unseal } from "./sealed.js";
import { webhookHeaders } from "./signature.js";

/** What a sending is limited by, and what it signs with. */
export interface Sending extends Omit<DeliveryBudget, "allowPrivate"> {
  settings: Settings;
}

/** What became of a waiting notice. */
export interface Sent {
  slot: Slot;
  /** Why it still waits; absent when it was delivered, now or by somebody else. */
  trouble?: string;
  /** Whether the same address would be tried in vain now. */
  unavailable?: boolean;
}

/** Sends a notice to its address. */
export const sendTo = (address: string, notice: Notice, { settings, budgetMs, signal }: Sending) =>
  deliver(address, () => message(notice, settings), {
    allowPrivate: settings.webhookAllowPrivate,
    budgetMs,
    signal,
  });

const message = ({ id, body, contentType }: Notice, { webhookSecrets }: Settings) => ({
  headers: {
    "content-type": contentType,
    ...webhookHeaders(id, body, { secrets: webhookSecrets, now: Date.now() }),
  },
  body,
});

/**
 * Sends what waits of one source, oldest first, and stops where the receiver is not available: it must not learn of a
 * later step first. What it does not want holds nothing up.
 *
 * @param even whether to try again what was answered with 410.
 */
export async function sendInOrder(
  outbox: Outbox,
  slots: readonly Slot[],
  sending: Sending,
  { even = false } = {},
): Promise<Sent[]> {
  const sent: Sent[] = [];
  for (const [index, slot] of slots.entries()) {
    const one = await sendOne(outbox, slot, sending, even);
    sent.push(one);
    if (!one.unavailable) continue;
    const trouble = "an earlier notice of the same source was not delivered";
    const behind = slots.slice(index + 1).map((each) => ({ slot: each, trouble, unavailable: true }));
    return [...sent, ...behind];
  }
  return sent;
}

async function sendOne(outbox: Outbox, slot: Slot, sending: Sending, even: boolean): Promise<Sent> {
  const notice = await outbox.read(slot);
  if (notice === undefined) {
    await outbox.remove(slot);
    return { slot };
  }
  if (notice.gone && !even) return { slot, trouble: notice.trouble ?? "it was answered with 410" };
  const address = await unseal(notice.address, sending.settings);
  if (address === undefined) return { slot, trouble: UNREADABLE, unavailable: true };
  const delivery = await sendTo(address, notice, sending);
  if (delivery.result === "delivered") {
    await outbox.remove(slot);
    return { slot };
  }
  const { result, trouble } = delivery;
  await outbox.update(slot, { ...notice, trouble, gone: result === "gone" });
  return { slot, trouble, unavailable: result === "unavailable" };
}

const UNREADABLE =
  "its address cannot be read: it was encrypted with secrets of the stack (webhookSecret, oauthClientSecret, accessToken) that are no longer configured";
