/** Sends one request: logged in, within the rate limit, repeated where that is safe. The platform's SDK does the HTTP. */
import { UNNOTICED_MS } from "../waits.js";
import { accessFor } from "./access.js";
import { type Admission, rateHeaders } from "./allowance.js";
import { requireObject } from "./answer.js";
import { type Attempt, createAttempt, toItsEnd } from "./attempt.js";
import { createPlatformClock, type PlatformClock } from "./clock.js";
import { GenesysError, NOT_SENT, type RequestName } from "./errors.js";
import type { ClientOptions } from "./options.js";
import { createPace, type Pace } from "./pace.js";
import { insistOnIds } from "./pathParams.js";
import { createRateGovernor, NotAdmittedError, type Priority, type RateGovernor } from "./rateLimit.js";
import { type StepBudget, withRetry } from "./retry.js";
import { sayDuration } from "./say.js";
import { type ApiClient, createApiClient } from "./sdk.js";
import type { Time } from "./time.js";
import { createTokenKeeper, type TokenKeeper, type TokenSource } from "./token.js";

/** A request to the platform's API. */
export interface Request extends RequestName {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
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
   *   request's time-out after the budget is used up.
   */
  send<Body extends object>(request: Request, budget: StepBudget): Promise<Answer<Body>>;
  /**
   * Logs in, where that is still to be done, while the caller waits for something else. What goes wrong is said by the call that
   * follows.
   */
  logInAhead(budget: StepBudget): void;
  /** When to look at what takes its own time. */
  readonly pace: Pace;
  /** The organisation's clock. */
  readonly clock: PlatformClock;
}

/**
 * A client for these options; nothing is loaded or sent before the first request.
 *
 * @param tell is told, in one line, when nothing can be sent for a while, and why.
 */
export function createClient(
  options: ClientOptions,
  time: Time,
  tell: (line: string) => void = () => {},
): GenesysClient {
  const { maxRetries } = options;
  const { elapsed } = time;
  const attempt = createAttempt(options.requestTimeoutMs, time.now);
  const governor = createRateGovernor(elapsed, tell);
  const clock = createPlatformClock(time.now);
  let connection: { send: SendOnce; token: TokenKeeper } | undefined;

  const connected = () => {
    connection ??= connect();
    return connection;
  };

  function connect() {
    const api = createApiClient(options);
    const source: TokenSource = {
      login: createLogin(api, attempt, { maxRetries, time, tell, hide: options.hide }),
      use: (given) => api.setAccessToken(given),
    };
    return {
      send: createTurns({ api, governor, attempt, hear: clock.hear }),
      token: createTokenKeeper(options.credentials, source, elapsed),
    };
  }

  return {
    pace: createPace(elapsed, () => governor.room()),
    clock,
    logInAhead(budget) {
      const logIn = async () => connected().token.ensure(budget, LOGIN);
      logIn().catch(() => {});
    },
    async send<Body extends object>(request: Request, budget: StepBudget): Promise<Answer<Body>> {
      insistOnIds(request.pathParams ?? {}, request);
      const { send, token } = connected();
      const name = {
        method: request.method,
        path: request.path,
        access: accessFor(options.access ?? [], request),
      };
      const idempotent = request.method !== "POST";
      // A login has had its own repetitions.
      const transient = (error: GenesysError, byDefault: boolean) => byDefault && error.path !== LOGIN.path;
      return withRetry(budget, { maxRetries, idempotent, elapsed, transient }, async () => {
        const answer = await withToken(token, name, budget, () => send(request, name, budget));
        return { status: answer.status, body: bodyOf(answer, name) as Body };
      });
    },
  };
}

const LOGIN: RequestName = { method: "POST", path: "/oauth/token" };

