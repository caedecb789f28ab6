import { requireObject, toGenesysError } from "./answer.js";
import { createPlatformClock, type PlatformClock } from "./clock.js";
import { GenesysError, NOT_SENT, type RequestName } from "./errors.js";
import { createJobDurations, type JobDurations } from "./jobDurations.js";
import type { ClientOptions } from "./options.js";
import { createRateGovernor, NotAdmittedError, type Priority, rateHeaders } from "./rateLimit.js";
import { type StepBudget, withRetry } from "./retry.js";
import { type ApiClient, createApiClient, underSignal } from "./sdk.js";
import { createTokenKeeper, type TokenKeeper } from "./token.js";

/** A request to the platform's API. */
export interface Request extends RequestName {
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** Values of the path template; encoded on the way. */
  pathParams?: Record<string, string>;
  query?: Record<string, string | number>;
  body?: object;
  /** Which waiting request goes first when the rate limit is short. Default: by the method. */
  priority?: Priority;
}

/** A successful answer. */
export interface Answer<Body> {
  status: number;
  /** Empty for an answer without content. */
  body: Body;
}

/** The one way to Genesys Cloud: the token, the rate limit, retries and errors are its affair. */
export interface GenesysClient {
  /**
   * @throws GenesysError for every answer but 2xx, after repeating what may be repeated; at the latest one
   *   request's time-out after the budget's deadline.
   */
  send<Body extends object>(request: Request, budget: StepBudget): Promise<Answer<Body>>;
  /** What jobs of this process have taken so far. */
  readonly jobDurations: JobDurations;
  /** The organisation's clock. */
  readonly clock: PlatformClock;
}

/** How many request time-outs a login may take with its retries. */
const LOGIN_TIMEOUTS = 3;

/** A client for these options; nothing is loaded or sent before the first request. */
export function createClient(options: ClientOptions, now: () => number): GenesysClient {
  const { maxRetries, requestTimeoutMs } = options;
  const governor = createRateGovernor(now);
  const clock = createPlatformClock(now);
  let connected: { api: ApiClient; token: TokenKeeper } | undefined;

  function connect() {
    const api = createApiClient(options);
    const login = async (id: string, secret: string) => {
      const deadline = now() + requestTimeoutMs * LOGIN_TIMEOUTS;
      const budget = { deadline, signal: new AbortController().signal, retryCount: 0 };
      // It changes nothing, so any trouble of the server's is worth another try.
      const transient = (error: GenesysError, byDefault: boolean) => byDefault || error.status >= 500;
      const auth = await withRetry(budget, { maxRetries, idempotent: true, now, transient }, () =>
        attempt(LOGIN, budget, () => api.loginClientCredentialsGrant(id, secret)),
      );
      return auth.tokenExpiryTime;
    };
    const token = createTokenKeeper(
      options.credentials,
      { login, use: (given) => api.setAccessToken(given) },
      now,
    );
    return { api, token };
  }

  /** One request, one answer or one error of ours; bounded by the request time-out and the step's deadline. */
  async function attempt<T>(name: RequestName, budget: StepBudget, call: () => Promise<T>): Promise<T> {
    const timeout = new AbortController();
    const left = Math.max(0, Math.min(requestTimeoutMs, budget.deadline - now()));
    const timer = setTimeout(() => timeout.abort(), left);
    try {
      // A change that is on its way is answered also when everything is to stop: its job must not be lost.
      const signals = name.method === "GET" ? [timeout.signal, budget.signal] : [timeout.signal];
      return await underSignal(AbortSignal.any(signals), call);
    } catch (error) {
      throw toGenesysError(error, name, { now: now(), timedOut: timeout.signal.aborted });
    } finally {
      clearTimeout(timer);
    }
  }

  /** One attempt in its turn, what the answer says of the rate limit taken to heart. */
  async function inTurn(api: ApiClient, request: Request, name: RequestName, budget: StepBudget) {
    const priority = request.priority ?? (request.method === "GET" ? "lookup" : "change");
    const admission = await governor
      .admit(priority, budget.deadline, budget.signal)
      .catch((error: unknown) => {
        if (!(error instanceof NotAdmittedError)) throw error;
        throw new GenesysError({ ...name, status: 429, code: NOT_SENT, message: error.message });
      });
    let headers: Readonly<Record<string, unknown>> | undefined;
    try {
      const answer = await attempt(name, budget, async () => {
        const call = callApi(api, request);
        headers = await call.then((ok) => ok.headers, headersOfFailure);
        clock.hear(headers?.date);
        return call;
      });
      return answer;
    } catch (error) {
      if (error instanceof GenesysError && error.status === 429 && error.retryAfterMs !== undefined)
        governor.pause(now() + error.retryAfterMs);
      throw error;
    } finally {
      admission.ended(headers === undefined ? "no answer" : (rateHeaders(headers) ?? "nothing"));
    }
  }

  /** Sends with a good token; one that was good and is refused is renewed once, and the request replayed once. */
  async function withToken<T>(
    token: TokenKeeper,
    name: RequestName,
    budget: StepBudget,
    send: () => Promise<T>,
  ) {
    for (let replayed = false; ; replayed = true) {
      const number = await before(budget, now, name, token.ensure());
      try {
        const answer = await send();
        token.taken(number);
        return answer;
      } catch (error) {
        if (!(error instanceof GenesysError) || error.status !== 401) throw error;
        if (!token.renewable) throw error.with({ advice: NOT_RENEWABLE });
        if (!token.refused(number) || replayed) throw error;
        budget.retryCount += 1;
      }
    }
  }

  return {
    jobDurations: createJobDurations(),
    clock,
    async send<Body extends object>(request: Request, budget: StepBudget): Promise<Answer<Body>> {
      connected ??= connect();
      const { api, token } = connected;
      const name = { method: request.method, path: request.path };
      const idempotent = request.method !== "POST";
      // A login has had its own repetitions.
      const transient = (error: GenesysError, byDefault: boolean) => byDefault && error.path !== LOGIN.path;
      return withRetry(budget, { maxRetries, idempotent, now, transient }, async () => {
        const answer = await withToken(token, name, budget, () => inTurn(api, request, name, budget));
        return { status: answer.status, body: bodyOf(answer, name) as Body };
      });
    },
  };
}

