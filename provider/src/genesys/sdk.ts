/** Loads the platform's SDK, and the part of it that is used, apart from the user's own configuration of it. */
import { AsyncLocalStorage } from "node:async_hooks";
import { createRequire } from "node:module";
import { LARGEST } from "../limits.js";
import { parseExactly } from "./exactJson.js";
import type { ClientOptions } from "./options.js";

/** The part of the platform's SDK that is used here; its own declarations are 73,000 lines to compile. */
export interface ApiClient {
  config: { setConfigPath(path: string): void };
  setGateway(gateway: object | undefined): void;
  setEnvironment(host: string): void;
  setReturnExtendedResponses(extended: boolean): void;
  setHttpClient(client: object): void;
  setAccessToken(token: string): void;
  loginClientCredentialsGrant(id: string, secret: string): Promise<{ tokenExpiryTime: number }>;
  callApi(
    path: string,
    method: string,
    pathParams: object,
    query: object,
    headers: object,
    form: object,
    body: unknown,
    auth: string[],
    contentTypes: string[],
    accepts: string[],
  ): Promise<{ status: number; headers: Record<string, unknown>; body: unknown }>;
}

interface Sdk {
  ApiClient: { instance: ApiClient };
  ApiClientClass: new () => ApiClient;
  DefaultHttpClient: new () => { toAxiosConfig(options: object): object };
}

/** What the SDK has no parameter for travels beside the call. */
const perRequest = new AsyncLocalStorage<{ signal: AbortSignal }>();

/** Runs an SDK call so that it ends when the signal aborts. */
export function underSignal<T>(signal: AbortSignal, call: () => Promise<T>): Promise<T> {
  return perRequest.run({ signal }, call);
}

/**
 * Loads the SDK, which takes a tenth of a second of a processor and up to three by the clock. For whoever knows that a call
 * is due and has to wait for something else: the next to load it has it at once.
 */
export function loadSdk(): void {
  apartFromUser(required);
}

const required = (): Sdk => createRequire(__filename)("purecloud-platform-client-v2");

/**
 * An SDK client for these options. The SDK is loaded only when a call is due.
 * It never follows a redirect, which would carry the credentials along.
 */
export function createApiClient({ gateway, region }: ClientOptions): ApiClient {
  const { sdk, api } = apartFromUser(() => {
    const loaded = required();
    return { sdk: loaded, api: new loaded.ApiClientClass() };
  });
  sdk.ApiClient.instance?.config.setConfigPath("");
  api.config.setConfigPath("");
  api.setGateway(
    gateway && {
      protocol: gateway.protocol,
      host: gateway.host,
      port: gateway.port,
      path_params_login: gateway.loginPath,
      path_params_api: gateway.apiPath,
    },
  );
  if (region !== undefined) api.setEnvironment(region);
  api.setReturnExtendedResponses(true);

  class HttpClient extends sdk.DefaultHttpClient {
    override toAxiosConfig(options: object): object {
      return {
        ...super.toAxiosConfig(options),
        maxRedirects: 0,
        maxContentLength: LARGEST.answer,
        // The signal bounds the whole request; axios' own time-out would start anew with every byte.
        timeout: 0,
        signal: perRequest.getStore()?.signal,
        transformResponse: [readBody],
      };
    }
  }
  api.setHttpClient(new HttpClient());
  return api;
}

/** What is no JSON stays the text that it is: whoever wants an object of it says so. */
function readBody(body: unknown): unknown {
  if (typeof body !== "string" || body === "") return body;
  try {
    return parseExactly(body);
  } catch {
    return body;
  }
}

/** Runs what loads or makes something of the SDK, which would otherwise look for what is the user's. */
const apartFromUser = <T>(load: () => T): T => withoutUserConfig(() => withoutLocalStorage(load));

/**
 * The SDK reads and watches a configuration file in the user's home, which could redirect credentials to
 * another host or log them; it has no switch for that before it is loaded.
 */
function withoutUserConfig<T>(load: () => T): T {
  const saved = { HOME: process.env.HOME, USERPROFILE: process.env.USERPROFILE };
  process.env.HOME = process.env.USERPROFILE = "/nonexistent";
  try {
    return load();
  } finally {
    for (const [name, value] of Object.entries(saved))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  }
}

/**
 * The SDK tries `localStorage`, and would keep its tokens there. Newer releases of Node have one: without a file for it
 * the trial is a warning in every run, and with one the tokens would lie in it.
 */
function withoutLocalStorage<T>(load: () => T): T {
  const given = Object.getOwnPropertyDescriptor(globalThis, "localStorage");
  if (given?.configurable !== true) return load();
  Object.defineProperty(globalThis, "localStorage", { value: undefined, configurable: true });
  try {
    return load();
  } finally {
    Object.defineProperty(globalThis, "localStorage", given);
  }
}
