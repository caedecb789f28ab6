/** A resource stays in its organisation: what happens when it is given other credentials, or another provider. */
import { describe, expect, test } from "vitest";
import { INTEGRATION } from "../../../../provider/src/eventBridgeIntegration/kind.js";
import type { SourceState } from "../../../../provider/src/eventBridgeSource/model.js";
import { createHandler } from "../../../../provider/src/lifecycle/handler.js";
import type { State } from "../../../../provider/src/lifecycle/inputs.js";
import { loginPrint } from "../../../../provider/src/settingPlaces.js";
import type { Settings } from "../../../../provider/src/settings.js";
import {
  done,
  errorOf,
  fakeContext,
  inTime,
  SETTINGS,
  stateAfter,
  useVirtualTime,
} from "../support/context.js";
import { FakeOrganisation } from "../support/fakeOrganisation.js";
import { createSourceHandler, inputsWith, stateWith } from "../support/source.js";
import { unfinished } from "../support/world.js";

useVirtualTime();

const SECOND = { clientId: "second", clientSecret: "hunter2-the-second-secret" };
const TOKEN = { accessToken: "hunter2-the-token" };
const through = (settings: Partial<Settings>) => ({ __through: loginPrint({ ...SETTINGS, ...settings }) });
const LOOK = "GET /sources/src-1";
const WHICH = "GET /api/v2/organizations/me";

/** An organisation that has the source, or not, and tells its id. */
function organisationWith({ source = true, id = "org-1" as string | null } = {}) {
  const organisation = new FakeOrganisation().addTopic("topic-1").addTarget("target-1");
  if (source) organisation.addSource();
  const body = id === null ? {} : { id };
  return organisation.on(/organizations\/me/, () => ({ status: 200, body }), 99);
}

async function insist(organisation: FakeOrganisation, state: SourceState, settings: Partial<Settings> = {}) {
  const { context } = fakeContext(organisation, settings);
  await inTime(
    createSourceHandler().insistOnOrganization?.(context, { id: "src-1", state }) as Promise<void>,
  );
}

describe("takes no call", () => {
  test.each<[string, Partial<SourceState>, Partial<Settings>]>([
    ["the credentials are the same", through({}), {}],
    ["a provider has the credentials that the stack had", through({}), { provider: "emea" }],
    ["the client has another secret", through({}), { credentials: { clientId: "id", clientSecret: "new" } }],
    ["the state does not say through which, and the settings are the stack's", {}, {}],
    ["there are none: nothing can be changed either", through({}), { credentials: undefined }],
  ])("where %s", async (_, where, settings) => {
    const organisation = organisationWith({ source: false });
    await insist(organisation, stateWith(where), settings);
    expect(organisation.calls).toEqual([]);
  });
});

describe("takes one call", () => {
  test("for the source where the state names no organisation, and none for what else was made through the same", async () => {
    const organisation = organisationWith();
    await insist(organisation, stateWith(through({ credentials: SECOND })));
    await insist(organisation, stateWith({ ...through({ credentials: SECOND }), sourceId: "src-2" }));
    expect(organisation.calls).toEqual([LOOK]);
  });

  test("for the organisation where the state names one, and none for the next", async () => {
    const organisation = organisationWith({ source: false });
    const where = { __inOrganization: "org-1" };
    await insist(organisation, stateWith({ ...through({ credentials: SECOND }), ...where }));
    await insist(organisation, stateWith({ ...through({ credentials: TOKEN }), ...where }));
    expect(organisation.calls).toEqual([WHICH]);
  });

  test("for the job of what is still being made", async () => {
    const organisation = organisationWith({ source: false });
    organisation.jobs.set("job-1", { shows: [{ status: "running" }] });
    const { context } = fakeContext(organisation);
    const about = { id: "job:job-1", state: unfinished(through({ credentials: SECOND })) };
    await inTime(createSourceHandler().insistOnOrganization?.(context, about) as Promise<void>);
    expect(organisation.calls).toEqual(["GET /jobs/job-1"]);
  });

  test("for each source of a state that does not say, where a provider may be one of several", async () => {
    const organisation = organisationWith();
    await insist(organisation, stateWith(), { provider: "emea" });
    await insist(organisation, stateWith(), { provider: "emea" });
    expect(organisation.calls).toEqual([LOOK, LOOK]);
  });
});

