/** The one error of a request to the platform, and the questions that are asked of it. */
import { type Access, adviceFor401, adviceFor403 } from "./access.js";
import { sayDuration } from "./say.js";

/** The code of a request that was held back until it was too late. */
export const NOT_SENT = "not.sent";
/** The code of a request that was not sent because the server's certificate was not accepted. */
export const UNTRUSTED = "network.certificate";

/** A request as errors may show it: the path as a template, never an address with values in it. */
export interface RequestName {
  method: string;
  /** The path template, such as `/api/v2/eventbridge/sources/{sourceId}`. */
  path: string;
  /** What the OAuth client must be given for it, where that is known. */
  access?: Access;
}

/** What an answer means that the platform says in its code or its words alone. */
export interface Meaning {
  /** There were too many requests. */
  isThrottled: boolean;
  /** Somebody else changed the object since it was read. */
  isVersionConflict: boolean;
  /** The name belongs to another object. */
  isNameTaken: boolean;
}

/** Tells what an answer means. @param answer as the platform gave it: nothing in it may be masked or cut. */
export const meaningOf = ({
  status,
  code,
  message,
}: Pick<ErrorFacts, "status" | "code" | "message">): Meaning => ({
  // Logins say so with a 400.
  isThrottled: status === 429 || (status === 400 && /rate limit exceeded/i.test(message)),
  isVersionConflict:
    status === 409 || (status === 400 && /does not match the current version/i.test(message)),
  isNameTaken: status === 409 || code === "name.already.exists",
});

/** What is known of a failed request; every text is one that can be told. */
export interface ErrorFacts extends RequestName {
  /** The HTTP status; 0 when there was no answer. */
  status: number;
  /** The platform's error code, or one of ours when there was no answer: `network.timeout`, `network.error`, `network.certificate`, `not.sent`. */
  code: string;
  message: string;
  /** Default: what code and message tell. */
  meaning?: Meaning;
  correlationId?: string;
  /** Requests that were repeated before this one failed for good. */
  retryCount?: number;
  /** The id of the object that the platform's message is about. */
  entityId?: string;
  /** How long the platform asks to wait, in milliseconds. */
  retryAfterMs?: number;
  /** The fields of the body that the platform complains of, in its words, such as `targets[0].priority`. */
  fields?: readonly string[];
  /** What to do about it, where the caller knows better than this room. */
  advice?: string;
}

/** A request that Genesys Cloud did not answer as hoped. Its message can be shown to anybody. */
export class GenesysError extends Error implements ErrorFacts {
  readonly status: number;
  readonly code: string;
  readonly correlationId?: string;
  readonly method: string;
  readonly path: string;
  readonly entityId?: string;
  readonly retryAfterMs?: number;
  readonly fields: readonly string[];
  readonly retryCount: number;
  /** What the platform said, without our additions. */
  readonly said: string;
  readonly meaning: Meaning;

  constructor(private readonly facts: ErrorFacts) {
    super(sentence(facts));
    this.name = "GenesysError";
    this.status = facts.status;
    this.code = facts.code;
    this.said = facts.message;
    this.meaning = facts.meaning ?? meaningOf(facts);
    this.correlationId = facts.correlationId;
    this.method = facts.method;
    this.path = facts.path;
    this.entityId = facts.entityId;
    this.retryAfterMs = facts.retryAfterMs;
    this.fields = facts.fields ?? [];
    this.retryCount = facts.retryCount ?? 0;
    // An error that is printed whole shows its fields: once is enough.
    Object.defineProperty(this, "facts", { enumerable: false });
  }

  /** Whether the platform did not take the request because there were too many. */
  get isThrottled(): boolean {
    return this.meaning.isThrottled;
  }

  /** The same error with more known about it. */
  with(more: Partial<ErrorFacts>): GenesysError {
    return new GenesysError({ ...this.facts, meaning: this.meaning, ...more });
  }
}

/** Whether an error is the platform's answer "there is no such thing". Only a 404 means gone, and not one for a part alone. */
export const isNotFound = (error: unknown): error is GenesysError =>
  error instanceof GenesysError && error.status === 404 && !isPartMissing(error);

/** Whether a part of an object is not found while the rest is there: reads lag behind, or something else has answered. */
export const isPartMissing = (error: unknown): error is GenesysError =>
  error instanceof GenesysError && error.status === 404 && error.code === "answer.malformed";

/** Whether a PUT was refused because somebody else changed the object since it was read. */
export const isVersionConflict = (error: unknown): error is GenesysError =>
  error instanceof GenesysError && error.meaning.isVersionConflict;

/** Whether a POST was refused because the name belongs to another object. */
export const isNameTaken = (error: unknown): error is GenesysError =>
  error instanceof GenesysError && error.meaning.isNameTaken;

/** Whether the request may or may not have been carried out: its answer was lost or says nothing. */
export const isAmbiguous = (error: unknown): error is GenesysError =>
  error instanceof GenesysError &&
  error.code !== UNTRUSTED &&
  (error.status === 0 || error.status >= 500 || (error.status < 300 && error.code === "answer.malformed"));

function sentence(facts: ErrorFacts): string {
  const sent = facts.status === 0 ? "got no answer" : `was answered ${facts.status} (${facts.code})`;
  const answer = facts.code === NOT_SENT ? "was not sent" : sent;
  const trace = facts.correlationId === undefined ? "" : ` [correlation id ${facts.correlationId}]`;
  const end = /[.!?]$/.test(facts.message) ? "" : ".";
  const wait = facts.retryAfterMs ? ` Genesys Cloud asks to wait ${sayDuration(facts.retryAfterMs)}.` : "";
  const advice = facts.advice ?? adviceFor(facts);
  return `${facts.method} ${facts.path} ${answer}: ${facts.message}${end}${trace}${wait}${advice === "" ? "" : ` ${advice}`}`;
}

/** What a person can do about it. */
function adviceFor(facts: ErrorFacts): string {
  if (facts.status === 401) return adviceFor401(facts.access);
  if (facts.status === 403) return adviceFor403(facts.access);
  if (facts.status === 404) return facts.access?.absent ?? "";
  // What was not sent says itself what it waited for: the limit, the login, or nothing any more.
  if (facts.code === NOT_SENT && facts.status === 429) return "Run the same command again.";
  if (facts.status === 429)
    return "The rate limit of the OAuth client is used up; run the same command again later.";
  if (facts.status === 0)
    return "Check the region, the gateway and the network between here and Genesys Cloud.";
  if (facts.status >= 500) return "The platform is in trouble; run the same command again later.";
  return "";
}
