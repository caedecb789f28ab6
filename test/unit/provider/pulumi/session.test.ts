/** What a provider's process makes of its configuration and environment, and what it warns of once. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import type { Journal } from "../../../../provider/src/journal.js";
import { KINDS } from "../../../../provider/src/kinds.js";
import { createSession } from "../../../../provider/src/pulumi/session.js";
import { SettingsError } from "../../../../provider/src/settings.js";
import { entryWith, URN } from "../support/source.js";

afterEach(() => vi.restoreAllMocks());

const ENVIRONMENT = { GENESYSCLOUD_ACCESS_TOKEN: "t" };

test("settings come from the stack's configuration and the environment", () => {
  const { context, configure } = createSession(ENVIRONMENT, KINDS);
  configure({ rawConfig: { "genesyscloud:region": "eu-west-1", "shop:other": "x" } });
  expect(context.settings).toMatchObject({ region: "mypurecloud.ie", credentials: { accessToken: "t" } });
  expect(context.settings).toBe(context.settings);
  expect(context.client).toBe(context.client);
});

test("never configured, the environment alone counts", () => {
  expect(createSession(ENVIRONMENT, KINDS).context.settings.credentials).toEqual({ accessToken: "t" });
});

describe("a configuration that is wrong", () => {
  test("is said by every use, and not by configure", () => {
    const { context, configure } = createSession(ENVIRONMENT, KINDS);
    configure({ rawConfig: { "genesyscloud:regoin": "eu-west-1" } });
    expect(() => context.settings).toThrow(SettingsError);
    expect(() => context.client).toThrow('did you mean "region"');
  });

  // The engine skips a configure that threw from then on, and goes on without it: deletes would run unconfigured.
  test.each([undefined, null, {}, { rawConfig: null }, { rawConfig: "text" }])(
    "or cannot be read (%j) does not make configure throw either",
    (config) => {
      const { context, configure } = createSession(ENVIRONMENT, KINDS);
      expect(() => configure(config)).not.toThrow();
      if (config !== undefined)
        expect(() => context.settings).toThrow("does not know how to read the configuration");
    },
  );
});

describe("what the settings are to be warned of", () => {
  const sessionWith = (rawConfig: Record<string, string>, environment: Record<string, string> = {}) => {
    const error = vi.spyOn(console, "error").mockReturnValue();
    const session = createSession({ ...ENVIRONMENT, ...environment }, KINDS);
    session.configure({ rawConfig });
    return { ...session, said: () => error.mock.calls.flat() };
  };
  const step = (session: ReturnType<typeof sessionWith>) =>
    session.steps.run("create of a", async () => "made");

  test("is said once, by the first step that changes something: a preview would say the same", async () => {
    const session = sessionWith({
      "genesyscloud:environment": "dev",
      "genesyscloud:owner": "a",
      "genesyscloud:gateway": "http://gw.example.com",
    });
    expect(session.context.settings.warnings).toHaveLength(2);
    expect(session.said()).toEqual([]);
    expect(await Promise.all([step(session), step(session)])).toEqual(["made", "made"]);
    expect(await step(session)).toBe("made");
    expect(session.said()).toEqual([
      expect.stringMatching(
        /^warning: genesyscloud:environment, genesyscloud:owner: not known to this package/,
      ),
      expect.stringMatching(/^warning: the gateway http:\/\/gw\.example\.com is on another machine/),
    ]);
  });

  test("is nothing in the project whose name is the namespace, with its own keys", async () => {
    const session = sessionWith(
      { "genesyscloud:environment": "dev" },
      { PULUMI_NODEJS_PROJECT: "genesyscloud" },
    );
    await step(session);
    expect(session.said()).toEqual([]);
  });

  test("does not stand in the way of a step: that settings cannot be used, it says itself", async () => {
    const session = sessionWith({ "genesyscloud:regoin": "eu-west-1" });
    expect(await step(session)).toBe("made");
  });
});

test("where there is no engine, lines go to standard error, and a status nowhere", () => {
  const error = vi.spyOn(console, "error").mockReturnValue();
  const log = createSession({}, KINDS).context.log("urn");
  log.info("one");
  log.warn("two");
  log.status("three");
  expect(error.mock.calls).toEqual([["info: one"], ["warning: two"]]);
});

test("the clock is the time of day, and nothing is stopped yet", () => {
  const { context } = createSession({}, KINDS);
  expect(Math.abs(context.now() - Date.now())).toBeLessThan(1_000);
  expect(context.signal.aborted).toBe(false);
});

test("what an explicit provider has begun no other finds, though it is of the same host", async () => {
  const folder = await mkdtemp(join(tmpdir(), "session-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  vi.spyOn(process, "cwd").mockReturnValue(folder);
  const journalOf = (provider: object) => {
    const { context, configure } = createSession(ENVIRONMENT, KINDS);
    configure({ rawConfig: { "genesyscloud:region": "eu-west-1", ...provider } });
    return context.journal;
  };
  const journals = [{}, { "genesyscloud:__name": "emea" }, { "genesyscloud:__name": "apac" }].map(journalOf);
  const [stack, emea, apac] = journals as [Journal, Journal, Journal];
  await emea.write(entryWith());
  expect(await stack.find(URN)).toBeUndefined();
  expect(await apac.find(URN)).toBeUndefined();
  expect(await emea.find(URN)).toMatchObject({ urn: URN });
  expect(await stack.all()).toMatchObject([
    { host: 'mypurecloud.ie through the GenesysCloudProvider "emea"' },
  ]);
});
