/** Sends what waits in the outbox, in order, and puts back what was not delivered. */
import type { Settings } from "../../settings.js";
import { type DeliveryBudget, deliver, hasTime, NO_TIME } from "./deliver.js";
import type { Notice } from "./notice.js";
import type { Outbox, Slot } from "./outbox.js";
import { unseal } from "./sealed.js";
import { webhookHeaders } from "./signature.js";

/** What a sending is limited by, and what it signs with. */
export interface Sending extends Omit<DeliveryBudget, "allowPrivate"> {
  settings: Settings;
  /** Addresses that would be tried in vain now, and why; what is learned is added. */
  unavailable: Map<string, string>;
  /** Which of the notices that the receiver did not want are tried again. */
  again(slot: Slot, refusal: "refused" | "gone"): boolean;
  /** Whether what an earlier release wrote is sent, too: nothing shows that its address belongs to it. */
  evenUnbound?: boolean;
  /** The address whose notices go first; default: none does. */
  first?: string;
  /** What this process has just put there itself: it need not be read, nor its address decrypted. */
  known?: { slot: Slot } & Readable;
}

/** A notice, and where it goes. */
interface Readable {
  notice: Notice;
  address: string;
}

/** What became of a waiting notice. */
export interface Sent {
  slot: Slot;
  /** Why it still waits; absent when it was delivered, now or by somebody else. */
  trouble?: string;
}

/** Sends a notice to its address. */
export const sendTo = (address: string, notice: Notice, { settings, until, signal }: Sending) =>
  deliver(address, () => message(notice, settings), {
    allowPrivate: settings.webhookAllowPrivate,
    until,
    signal,
  });

/** A notice with the headers of an attempt that is made now. */
export const message = (
  { id, body, contentType }: Pick<Notice, "id" | "body" | "contentType">,
  { webhookSecrets }: Pick<Settings, "webhookSecrets">,
) => ({
  headers: {
    "content-type": contentType,
    ...webhookHeaders(id, body, { secrets: webhookSecrets, now: Date.now() }),
  },
  body,
});

/**
 * Sends what waits of one resource, oldest first, all within one budget. A receiver that is not available gets nothing more:
 * it must not learn of a later step first. What a receiver does not want, what goes elsewhere and what cannot be read hold nothing up.
 */
export async function sendInOrder(outbox: Outbox, slots: readonly Slot[], sending: Sending): Promise<Sent[]> {
  const sent: Sent[] = [];
  const later: Slot[] = [];
  for (const slot of slots) {
    const outcome = await sendOne(outbox, slot, sending);
    if (outcome === "goes later") later.push(slot);
    else sent.push(outcome);
  }
  if (later.length === 0) return sent;
  return [...sent, ...(await sendInOrder(outbox, later, { ...sending, first: undefined }))];
}

/** `goes later`: its address is not the one whose notices go first. */
async function sendOne(outbox: Outbox, slot: Slot, sending: Sending): Promise<Sent | "goes later"> {
  const waits = (trouble: string): Sent => ({ slot, trouble });
  // What waits can be much: nothing of it is read that cannot be sent.
  if (!hasTime(sending)) return waits(NO_TIME);
  const { known, first } = sending;
  const found = known?.slot === slot ? known : await readFrom(outbox, slot, sending);
  if (found === undefined) return { slot };
  if (typeof found === "string") return waits(found);
  const { notice, address } = found;
  // Order is owed to each receiver alone: one that takes all the time must not keep it from another, run after run.
  if (first !== undefined && address !== first) return "goes later";
  const reason = sending.unavailable.get(address);
  if (reason !== undefined) return waits(`an earlier one was not delivered: ${reason}`);
  const delivery = await sendTo(address, notice, sending);
  if (delivery.result === "delivered") {
    await outbox.remove(slot);
    return { slot };
  }
  const { result, trouble } = delivery;
  if (result === "unavailable" || result === "gone") sending.unavailable.set(address, trouble);
  const isFinal = result === "refused" || result === "gone";
  const stored = await outbox.read(slot);
  if (stored !== undefined)
    await outbox.update(slot, { ...stored, trouble, ...(isFinal ? { refusal: result } : {}) });
  return waits(trouble);
}

/** @returns what is to be sent; why it is not; or nothing, where somebody else has delivered it. */
async function readFrom(
  outbox: Outbox,
  slot: Slot,
  sending: Sending,
): Promise<Readable | string | undefined> {
  const notice = await outbox.read(slot);
  if (notice === undefined) return undefined;
  const { refusal, trouble: before = "the receiver did not want it" } = notice;
  if (refusal !== undefined && !sending.again(slot, refusal)) return before;
  const unsealed = await unseal(notice.address, notice, sending.settings);
  if (unsealed === "unreadable") return UNREADABLE;
  if (unsealed === "altered") {
    await outbox.setAside(slot, ALTERED);
    return ALTERED;
  }
  if ("unbound" in unsealed && !sending.evenUnbound) return UNBOUND;
  return { notice, address: "unbound" in unsealed ? unsealed.unbound : unsealed.address };
}

const UNREADABLE =
  "its address cannot be read: it was encrypted with secrets of the stack (webhookSecret, oauthClientSecret, accessToken) that are no longer configured, or the file was changed";

const ALTERED = "it is not what this package wrote there: its parts were changed, or do not belong together";

const UNBOUND =
  'an earlier release wrote it, and nothing shows that its address belongs to it: look at it with "genesyscloud-eventbridge webhook list --json", then send it with "webhook redeliver ID --force", or take it out with "webhook discard ID"';
