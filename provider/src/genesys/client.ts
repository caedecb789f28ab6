import { type Settings, SettingsError } from "../settings.js";
import { requireObject, toGenesysError } from "./answer.js";
import { GenesysError, type RequestName } from "./errors.js";
import { type StepBudget, withRetry } from "./retry.js";
import { type ApiClient, createApiClient, underSignal } from "./sdk.js";
import { createTokenKeeper } from "./token.js";

/** A request to the platform's API. */
export interface Request extends RequestName {
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** Values of the path template; encoded on the way. */
  pathParams?: Record<string, string>;
  query?: Record<string, string | number>;
  body?: object;
}

/** A successful answer. */
export interface Answer<Body> {
  status: number;
  /** Empty for an answer without content. */
  body: Body;
}

/** The one way to Genesys Cloud: the token, retries and errors are its affair. */
export interface GenesysClient {
  /** @throws GenesysError for every answer but 2xx, after retrying what may be retried. */
  send<Body extends object>(request: Request, budget: StepBudget): Promise<Answer<Body>>;
}

/**
 * A client for these settings; nothing is loaded or sent before the first request.
 *
 * @throws SettingsError when there is no place to go to or nothing to log in with.
 */
export function createClient(settings: Settings, now: () => number): GenesysClient {
  const { credentials } = settings;
  if (credentials === undefined)
    throw new SettingsError([
      "no credentials for Genesys Cloud: set genesyscloud:oauthClientId and genesyscloud:oauthClientSecret (or GENESYSCLOUD_OAUTHCLIENT_ID and GENESYSCLOUD_OAUTHCLIENT_SECRET), or genesyscloud:accessToken",
    ]);
  if (settings.region === undefined && settings.gateway === undefined)
    throw new SettingsError([
      'no region of Genesys Cloud: set genesyscloud:region (or GENESYSCLOUD_REGION) to an AWS region or a host name such as "mypurecloud.de"',
    ]);

  let made: ReturnType<typeof connect> | undefined;
  const connect = () => {
    const api = createApiClient(settings);
    const login = async (id: string, secret: string) => {
      const budget = {
        deadline: now() + settings.requestTimeoutMs * 3,
        signal: new AbortController().signal,
        retryCount: 0,
      };
      const name = { method: "POST", path: "/oauth/token" };
      const auth = await withRetry(budget, { maxRetries: settings.maxRetries, idempotent: true, now }, () =>
        attempt(name, budget, () => api.loginClientCredentialsGrant(id, secret)),
      );
      return auth.tokenExpiryTime;
    };
    return {
      api,
      token: createTokenKeeper(credentials, { login, use: (token) => api.setAccessToken(token) }, now),
    };
  };

  /** One request, one answer or one error of ours; bounded by the request time-out and the step's deadline. */
  const attempt = async <T>(name: RequestName, budget: StepBudget, call: () => Promise<T>): Promise<T> => {
    const timeout = new AbortController();
    const timer = setTimeout(
      () => timeout.abort(),
      Math.max(0, Math.min(settings.requestTimeoutMs, budget.deadline - now())),
    );
    try {
      return await underSignal(AbortSignal.any([timeout.signal, budget.signal]), call);
    } catch (error) {
      throw toGenesysError(error, name, { now: now(), timedOut: timeout.signal.aborted });
    } finally {
      clearTimeout(timer);
    }
  };

  return {
    async send<Body extends object>(request: Request, budget: StepBudget): Promise<Answer<Body>> {
      made ??= connect();
      const { api, token } = made;
      const name = { method: request.method, path: request.path };
      const idempotent = request.method !== "POST";
      return withRetry(budget, { maxRetries: settings.maxRetries, idempotent, now }, async () => {
        const answer = await withToken(token, () => attempt(name, budget, () => callApi(api, request)));
        const body = answer.status === 204 ? {} : requireObject(answer, name);
        return { status: answer.status, body: body as Body };
      });
    },
  };
}

/** Sends with a good token; a token refused is renewed once and the request replayed once. */
async function withToken<T>(token: ReturnType<typeof createTokenKeeper>, send: () => Promise<T>): Promise<T> {
  const number = await token.ensure();
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof GenesysError) || error.status !== 401 || !token.refused(number)) throw error;
    await token.ensure();
    return send();
  }
}

function callApi(api: ApiClient, { method, path, pathParams, query, body }: Request) {
  const json = ["application/json"];
  return api.callApi(
    path,
    method,
    pathParams ?? {},
    query ?? {},
    {},
    {},
    body,
    ["PureCloud OAuth"],
    json,
    json,
  );
}
