import type { IncomingMessage } from "node:http";
import type { LookupFunction } from "node:net";
import { retryAfterIn } from "../../genesys/retry.js";
import { resolvePublic } from "./address.js";

/** What a receiver answered. */
export interface Answer {
  status: number;
  /** How long it asks to wait, in milliseconds. */
  retryAfterMs?: number;
}

/** There was no answer in time. */
export class NoAnswerError extends Error {
  constructor(timeoutMs: number) {
    super(`no answer within ${Math.ceil(timeoutMs / 1_000)} s`);
  }
}

/** What is sent. */
export interface Message {
  headers: Readonly<Record<string, string>>;
  body: string;
}

/**
 * Posts once, over a connection of its own to an address that was checked, and reads no more than the status:
 * whatever a receiver answers behind it is of no interest. Redirects are not followed.
 *
 * @param options.timeoutMs how long it may take, from the look-up of the name to the status line.
 * @throws Error without the address in its message, when there is no answer.
 */
export async function post(
  address: string,
  message: Message,
  { allowPrivate, timeoutMs }: { allowPrivate: boolean; timeoutMs: number },
): Promise<Answer> {
  const url = new URL(address);
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  const tooLate = new Promise<never>((_, reject) => {
    timeout.signal.addEventListener("abort", () => reject(new NoAnswerError(timeoutMs)));
  });
  try {
    return await Promise.race([send(url, message, allowPrivate, timeout.signal), tooLate]);
  } finally {
    clearTimeout(timer);
    timeout.abort();
  }
}

async function send(url: URL, message: Message, allowPrivate: boolean, signal: AbortSignal): Promise<Answer> {
  const addresses = await resolvePublic(url, allowPrivate);
  const pinned: LookupFunction = (_host, options, found) => {
    const [first] = addresses;
    if (options.all) found(null, addresses);
    else found(null, first?.address ?? "", first?.family);
  };
  const { request } = await (url.protocol === "https:" ? import("node:https") : import("node:http"));
  const body = Buffer.from(message.body);
  return new Promise((resolve, reject) => {
    const options = {
      method: "POST",
      headers: { ...message.headers, "content-length": body.length },
      agent: false as const,
      lookup: pinned,
      signal,
    };
    const take = (answer: IncomingMessage) => {
      resolve({
        status: answer.statusCode ?? 0,
        retryAfterMs: retryAfterIn(answer.headers, Date.now()),
      });
      answer.destroy();
    };
    request(url, options, take).on("upgrade", take).on("error", reject).end(body);
  });
}