/** Logs in with the SDK, which keeps the token. */
function createLogin(
  api: ApiClient,
  attempt: Attempt,
  {
    maxRetries,
    time,
    tell,
    hide,
  }: { maxRetries: number; time: Time; tell: (line: string) => void; hide: ClientOptions["hide"] },
): TokenSource["login"] {
  // It changes nothing, so any trouble of the server's is worth another try.
  const transient = (error: GenesysError, byDefault: boolean) => byDefault || error.status >= 500;
  return async (id, secret, { budget, onPause }) => {
    const pausing = (milliseconds: number, error: GenesysError) => {
      if (milliseconds > UNNOTICED_MS)
        tell(
          `the login was answered ${error.status}: the next is tried in ${sayDuration(milliseconds)}, and everything waits for it`,
        );
      onPause(milliseconds, error);
    };
    const { elapsed } = time;
    const options = { maxRetries, idempotent: true, elapsed, transient, onPause: pausing };
    // What it was sent are the credentials, whatever the step is about that waits for it. Where that
    // stops, the next one has the use of the login.
    const discreet: StepBudget = Object.create(budget, {
      hide: { value: hide },
      signal: { value: new AbortController().signal },
    });
    const auth = await withRetry(budget, options, () =>
      attempt(LOGIN, discreet, () => api.loginClientCredentialsGrant(id, secret)),
    );
    return auth.tokenExpiryTime - time.now();
  };
}

type SdkAnswer = Awaited<ReturnType<ApiClient["callApi"]>>;
type SendOnce = (request: Request, name: RequestName, budget: StepBudget) => Promise<SdkAnswer>;

/** Sends one request in its turn, and takes to heart what the answer says of the rate limit and of the time. */
function createTurns({
  api,
  governor,
  attempt,
  hear,
}: {
  api: ApiClient;
  governor: RateGovernor;
  attempt: Attempt;
  hear: (date: unknown) => void;
}): SendOnce {
  return async (request, name, budget) => {
    const admission = await admitted(governor, request, name, budget);
    budget.onSend?.();
    let headers: Readonly<Record<string, unknown>> | undefined;
    let isGood = false;
    try {
      // The answer to a change tells what it has made: that must not be lost, though the step is over or is to stop.
      const bounds = name.method === "GET" ? budget : toItsEnd(budget);
      const answer = await attempt(name, bounds, async () => {
        const call = callApi(api, request);
        headers = await call.then((ok) => ok.headers, headersOfFailure);
        hear(headers?.date);
        return call;
      });
      isGood = true;
      return answer;
    } catch (error) {
      if (error instanceof GenesysError && error.status === 429 && error.retryAfterMs !== undefined)
        governor.pause(error.retryAfterMs);
      throw error;
    } finally {
      // What stands before the platform may answer in its place, and knows nothing of an allowance.
      admission.ended(rateHeaders(headers ?? {}) ?? (isGood ? "nothing" : "no answer"));
    }
  };
}

async function admitted(
  governor: RateGovernor,
  request: Request,
  name: RequestName,
  budget: StepBudget,
): Promise<Admission> {
  if (name.method !== "GET" && budget.left() <= 0)
    throw new GenesysError({ ...name, status: 429, code: NOT_SENT, message: TOO_LATE });
  const priority = request.priority ?? (request.method === "GET" ? "lookup" : "change");
  try {
    return await governor.admit(priority, budget.left(), budget.signal);
  } catch (error) {
    if (!(error instanceof NotAdmittedError)) throw error;
    const { message, closedMs } = error;
    throw new GenesysError({ ...name, status: 429, code: NOT_SENT, message, retryAfterMs: closedMs });
  }
}

const TOO_LATE = "the step had to be over before";

/** Sends with a good token; one that was good and is refused is renewed once, and the request replayed once. */
async function withToken<T>(
  token: TokenKeeper,
  name: RequestName,
  budget: StepBudget,
  send: () => Promise<T>,
): Promise<T> {
  for (let replayed = false; ; replayed = true) {
    const number = await token.ensure(budget, name);
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

const NOT_RENEWABLE =
  "The access token is used as it was given and cannot be renewed: set a new one, or an OAuth client instead.";

/** A PUT, PATCH or DELETE may be answered without content; a GET or POST whose answer is empty says nothing, with a 204 as well. */
function bodyOf(answer: { status: number; body: unknown }, name: RequestName): object {
  const empty = answer.body === undefined || answer.body === null || answer.body === "";
  const mayBeEmpty = !["GET", "POST"].includes(name.method);
  return empty && mayBeEmpty ? {} : requireObject(answer, name);
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