describe("is an error that says so", () => {
  const NOT_FOUND =
    /^EventBridge source "orders" \(id src-1\) is not found through the (stack's configuration|GenesysCloudProvider "apac"): it was made or changed through other credentials, .*give the resource the provider that it had.*"pulumi up --replace urn:/;
  const ELSEWHERE =
    /^EventBridge source "orders" \(id src-1\) is in the organisation org-2, to which the GenesysCloudProvider "apac" does not lead\./;

  test.each<[string, Partial<SourceState>, Partial<Settings>, RegExp, string[]]>([
    ["the stack's client is another", through({ credentials: SECOND }), {}, NOT_FOUND, [LOOK]],
    [
      "a provider's client is another",
      through({ credentials: SECOND }),
      { provider: "apac" },
      NOT_FOUND,
      [LOOK],
    ],
    ["the token is another", through({ credentials: TOKEN }), { provider: "apac" }, NOT_FOUND, [LOOK]],
    [
      "the gateway's port is another",
      through({ region: undefined, gateway: gatewayAt(1) }),
      {},
      NOT_FOUND,
      [LOOK],
    ],
    ["the state does not say, and a provider has it", {}, { provider: "apac" }, NOT_FOUND, [LOOK]],
    [
      "the state names another organisation",
      { ...through({ credentials: SECOND }), __inOrganization: "org-2" },
      { provider: "apac" },
      ELSEWHERE,
      [WHICH],
    ],
  ])("where %s and it is not there", async (_, where, settings, words, calls) => {
    const organisation = organisationWith({ source: false });
    const error = await errorOf(insist(organisation, stateWith(where), settings));
    expect(error.message).toMatch(words);
    expect(organisation.calls).toEqual(calls);
  });

  test("where the organisation does not tell its id, and what is there all the same stays", async () => {
    const state = stateWith({ ...through({ credentials: SECOND }), __inOrganization: "org-2" });
    const silent = organisationWith({ source: false, id: null });
    expect((await errorOf(insist(silent, state))).message).toMatch(NOT_FOUND);
    expect(silent.calls).toEqual([WHICH, LOOK]);
    await insist(organisationWith({ id: null }), state);
  });

  test("and what keeps it from being looked at is one, too", async () => {
    const organisation = organisationWith().fail(/GET \/sources\/src-1/, 403);
    const error = await errorOf(insist(organisation, stateWith(through({ credentials: SECOND }))));
    expect(error.message).toContain("403");
  });

  test("an integration tells its organisation by its partner event source", async () => {
    const organisation = organisationWith();
    const { context } = fakeContext(organisation, { provider: "apac" });
    const state = {
      ...{ name: "voice", integrationId: "int-1", ...through({ credentials: SECOND }) },
      partnerEventSourceName: "aws.partner/genesys.com/cloud/org-2/voice",
    } as unknown as State;
    const handler = createHandler(INTEGRATION);
    const insisting = () => handler.insistOnOrganization?.(context, { id: "int-1", state }) as Promise<void>;
    expect((await errorOf(insisting())).message).toMatch(
      /^EventBridge integration "voice" \(id int-1\) is in the organisation org-2, to which/,
    );
    Object.assign(state, { partnerEventSourceName: "aws.partner/genesys.com/cloud/org-1/voice" });
    await inTime(insisting());
    expect(organisation.calls).toEqual([WHICH]);
  });
});

describe("what a state says of where its source is", () => {
  const run = (settings: Partial<Settings>, organisation = organisationWith({ source: false })) => ({
    ...fakeContext(organisation, settings),
    handler: createSourceHandler(),
  });

  test("is the print of the credentials; through a provider the organisation's id, too, asked for once", async () => {
    const stack = run({});
    const { state } = await inTime(done(stack.handler.create(stack.context, inputsWith())));
    expect(state).toMatchObject(through({}));
    expect(state).not.toHaveProperty("__inOrganization");
    expect(stack.organisation.calls).not.toContain(WHICH);

    const { context, handler, organisation } = run({ provider: "emea" });
    const made = await inTime(done(handler.create(context, inputsWith())));
    expect(made.state).toMatchObject({ ...through({}), __inOrganization: "org-1" });
    const changed = inputsWith({ description: "new" });
    const update = await inTime(stateAfter(handler.update(context, made.id, made.state, changed)));
    expect(update).toMatchObject({ __inOrganization: "org-1" });
    expect(organisation.calls.filter((call) => call === WHICH)).toHaveLength(1);
  });

  test("stands in no create's way where the organisation does not tell its id", async () => {
    const { context, handler } = run({ provider: "emea" }, organisationWith({ source: false, id: null }));
    const { state } = await inTime(done(handler.create(context, inputsWith())));
    expect(state).not.toHaveProperty("__inOrganization");
  });

  test("is brought up to date by a refresh that finds it, and by an update that calls nothing", async () => {
    const { context, handler } = run({}, organisationWith());
    const state = stateWith(through({ credentials: SECOND }));
    const found = (await inTime(handler.read(context, "src-1", state))) as { state: SourceState };
    expect(found.state).toMatchObject(through({}));
    const timeouts = { create: "1m" };
    const update = await inTime(
      stateAfter(handler.update(context, "src-1", state, inputsWith({ timeouts }))),
    );
    expect(update).toMatchObject({ timeouts, ...through({}) });
  });
});

describe("what is not found", () => {
  type Step = "a refresh" | "an update" | "a delete";
  const step = (which: Step, state: SourceState, settings: Partial<Settings>): Promise<unknown> => {
    const { context } = fakeContext(organisationWith({ source: false }), settings);
    const handler = createSourceHandler();
    if (which === "a refresh") return handler.read(context, "src-1", state);
    if (which === "a delete") return handler.delete(context, "src-1", state);
    return stateAfter(handler.update(context, "src-1", state, inputsWith({ description: "new" })));
  };
  const elsewhere = { __host: "mypurecloud.de", ...through({ credentials: SECOND }) };

  test.each<Step>(["a refresh", "an update", "a delete"])(
    "by %s through another client is not gone: it may be in another organisation",
    async (which) => {
      const error = await errorOf(step(which, stateWith(elsewhere), {}));
      expect(error.message).toMatch(
        /^EventBridge source "orders" \(id src-1\) is not found at mypurecloud\.de: it was made or changed through other credentials, which may be those of another organisation, and stays .* Set the credentials to what they were; or, .* "pulumi state delete"\.$/,
      );
      const ofProvider = await errorOf(step(which, stateWith(elsewhere), { provider: "apac" }));
      expect(ofProvider.message).toContain('Set the credentials of the GenesysCloudProvider "apac" to what');
      const other = await errorOf(step(which, stateWith({ ...elsewhere, __inOrganization: "org-2" }), {}));
      expect(other.message).toContain("through other credentials, and stays");
    },
  );

  test.each<[string, Partial<SourceState>]>([
    ["in the same organisation", { ...elsewhere, __inOrganization: "org-1" }],
    ["through the same client", { ...elsewhere, ...through({}) }],
    ["through another token: they change all the time", { ...elsewhere, ...through({ credentials: TOKEN }) }],
  ])("%s is gone", async (_, where) => {
    expect(await inTime(step("a refresh", stateWith(where), {}))).toBeUndefined();
    expect(await inTime(step("a delete", stateWith(where), {}))).toBe("deleted");
  });

  test("through a provider of another region names it", async () => {
    const state = stateWith({ __host: "mypurecloud.ie" });
    const error = await errorOf(step("a refresh", state, { provider: "apac" }));
    expect(error.message).toMatch(
      /is not found at mypurecloud\.de: it was made or changed at mypurecloud\.ie, and stays .*Set region, or gateway, of the GenesysCloudProvider "apac" to what it was/,
    );
  });
});

/** A gateway on this machine. */
function gatewayAt(port: number) {
  return { protocol: "http", host: "127.0.0.1", port, loginPath: "", apiPath: "" } as const;
}
