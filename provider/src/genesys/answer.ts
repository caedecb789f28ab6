/** Turns what the platform's SDK answers, or rejects with, into an answer or an error of ours. */
import { LONGEST, MOST } from "../limits.js";
import { printable } from "../printable.js";
import { certificateAdvice } from "./certificate.js";
import { GenesysError, meaningOf, type RequestName, UNTRUSTED } from "./errors.js";
import { Unholdable } from "./exactJson.js";
import { retryAfterIn } from "./retry.js";

/**
 * The platform's own words as they can be told: masked, then made printable, then cut, so that no cut can keep a secret
 * from being known again.
 */
export const told = (words: string, limit: number, hide = (text: string) => text): string =>
  printable(hide(words), limit);

/** Whose time was over before the answer came, if anybody's. */
type Overdue = keyof typeof OVERDUE | undefined;

const OVERDUE = {
  request: { message: "the request took too long" },
  step: {
    message: "the step had to be over before the answer came",
    advice:
      "Run the same command again. Where that recurs, give it more time (timeouts), or look at the network.",
  },
} as const;

/**
 * Makes one error of whatever the SDK rejects with: an extended answer, or a raw axios error whose
 * configuration bears the credentials. Nothing but the listed facts is kept, and of these what can be told.
 *
 * @param context.hide masks what the platform repeats of what it was sent.
 */
export function toGenesysError(
  raw: unknown,
  request: RequestName,
  context: { now: number; overdue?: Overdue; hide?: (text: string) => string },
): GenesysError {
  if (raw instanceof GenesysError) return raw;
  const rejection = asObject(raw);
  const answer =
    typeof rejection.status === "number" && "body" in rejection ? rejection : asObject(rejection.response);
  if (typeof answer.status !== "number") return withoutAnswer(rejection, request, context.overdue);

  const headers = asObject(answer.headers);
  const body = asObject(answer.body ?? answer.data);
  const words = [body.message, body.description, body.error_description].find(
    (each): each is string => typeof each === "string" && each !== "",
  );
  const code = text(body.code) ?? text(body.error) ?? `http.${answer.status}`;
  const say = (said: string | undefined, limit: number) =>
    said === undefined ? undefined : told(said, limit, context.hide);
  return new GenesysError({
    ...request,
    status: answer.status,
    code: told(code, LONGEST.word, context.hide),
    message: say(words, LONGEST.quote) ?? withoutWords(answer.status),
    // Masking may have taken words out that it takes to tell.
    meaning: meaningOf({ status: answer.status, code, message: words ?? "" }),
    correlationId: say(text(headers["inin-correlation-id"]) ?? text(body.contextId), LONGEST.word),
    entityId: say(text(body.entityId), LONGEST.word),
    fields: fieldsIn(body).map((field) => told(field, LONGEST.fieldName, context.hide)),
    retryAfterMs: retryAfterIn(headers, context.now),
  });
}

/** Error details name their field in one of these ways. */
function fieldsIn(body: Record<string, unknown>): string[] {
  const named: string[] = [];
  for (const details of [body.details, body.errors])
    for (const each of Array.isArray(details) ? details.slice(0, MOST.fieldsNamed) : []) {
      const { fieldName, field, path } = asObject(each);
      const name = text(fieldName) ?? text(field) ?? text(path);
      if (name !== undefined) named.push(name);
    }
  return named.slice(0, MOST.fieldsNamed);
}

function withoutAnswer(
  rejection: Record<string, unknown>,
  request: RequestName,
  overdue: Overdue,
): GenesysError {
  if (overdue !== undefined)
    return new GenesysError({ ...request, status: 0, code: "network.timeout", ...OVERDUE[overdue] });
  if (/maxContentLength/.test(text(rejection.message) ?? ""))
    return new GenesysError({
      ...request,
      status: 200,
      code: "answer.malformed",
      message: "the answer is larger than 10 MB",
    });
  const reason = told(text(rejection.code) ?? "no connection", LONGEST.word);
  const advice = certificateAdvice(reason, "the region, the gateway and the proxy");
  return new GenesysError({
    ...request,
    status: 0,
    code: advice === undefined ? "network.error" : UNTRUSTED,
    message: `the connection failed (${reason})`,
    advice,
  });
}

/** For an answer that is HTML, empty or cut off: say so rather than quote a page of a proxy. */
function withoutWords(status: number): string {
  return status >= 300 && status < 400
    ? "the answer is a redirect, which is not followed"
    : "the answer bears no message of Genesys Cloud; does a proxy or gateway answer in its place?";
}

/** @throws GenesysError when a successful answer that should bear an object bears none. */
export function requireObject(answer: { status: number; body: unknown }, request: RequestName): object {
  const { body } = answer;
  const isObject = typeof body === "object" && body !== null && !Array.isArray(body);
  if (isObject && !(body instanceof Unholdable)) return body;
  throw new GenesysError({
    ...request,
    status: answer.status,
    code: "answer.malformed",
    message: `the answer's body ${whatInstead(body)}`,
  });
}

function whatInstead(body: unknown): string {
  if (body instanceof Unholdable) return body.why;
  const isEmpty = body === "" || body === undefined || body === null;
  const what = isEmpty ? "empty" : Array.isArray(body) ? "a list" : "not JSON";
  return `is ${what}; does a proxy or gateway answer in the platform's place?`;
}

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;
const asObject = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
