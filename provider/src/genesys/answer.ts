import { certificateAdvice } from "./certificate.js";
import { GenesysError, type RequestName, UNTRUSTED } from "./errors.js";
import { Unholdable } from "./exactJson.js";
import { retryAfterIn } from "./retry.js";

/** The longest piece of the platform's own words that is put into a message, in characters. */
const LONGEST_QUOTE = 500;

/**
 * Makes one error of whatever the SDK rejects with: an extended answer, or a raw axios error whose
 * configuration bears the credentials. Nothing but the listed facts is taken over.
 */
export function toGenesysError(
  raw: unknown,
  request: RequestName,
  context: { now: number; timedOut: boolean },
): GenesysError {
  if (raw instanceof GenesysError) return raw;
  const rejection = asObject(raw);
  const answer =
    typeof rejection.status === "number" && "body" in rejection ? rejection : asObject(rejection.response);
  if (typeof answer.status !== "number") return withoutAnswer(rejection, request, context.timedOut);

  const headers = asObject(answer.headers);
  const body = asObject(answer.body ?? answer.data);
  const words = [body.message, body.description, body.error_description].find(
    (each): each is string => typeof each === "string" && each !== "",
  );
  return new GenesysError({
    ...request,
    status: answer.status,
    code: text(body.code) ?? text(body.error) ?? `http.${answer.status}`,
    message: words === undefined ? withoutWords(answer.status) : words.slice(0, LONGEST_QUOTE),
    correlationId: text(headers["inin-correlation-id"]) ?? text(body.contextId),
    entityId: text(body.entityId),
    fields: fieldsIn(body),
    retryAfterMs: retryAfterIn(headers, context.now),
  });
}

/** Error details name their field in one of these ways. */
function fieldsIn(body: Record<string, unknown>): string[] {
  const details = [body.details, body.errors].flatMap((each) => (Array.isArray(each) ? each : []));
  const named = details
    .map(asObject)
    .map((each) => text(each.fieldName) ?? text(each.field) ?? text(each.path));
  return named.filter((each) => each !== undefined);
}

function withoutAnswer(
  rejection: Record<string, unknown>,
  request: RequestName,
  timedOut: boolean,
): GenesysError {
  if (timedOut)
    return new GenesysError({
      ...request,
      status: 0,
      code: "network.timeout",
      message: "the request took too long",
    });
  if (/maxContentLength/.test(text(rejection.message) ?? ""))
    return new GenesysError({
      ...request,
      status: 200,
      code: "answer.malformed",
      message: "the answer is larger than 10 MB",
    });
  const reason = text(rejection.code) ?? "no connection";
  const advice = certificateAdvice(reason);
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
