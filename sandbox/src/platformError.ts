/** The part of an error that differs from case to case. */
export interface ErrorFacts {
  code: string;
  message: string;
  /** The message with `{placeholders}`, and what they stand for. */
  messageWithParams?: string;
  messageParams?: Record<string, string>;
  entityId?: string | null;
  entityName?: string | null;
  details?: { errorCode: string; fieldName: string; message: string }[];
  limit?: { key: string; namespace: string; value: number };
  headers?: Record<string, string>;
}

/** An answer that isn't a success, in the platform's shape. */
export class PlatformError extends Error {
  constructor(
    readonly status: number,
    readonly facts: ErrorFacts,
  ) {
    super(facts.message);
  }

  body(contextId: string): Record<string, unknown> {
    const { headers: _, message, code, ...facts } = this.facts;
    return {
      message,
      code,
      status: this.status,
      entityId: null,
      entityName: null,
      messageWithParams: message,
      messageParams: {},
      contextId,
      details: [],
      errors: [],
      ...facts,
    };
  }
}

/** 400 for a request that can't be read, or makes no sense. */
export function badRequest(message: string, code = "bad.request"): PlatformError {
  return new PlatformError(400, { code, message });
}

/** The object a request body must be. */
export function objectIn(body: unknown): Record<string, unknown> {
  if (typeof body === "object" && body !== null && !Array.isArray(body))
    return body as Record<string, unknown>;
  throw badRequest("The body must be a JSON object.");
}

/** 404, or 410, for an object that isn't there. */
export function notFound(entityName: string, entityId: string, status: 404 | 410 = 404): PlatformError {
  return new PlatformError(status, {
    code: status === 410 ? "gone" : "not.found",
    message: `The requested ${entityName} '${entityId}' was not found.`,
    messageWithParams: `The requested ${entityName} '{entityId}' was not found.`,
    messageParams: { entityId },
    entityId,
    entityName,
  });
}

const usualErrors: Record<number, [code: string, message: string]> = {
  400: ["bad.request", "The request could not be understood by the server."],
  401: ["bad.credentials", "Invalid login credentials."],
  403: ["missing.any.permissions", "Unable to perform the requested action."],
  404: ["not.found", "The requested resource was not found."],
  409: ["general.conflict", "The request conflicts with the state of the resource."],
  410: ["gone", "The requested resource is gone."],
  413: ["request.entity.too.large", "The request is larger than allowed."],
  415: ["unsupported.media.type", "The content type is not supported: send application/json."],
  429: ["too.many.requests.retry.after", "Rate limit exceeded the maximum."],
  500: ["internal.server.error", "The server encountered an unexpected condition."],
  502: ["bad.gateway", "The gateway got no valid answer."],
  503: ["service.unavailable", "Service Unavailable - The server is currently unavailable."],
  504: ["gateway.timeout", "The gateway got no answer in time."],
};

/** The platform's usual error of a status. */
export function usualError(status: number): PlatformError {
  const [code, message] = usualErrors[status] ?? ["error", `Answered with status ${status}.`];
  return new PlatformError(status, { code, message });
}