/** A PUT or DELETE may be answered without content; a GET or POST whose answer is empty says nothing. */
function bodyOf(answer: { status: number; body: unknown }, name: RequestName): object {
  const empty = answer.body === undefined || answer.body === null || answer.body === "";
  const mayBeEmpty = answer.status === 204 || name.method === "PUT" || name.method === "DELETE";
  return empty && mayBeEmpty ? {} : requireObject(answer, name);
}

const LOGIN: RequestName = { method: "POST", path: "/oauth/token" };

const NOT_RENEWABLE =
  "The access token is used as it was given and cannot be renewed: set a new one, or an OAuth client instead.";

/** A login is shared and may outlive the step that waits for it: the step gives up at its own deadline. */
async function before<T>(
  budget: StepBudget,
  now: () => number,
  name: RequestName,
  login: Promise<T>,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    const message = "the login did not come about before the step had to be over";
    timer = setTimeout(
      () => reject(new GenesysError({ ...name, status: 429, code: NOT_SENT, message })),
      Math.max(0, budget.deadline - now()),
    );
  });
  try {
    return await Promise.race([login, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

/** A refused request tells of the rate limit, too; one that got no answer tells nothing. */
function headersOfFailure(rejection: unknown): Readonly<Record<string, unknown>> | undefined {
  const { headers, response } = (rejection ?? {}) as { headers?: object; response?: { headers?: object } };
  return (headers ?? response?.headers) as Readonly<Record<string, unknown>> | undefined;
}

function callApi(api: ApiClient, { method, path, pathParams, query, body }: Request) {
  const json = ["application/json"];
  const auth = ["PureCloud OAuth"];
  return api.callApi(path, method, pathParams ?? {}, query ?? {}, {}, {}, body, auth, json, json);
}
