/** A receiver of the webhook's notices that lasts as long as the running test. */
import { onTestFinished } from "vitest";
import { openReceiver, type Receiver } from "../support/receiver.js";

export type { Receiver } from "../support/receiver.js";

/** Starts a receiver that ends with the running test. @param host where it listens. */
export async function startReceiver(host?: string): Promise<Receiver> {
  const receiver = await openReceiver(host);
  onTestFinished(receiver.close);
  return receiver;
}
