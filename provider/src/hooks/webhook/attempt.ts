/** One attempt to deliver a notice, to exactly the address that was allowed. */
import type { IncomingMessage } from "node:http";
import type { LookupFunction } from "node:net";
import { retryAfterIn } from "../../genesys/retry.js";
import { ANSWER_BODY_MS } from "../../waits.js";
import { resolvePublic } from "./address.js";

/** What a receiver answered. */
export interface Answer {
  status: number;
  /** How long it asks to wait, in milliseconds. */
  retryAfterMs?: number;
  /** How its body begins, where that was asked for. */
  text?: string;
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

/** What limits an attempt. */
export interface AttemptOptions {
  allowPrivate: boolean;
  /** How long it may take, from the look-up of the name to the end of what is read. */
  timeoutMs: number;
  /** How many bytes of the answer's body are read; default: none. */
  readBytes?: number;
}

/**
 * Posts once, over a connection of its own to an address that was checked, and reads no more than the status, unless it
 * is asked to: whatever a receiver answers behind it is of no interest to a notice. Redirects are not followed.
 *
 * @throws Error without the address in its message, when there is no answer.
 */
export async function post(address: string, message: Message, options: AttemptOptions): Promise<Answer> {
  const { timeoutMs } = options;
  const url = new URL(address);
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  const tooLate = new Promise<never>((_, reject) => {
    timeout.signal.addEventListener("abort", () => reject(new NoAnswerError(timeoutMs)));
  });
  try {
    return await Promise.race([send(url, message, options, timeout.signal), tooLate]);
  } finally {
    clearTimeout(timer);
    timeout.abort();
  }
}

async function send(
  url: URL,
  message: Message,
  { allowPrivate, readBytes = 0 }: AttemptOptions,
  signal: AbortSignal,
): Promise<Answer> {
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
      const known = {
        status: answer.statusCode ?? 0,
        retryAfterMs: retryAfterIn(answer.headers, Date.now()),
      };
      if (readBytes > 0) return resolve(beginningOf(answer, readBytes).then((text) => ({ ...known, text })));
      resolve(known);
      answer.destroy();
    };
    request(url, options, take).on("upgrade", take).on("error", reject).end(body);
  });
}

/** How a body begins; one that breaks off, or comes to no end, is what has come of it. */
async function beginningOf(answer: IncomingMessage, bytes: number): Promise<string> {
  const timer = setTimeout(() => answer.destroy(), ANSWER_BODY_MS);
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of answer) {
      parts.push(part);
      size += part.length;
      if (size >= bytes) break;
    }
  } catch {
    // The status is what counts.
  }
  clearTimeout(timer);
  return Buffer.concat(parts).subarray(0, bytes).toString("utf8");
}
