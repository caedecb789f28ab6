/** The platform's SDK is held to our limits, and leaves the machine as it was. */
import { expect, test } from "vitest";
import { createApiClient, underSignal } from "../../../../provider/src/genesys/sdk.js";
import { clientOptions } from "../../../../provider/src/settings.js";
import { SETTINGS } from "../support/context.js";

const CLIENT = clientOptions(SETTINGS);

/** What only these tests look at. */
interface Inside {
  config: { authUrl: string; basePath: string };
  getHttpClient(): { toAxiosConfig(options: object): Record<string, unknown> };
}

const OPTIONS = {
  url: "https://api.mypurecloud.de/x",
  method: "GET",
  headers: { a: "b" },
  params: {},
  data: {},
};

test("the SDK's client goes to the region and leaves the environment as it was", () => {
  const before = { HOME: process.env.HOME, USERPROFILE: process.env.USERPROFILE };
  const { config } = createApiClient(CLIENT) as unknown as Inside;
  expect(config).toMatchObject({
    authUrl: "https://login.mypurecloud.de",
    basePath: "https://api.mypurecloud.de",
  });
  expect({ HOME: process.env.HOME, USERPROFILE: process.env.USERPROFILE }).toEqual(before);
  expect("USERPROFILE" in process.env).toBe(before.USERPROFILE !== undefined);
});

test("it never follows a redirect, bounds the answer, and ends with the signal that it runs under", async () => {
  const http = (createApiClient(CLIENT) as unknown as Inside).getHttpClient();
  const { signal } = new AbortController();
  const config = await underSignal(signal, async () => http.toAxiosConfig(OPTIONS));
  expect(config).toMatchObject({
    url: OPTIONS.url,
    method: "GET",
    maxRedirects: 0,
    maxContentLength: 10 * 1024 * 1024,
    timeout: 0,
  });
  expect(config.signal).toBe(signal);
  expect(http.toAxiosConfig(OPTIONS).signal).toBeUndefined();
});

test("two clients share nothing", () => {
  const one = createApiClient(CLIENT) as unknown as Inside;
  const other = createApiClient({ ...CLIENT, region: "mypurecloud.jp" }) as unknown as Inside;
  expect(one.config.basePath).toBe("https://api.mypurecloud.de");
  expect(other.config.basePath).toBe("https://api.mypurecloud.jp");
});

test("the SDK never gets to Node's localStorage: to look at it is a warning, and it would keep tokens there", () => {
  const given = Object.getOwnPropertyDescriptor(globalThis, "localStorage");
  let looks = 0;
  Object.defineProperty(globalThis, "localStorage", {
    configurable: true,
    get: () => {
      looks += 1;
      return { setItem: () => {}, removeItem: () => {} };
    },
  });
  try {
    const { hasLocalStorage } = createApiClient(CLIENT) as unknown as { hasLocalStorage: boolean };
    expect({ looks, hasLocalStorage }).toEqual({ looks: 0, hasLocalStorage: false });
    expect(globalThis).toHaveProperty("localStorage");
  } finally {
    if (given === undefined) Reflect.deleteProperty(globalThis, "localStorage");
    else Object.defineProperty(globalThis, "localStorage", given);
  }
});
