import { afterEach, describe, expect, test, vi } from "vitest";
import { createSession } from "../../../../provider/src/pulumi/session.js";
import { SettingsError } from "../../../../provider/src/settings.js";

afterEach(() => vi.restoreAllMocks());

const ENVIRONMENT = { GENESYSCLOUD_ACCESS_TOKEN: "t" };

test("settings come from the stack's configuration and the environment", () => {
  const { context, configure } = createSession(ENVIRONMENT);
  configure({ rawConfig: { "genesyscloud:region": "eu-west-1", "shop:other": "x" } });
  expect(context.settings).toMatchObject({ region: "mypurecloud.ie", credentials: { accessToken: "t" } });
  expect(context.settings).toBe(context.settings);
  expect(context.client).toBe(context.client);
});

test("never configured, the environment alone counts", () => {
  expect(createSession(ENVIRONMENT).context.settings.credentials).toEqual({ accessToken: "t" });
});

describe("a configuration that is wrong", () => {
  test("is said by every use, and not by configure", () => {
    const { context, configure } = createSession(ENVIRONMENT);
    configure({ rawConfig: { "genesyscloud:regoin": "eu-west-1" } });
    expect(() => context.settings).toThrow(SettingsError);
    expect(() => context.client).toThrow('did you mean "region"');
  });

  // The engine skips a configure that threw from then on, and goes on without it: deletes would run unconfigured.
  test.each([undefined, null, {}, { rawConfig: null }, { rawConfig: "text" }])(
    "or cannot be read (%j) does not make configure throw either",
    (config) => {
      const { context, configure } = createSession(ENVIRONMENT);
      expect(() => configure(config)).not.toThrow();
      if (config !== undefined)
        expect(() => context.settings).toThrow("does not know how to read the configuration");
    },
  );
});

test("where there is no engine, lines go to standard error, and a status nowhere", () => {
  const error = vi.spyOn(console, "error").mockReturnValue();
  const log = createSession({}).context.log("urn");
  log.info("one");
  log.warn("two");
  log.status("three");
  expect(error.mock.calls).toEqual([["info: one"], ["warning: two"]]);
});

test("the clock is the time of day, and nothing is stopped yet", () => {
  const { context } = createSession({});
  expect(Math.abs(context.now() - Date.now())).toBeLessThan(1_000);
  expect(context.signal.aborted).toBe(false);
});
