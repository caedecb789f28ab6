/** Lives of an `EventBridgeIntegration`: the real SDK over real HTTP, against the simulated organisation. */
import { startSandbox } from "genesyscloud-sandbox";
import { describe, expect, onTestFinished, test } from "vitest";
import { INTEGRATION } from "../../provider/src/eventBridgeIntegration/kind.js";
import { journalHook } from "../../provider/src/hooks/journalHook.js";
import { withHooks } from "../../provider/src/hooks/withHooks.js";
import { removeDuplicates } from "../../provider/src/lifecycle/duplicates.js";
import { createHandler } from "../../provider/src/lifecycle/handler.js";
import type { Inputs, State } from "../../provider/src/lifecycle/inputs.js";
import { beginOn } from "../../provider/src/lifecycle/kind.js";
import { orphanOf } from "../../provider/src/lifecycle/orphans.js";
import type { Context } from "../../provider/src/resourceHandler.js";
import { beginStep } from "../../provider/src/step.js";
import { controlPlaneOf } from "../support/controlPlane.js";
import { done, errorOf, fakeContext, stateAfter } from "../unit/provider/support/context.js";
import { clientOf } from "./support.js";

const URN = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/genesyscloud:EventBridgeIntegration::voice";
const ARGS = {
  awsAccountId: "012345678901",
  awsAccountRegion: "eu-central-1",
  eventFilter: ["v2.users.{id}.presence", "v2.conversations.{id}.transcription"],
};

/**
 * An organisation, and runs of a provider: each has a client of its own, the journal is the machine's.
 *
 * @param pace how much faster the runs' clock goes: half a minute is long.
 */
async function world(variants: object = {}, settings: object = {}, pace = 1) {
  const sandbox = await startSandbox({ control: true });
  onTestFinished(() => sandbox.close());
  const control = controlPlaneOf(sandbox.url);
  await control("PATCH", "variants", variants);
  await control("PATCH", "settings", settings);
  const { journal } = fakeContext().context;
  const begun = Date.now();
  const now = () => begun + (Date.now() - begun) * pace;
  /** What the stacks of all runs hold. */
  const held = new Set<string>();
  const run = (more: Partial<Context["stack"]> = {}) => {
    const { context: given, lines } = fakeContext();
    const stack = { ...given.stack, lookUpId: async (_: string, id: string) => held.has(id), ...more };
    const context: Context = { ...given, client: clientOf(sandbox.url), journal, stack, now };
    const handler = withHooks(createHandler(INTEGRATION), [journalHook]);
    const checked = async (args: object = {}, olds?: State): Promise<Inputs> => {
      const result = await handler.check(context, olds, { ...ARGS, ...args, __urn: URN });
      if ("problems" in result) throw new Error(JSON.stringify(result.problems));
      return result.inputs;
    };
    const create = async (args: object = {}) => done(handler.create(context, await checked(args)));
    return { context, lines, handler, checked, create };
  };
  /** Calls since the last look, such as `POST /api/v2/integrations`. */
  const calls = async (): Promise<string[]> => {
    const requests: { method: string; path: string }[] = await control("GET", "requests");
    await control("DELETE", "requests");
    return requests
      .filter(({ path }) => path.startsWith("/api/"))
      .map(({ method, path }) => `${method} ${path.split("?")[0]?.replace(/[0-9a-f-]{36}/, "{id}")}`);
  };
  const integrations = async (): Promise<{ id: string; name: string }[]> =>
    (await control("GET", "state")).integrations;
  return { control, run, calls, integrations, held };
}

const [LIST, POST, PUT, PATCH] = [
  "GET /api/v2/integrations",
  "POST /api/v2/integrations",
  "PUT /api/v2/integrations/{id}/config/current",
  "PATCH /api/v2/integrations/{id}",
];

test("a change of what is enabled is done once that is ACTIVE again", async () => {
  const { run, control } = await world({ putWhileEnabled: "activatesAgain", transitionReads: 2 });
  const { create, checked, handler, context } = run();
  const { id, state } = await create();
  const updated = await stateAfter(handler.update(context, id, state, await checked({ notes: "n" }, state)));
  expect(updated).toMatchObject({ notes: "n", reportedState: "ACTIVE" });
  const [{ reportedState }] = (await control("GET", "state")).integrations;
  expect(reportedState).toMatchObject({ code: "ACTIVE" });
});

describe("what somebody changes while it is enabled, which makes no new version, is no other form of what was asked for", () => {
  /** The notes are changed by hand as soon as the PATCH is answered. */
  async function changedMeanwhile() {
    const life = await world({ transitionReads: 2 });
    const changing = (context: Context, id: string): Context => {
      const send = async (...[request, budget]: Parameters<typeof context.client.send>) => {
        const answer = await context.client.send(request, budget);
        if (request.method === "PATCH")
          await life.control("PATCH", `integrations/${id}`, { notes: "by hand" });
        return answer;
      };
      return { ...context, client: Object.create(context.client, { send: { value: send } }) };
    };
    return { ...life, changing };
  }
  /** What the next preview shows. */
  const seenNext = async (run: Awaited<ReturnType<typeof world>>["run"], state: State) => {
    const { handler, checked } = run();
    return { notes: state.notes, differs: handler.diff(state, await checked({}, state)).inputs };
  };

  test("by an update", async () => {
    const { run, changing } = await changedMeanwhile();
    const { id, state } = await run().create({ enabled: false });
    const { handler, context, checked } = run();
    const wanted = await checked({}, state);
    const updated = await stateAfter(handler.update(changing(context, id), id, state, wanted));
    expect(await seenNext(run, updated)).toEqual({ notes: "by hand", differs: true });
  });

  test("by a create that goes on", async () => {
    const { run, changing, control } = await changedMeanwhile();
    const fault = { method: "PATCH", path: "integrations/" };
    await control("POST", "faults", { match: fault, action: { kind: "answer", status: 400 } });
    const error = await errorOf(run().create());
    const { handler, context, checked } = run();
    const olds = { ...error.state, __unfinished: error.unfinished } as State;
    const resumed = handler.update(changing(context, error.id), error.id, olds, await checked({}, olds));
    expect(await seenNext(run, await stateAfter(resumed))).toEqual({ notes: "by hand", differs: true });
  });
});

describe("the plain life", () => {
  test("three calls make it, beside one look at the topics and one at the organisation", async () => {
    const { run, calls } = await world();
    const { create } = run();
    const { id, state } = await create();
    expect(await calls()).toEqual([
      "GET /api/v2/notifications/availabletopics",
      "GET /api/v2/organizations/me",
      POST,
      PUT,
      PATCH,
    ]);
    expect(state).toMatchObject({
      ...ARGS,
      integrationId: id,
      eventFilter: ARGS.eventFilter.toSorted(),
      name: expect.stringMatching(/^voice-[0-9a-f]{7}$/),
      eventSourceSuffix: expect.stringMatching(/^voice-[0-9a-f]{7}$/),
      notes: "",
      enabled: true,
      version: 2,
      intendedState: "ENABLED",
      reportedState: "ACTIVE",
    });
    expect(state.partnerEventSourceName).toMatch(
      new RegExp(`^aws\\.partner/genesys\\.com/cloud/[0-9a-f-]{36}/${state.eventSourceSuffix}$`),
    );
  });

  test("the partner event source's name is foretold, and asked for only where the suffix is another", async () => {
    const { run, calls } = await world();
    const { create, checked, handler, context } = run();
    const first = await checked({ eventSourceSuffix: "prod" });
    const { state } = await create({ eventSourceSuffix: "prod" });
    expect(first.partnerEventSourceName).toBe(state.partnerEventSourceName);
    expect(state.partnerEventSourceName).toMatch(/\/prod$/);
    await calls();

    const changed = await checked({ eventSourceSuffix: "prod", notes: "n" }, state);
    expect(changed.partnerEventSourceName).toBe(state.partnerEventSourceName);
    expect(await handler.read(context, String(state.integrationId), state)).toMatchObject({
      inputs: { partnerEventSourceName: state.partnerEventSourceName },
    });
    expect(await calls()).toEqual(["GET /api/v2/integrations/{id}"]);
    // Another run, which has asked for nothing yet.
    const other = await run().checked({ eventSourceSuffix: "other" }, state);
    expect(other.partnerEventSourceName).toMatch(/\/other$/);
    expect(await calls()).toEqual(["GET /api/v2/organizations/me"]);
    const { context: silent, handler: another } = run();
    const off = { ...silent, settings: { ...silent.settings, validateReferences: "off" as const } };
    const unasked = await another.check(off, undefined, { ...ARGS, __urn: URN });
    expect(unasked).not.toHaveProperty("inputs.partnerEventSourceName");
    expect(await calls()).toEqual([]);
  });

  test("the name is foretold for what is imported, too, and where the stack's state lacks it", async () => {
    const { run, calls } = await world();
    const { create, checked } = run();
    const { state } = await create({ eventSourceSuffix: "prod" });
    const { partnerEventSourceName, ...lacking } = state;
    const prod = { eventSourceSuffix: "prod" };
    const imported = await checked({ ...prod, __import: state.integrationId });
    expect(imported.partnerEventSourceName).toBe(partnerEventSourceName);
    await calls();

    const { checked: later, handler } = run();
    const same = await later(prod, lacking as State);
    expect(handler.diff(lacking as State, same)).toMatchObject({ inputs: false, replaces: [] });
    expect(await calls()).toEqual([]);
    const wanted = await later({ ...prod, notes: "n" }, lacking as State);
    expect(wanted.partnerEventSourceName).toBe(partnerEventSourceName);
    await later({ ...prod, notes: "m" }, lacking as State);
    expect(await calls()).toEqual(["GET /api/v2/organizations/me"]);
  });

  test("where notices go is none of the organisation's business: an update of that alone calls nothing", async () => {
    const { run, calls } = await world();
    const { create, checked, handler, context } = run();
    const { id, state } = await create();
    const wanted = await checked({ webhookUrl: "https://example.com/notices" }, state);
    expect(handler.diff(state, wanted)).toMatchObject({ inputs: true, replaces: [] });
    await calls();
    expect(await stateAfter(handler.update(context, id, state, wanted))).toMatchObject({
      webhookUrl: "https://example.com/notices",
      version: state.version,
      reportedState: "ACTIVE",
    });
    expect(await calls()).toEqual([]);
  });

  test("nothing differs afterwards, a change is a PUT and a look, disabling one PATCH, and a deletion the end", async () => {
    const { run, calls, integrations } = await world();
    const { create, checked, handler, context } = run();
    const { id, state } = await create({ notes: "n" });
    await calls();
    const same = await checked({ notes: "n", eventFilter: ARGS.eventFilter.toReversed() }, state);
    expect(handler.diff(state, same)).toMatchObject({ inputs: false, unfinished: false, replaces: [] });
    expect(await calls()).toEqual([]);

    const renamed = await checked({ name: "renamed" }, state);
    const updated = await stateAfter(handler.update(context, id, state, renamed));
    expect(await calls()).toEqual([PUT, "GET /api/v2/integrations/{id}"]);
    expect(updated).toMatchObject({ name: "renamed", notes: "", version: 3 });

    const disabled = await stateAfter(
      handler.update(context, id, updated, await checked({ name: "renamed", enabled: false }, updated)),
    );
    expect(await calls()).toEqual([PATCH]);
    expect(disabled).toMatchObject({ intendedState: "DISABLED", reportedState: "INACTIVE", version: 3 });

    const off = { name: "renamed", enabled: false, notes: "what is off has no state to wait for" };
    const noted = await stateAfter(handler.update(context, id, disabled, await checked(off, disabled)));
    expect(await calls()).toEqual([PUT]);
    disabled.version = noted.version;

    const read = await handler.read(context, id, disabled);
    expect(read?.state).toMatchObject({ name: "renamed", enabled: false });
    expect(handler.diff(read?.state as State, renamed)).toMatchObject({ inputs: true });
    const later = run();
    expect(await later.handler.delete(later.context, id, disabled)).toBe("deleted");
    expect(await integrations()).toEqual([]);
    // Of what was only just made, "not found" would mean "not yet" for half a minute.
    const aged = { ...disabled, __madeAt: 0 };
    expect(await later.handler.read(later.context, id, aged)).toBeUndefined();
  });

  test("account, region and suffix replace it: under the same suffix it is deleted first", async () => {
    const { run } = await world();
    const { create, checked, handler } = run();
    const { state } = await create({ eventSourceSuffix: "prod" });
    const moved = await checked({ eventSourceSuffix: "prod", awsAccountRegion: "us-east-1" }, state);
    expect(handler.diff(state, moved)).toMatchObject({
      replaces: ["awsAccountRegion"],
      deleteBeforeReplace: true,
    });
    const other = await checked({ eventSourceSuffix: "prod-2" }, state);
    expect(handler.diff(state, other)).toMatchObject({
      replaces: ["eventSourceSuffix"],
      deleteBeforeReplace: false,
    });
  });
});

describe("slow and odd platforms", () => {
  test.each<[string, object]>([
    ["reads lag behind", { unseenReads: 2, staleConfigReads: 3, staleStateReads: 1 }],
    ["empty notes have a word of their own", { emptyNotes: "node_dynamodb_empty_string" }],
    ["topics come back in another order", { eventFilterOrder: "reversed" }],
    ["no filter, and no expand", { integrationFilters: "ignored", expandConfig: "nowhere" }],
    ["what is gone is 410", { goneStatus: 410 }],
    ["what is deleted still answers for a while", { deletedReads: 2 }],
    ["lists show no configuration", { expandConfig: "listOnly" }],
  ])("%s: it is made, no difference is seen, and it goes", async (_, variants) => {
    const { run, integrations } = await world(variants, { stateChangeMs: 300 });
    const { create, checked, handler, context } = run();
    const { id, state } = await create();
    expect(state).toMatchObject({
      reportedState: "ACTIVE",
      version: 2,
      ...ARGS,
      eventFilter: expect.anything(),
    });
    const later = await handler.read(context, id, state);
    const wanted = await checked({}, later?.state);
    expect(handler.diff(later?.state as State, wanted)).toMatchObject({ inputs: false, replaces: [] });
    const end = run();
    expect(await end.handler.delete(end.context, id, state)).toBe("deleted");
    expect(await integrations()).toEqual([]);
  });

  test("a gateway that does not know the address of a configuration makes nothing gone", async () => {
    const { run, control } = await world({ expandConfig: "nowhere" });
    const { id, state } = await run().create();
    await control("POST", "faults", {
      match: { method: "GET", path: "/config/current" },
      action: { kind: "answer", status: 404 },
      times: 9,
    });
    const { handler, context } = run();
    const known = { ...state, __madeAt: undefined } as State;
    expect(String(await errorOf(handler.read(context, id, known)))).toContain(
      "answered 404 (answer.malformed): the integration is there, and its configuration is not;",
    );
  });

  test("what the answer to a PUT proves is not doubted for reads that do not show it in all the time they have", async () => {
    const { run, control } = await world({ staleConfigReads: 99 });
    const { id, state } = await run().create();
    const { handler, context, checked } = run();
    const wanted = await checked({ notes: "n", timeouts: { update: "2s" } }, state);
    expect(await stateAfter(handler.update(context, id, state, wanted))).toMatchObject({ notes: "" });
    expect((await control("GET", "state")).integrations[0].config.current.notes).toBe("n");
  });

  test("an answer without content to the PATCH is looked behind", async () => {
    const { run, control } = await world();
    await control("POST", "faults", {
      match: { method: "PATCH", path: "/integrations/" },
      action: { kind: "empty", status: 200, after: true },
    });
    expect((await run().create()).state).toMatchObject({ intendedState: "ENABLED", reportedState: "ACTIVE" });
  });

  test("ERROR fails at once, in the platform's words, and the state keeps what is there", async () => {
    const { run, control } = await world();
    await control("POST", "stateOutcomes", { code: "ERROR", message: "The account is not known to AWS." });
    const error = await errorOf(run().create());
    expect(error).toHaveProperty("unfinished");
    expect(error.message).toContain("is in ERROR: The account is not known to AWS.");
    expect(error.state).toMatchObject({ integrationId: error.id });
  });

  test("where the organisation may have no more, those that there are are named, and nothing is tried again", async () => {
    const { run, control, calls } = await world();
    await control("PATCH", "integrationTypes/amazon-eventbridge-source", { maxInstances: 1 });
    const { id } = await control("POST", "integrations", { name: "theirs" });
    const { create } = run();
    await calls();
    const error = await errorOf(create());
    expect(error.message).toContain("maximum number of integrations");
    expect(error.message).toContain(`There are: "theirs" (${id}). Import one of them, or delete one first.`);
    expect((await calls()).filter((call) => call === POST)).toHaveLength(1);
  });

  test.each([true, false])(
    "after ERROR in an update the next one asks the platform to try again, too; it was enabled before: %s",
    async (enabled) => {
      const { run, control, calls } = await world({ putWhileEnabled: "nothing" });
      const { id, state } = await run().create({ enabled });
      const trouble = { code: "ERROR", message: "not known" };
      if (enabled) await control("PATCH", `integrations/${id}`, { reportedState: trouble });
      else await control("POST", "stateOutcomes", trouble);
      const update = async ({ handler, context, checked }: ReturnType<typeof run>) =>
        stateAfter(handler.update(context, id, state, await checked({ notes: "n" }, state)));
      expect((await errorOf(update(run()))).message).toContain("is in ERROR: not known");
      await calls();
      expect(await update(run())).toMatchObject({ notes: "n", enabled: true, reportedState: "ACTIVE" });
      expect((await calls()).filter((call) => !call.startsWith("GET"))).toEqual([PUT, PATCH]);
    },
  );

  test("a read that still shows the ERROR from before the platform was asked to try again fails nothing", async () => {
    const { run, control } = await world(
      { putWhileEnabled: "nothing", staleStateReads: 4, staleConfigReads: 4 },
      { stateChangeMs: 300 },
    );
    const { id, state } = await run().create();
    await control("PATCH", `integrations/${id}`, { reportedState: { code: "ERROR", message: "not known" } });
    const { handler, context, checked } = run();
    const { state: failed } = (await handler.read(context, id, state)) ?? {};
    expect(failed).toMatchObject({ reportedState: "ERROR" });
    const wanted = await checked({ notes: "n" }, failed);
    expect(await stateAfter(handler.update(context, id, failed as State, wanted))).toMatchObject({
      notes: "n",
      reportedState: "ACTIVE",
    });
  });

  test("what somebody has disabled since it was read is said by an update as soon as no read can lag behind", async () => {
    const { run, control, calls } = await world({ putWhileEnabled: "nothing" });
    const { id, state } = await run().create();
    await control("PATCH", `integrations/${id}`, { intendedState: "DISABLED" });
    const { handler, context: real, checked } = run();
    const context = { ...real, elapsed: () => real.elapsed() * 100 };
    await calls();
    const error = await errorOf(handler.update(context, id, state, await checked({ notes: "n" }, state)));
    expect(error.message).toContain(
      "is disabled and not enabled in time: reads lag behind, somebody has done that outside of Pulumi",
    );
    expect((await calls()).filter((call) => !call.startsWith("GET"))).toEqual([PUT]);
    const seen = await handler.read(context, id, state);
    expect(seen?.state).toMatchObject({ notes: "n", enabled: false });
    const mended = handler.update(context, id, seen?.state as State, await checked({ notes: "n" }, state));
    expect(await stateAfter(mended)).toMatchObject({ enabled: true, reportedState: "ACTIVE" });
  });

  test.each([
    ["bears the one of before", { reportedState: { code: "ERROR" } }],
    ["does not tell it", {}],
  ])("asked to try again, the platform is looked at where its answer %s", async (_, told) => {
    const { run, control } = await world({ putWhileEnabled: "nothing" }, { stateChangeMs: 300 });
    const { id, state } = await run().create();
    await control("PATCH", `integrations/${id}`, { reportedState: { code: "ERROR", message: "not known" } });
    const { handler, context, checked } = run();
    const failed = (await handler.read(context, id, state))?.state as State;
    await control("POST", "faults", {
      match: { method: "PATCH" },
      action: { kind: "answerAfter", status: 200, body: { id, intendedState: "ENABLED", ...told } },
    });
    const updated = handler.update(context, id, failed, await checked({ notes: "n" }, failed));
    expect(await stateAfter(updated)).toMatchObject({ reportedState: "ACTIVE" });
  });

  test("a PATCH whose answer does not tell what came of it is seen to have been carried out", async () => {
    const { run, control } = await world();
    const { id, state } = await run().create();
    await control("POST", "faults", {
      match: { method: "PATCH" },
      action: { kind: "answerAfter", status: 200, body: { id, intendedState: "DISABLED" } },
    });
    const { handler, context, checked } = run();
    const wanted = await checked({ enabled: false, webhookUrl: "https://example.com/notices" }, state);
    expect(await stateAfter(handler.update(context, id, state, wanted))).toMatchObject({ enabled: false });
  });

  test("what somebody deletes while it is waited for is known as soon as no read can lag behind", async () => {
    const { run, control } = await world({}, { stateChangeMs: 600_000 });
    const { handler, context: real, checked } = run();
    const context = { ...real, elapsed: () => real.elapsed() * 100 };
    const failing = errorOf(done(handler.create(context, await checked())));
    const there = async () => (await control("GET", "state")).integrations[0];
    await expect.poll(async () => (await there())?.intendedState).toBe("ENABLED");
    await deleteBySomebody(run().context, (await there()).id);
    expect((await failing).message).toContain("GET /api/v2/integrations/{integrationId} was answered 404");
  });

  test("a deletion whose reads lag behind in one part waits for the other", async () => {
    const { run, control, calls } = await world({
      expandConfig: "nowhere",
      deletedReads: 3,
      deletedShown: "asBefore",
    });
    const { id, state } = await run().create();
    await control("POST", "faults", {
      match: { method: "GET", path: "/config/current" },
      action: { kind: "answer", status: 404 },
    });
    const { handler, context } = run();
    expect(await handler.delete(context, id, state)).toBe("deleted");
    expect(await control("GET", "faults")).toMatchObject([{ hits: 1 }]);
    expect((await calls()).at(-1)).toBe("GET /api/v2/integrations/{id}");
  });

  test("after ERROR the next run asks the platform to try again, and says how that ended", async () => {
    const { run, control, calls } = await world();
    await control("POST", "stateOutcomes", { code: "ERROR", message: "not known", times: 2 });
    const first = await errorOf(run().create());
    await calls();
    const olds = { ...first.state, __unfinished: first.unfinished } as State;
    const resume = async ({ context, handler, checked }: ReturnType<typeof run>) =>
      stateAfter(handler.update(context, first.id, olds, await checked({}, olds)));
    const again = await errorOf(resume(run()));
    expect(again.message).toContain("is in ERROR: not known");
    expect((await calls()).filter((call) => !call.startsWith("GET"))).toEqual([PATCH]);
    expect(await resume(run())).toMatchObject({ reportedState: "ACTIVE", version: 2 });
    expect((await calls()).filter((call) => !call.startsWith("GET"))).toEqual([PATCH]);
  });

  test("what never becomes ACTIVE is kept, with what to look at, and an unknown state is named", async () => {
    const { run, control } = await world();
    await control("POST", "stateOutcomes", { meanwhile: "WARMING_UP", code: "stuck", afterMs: 1 });
    const error = await errorOf(run().create({ timeouts: { create: "8s" } }));
    expect(error).toHaveProperty("unfinished");
    expect(error.message).toMatch(
      /is (WARMING_UP|ACTIVATING) and not ACTIVE in time\. Look whether the AWS account/,
    );
  });
});

describe("what went through, and of which somebody could not be told", () => {
  /** Its notice was not delivered, so that the next run has something to do; and somebody has changed the object since. */
  async function untold(change: object) {
    const life = await world();
    const { id, state } = await life.run().create();
    const { properties } = (await life.control("GET", "state")).integrations[0].config.current;
    await life.control(
      "PATCH",
      `integrations/${id}`,
      "awsAccountRegion" in change ? { properties: { ...properties, ...change } } : change,
    );
    await life.calls();
    return { ...life, id, olds: { ...state, __unfinished: "its notice was not delivered" } as State };
  }

  test.each([
    ["notes", { notes: "by hand" }],
    ["the region, which no update can change", { awsAccountRegion: "us-east-1" }],
  ])("is no create that was cut short: what somebody has changed since stays, %s", async (_, change) => {
    const { run, id, olds, calls, integrations } = await untold(change);
    const { handler, context, checked } = run();
    const wanted = await checked({}, olds);
    expect(handler.diff(olds, wanted)).toMatchObject({ unfinished: true });
    await calls();
    const state = await stateAfter(handler.update(context, id, olds, wanted));
    expect(await calls()).toEqual([]);
    expect(state).not.toHaveProperty("__unfinished");
    const error = await errorOf(handler.update(context, id, olds, await checked({ notes: "n" }, olds)));
    expect(error.message).toContain("was changed since it was last read");
    expect(await integrations()).toMatchObject([{ id }]);
  });
});

describe("what was cut short", () => {
  test("after each of its calls is gone on with, and makes no second one", async () => {
    for (const [method, path] of [
      ["PUT", "config/current$"],
      ["PATCH", "integrations/"],
    ]) {
      const { run, control, integrations, held } = await world();
      await control("POST", "faults", {
        match: { method, path },
        action: { kind: "answer", status: 400 },
      });
      const first = run();
      const error = await errorOf(first.create());
      expect(error, `${method}: ${error.message}`).toHaveProperty("unfinished");
      held.add(error.id);
      const second = run();
      const olds = { ...error.state, __unfinished: error.unfinished } as State;
      const state = await stateAfter(
        second.handler.update(second.context, error.id, olds, await second.checked({}, olds)),
      );
      expect(state).toMatchObject({ integrationId: error.id, reportedState: "ACTIVE" });
      expect(await integrations()).toHaveLength(1);
    }
  });

  test.each([
    ["what an update can change is changed", { notes: "n", eventFilter: ["v2.users.{id}.presence"] }, 1],
    ["what none can change is made anew", { awsAccountRegion: "us-east-1" }, 2],
  ])(
    "after a PUT that reads do not show yet, with other arguments: %s",
    async (_, args, made) => {
      const { run, control, calls, integrations, held } = await world({
        staleConfigReads: 3,
        fixedProperties: "refused",
      });
      await control("POST", "faults", {
        match: { method: "PUT", path: "config/current$" },
        action: { kind: "answerAfter", status: 400 },
      });
      const error = await errorOf(run().create());
      held.add(error.id);
      const { handler, context, checked } = run();
      const olds = { ...error.state, __unfinished: error.unfinished } as State;
      const state = await stateAfter(handler.update(context, error.id, olds, await checked(args, olds)));
      expect(state).toMatchObject({ ...args, reportedState: "ACTIVE" });
      expect(await integrations()).toMatchObject([{ id: state.integrationId }]);
      expect((await calls()).filter((each) => each === POST)).toHaveLength(made);
    },
    60_000,
  );

  describe("a POST whose answer is lost makes one", () => {
    const withLost = async (kind: string, pace = 1) => {
      const life = await world({}, {}, pace);
      const fault = { match: { method: "POST", path: "/integrations$" }, action: { kind }, times: 1 };
      await life.control("POST", "faults", fault);
      return life;
    };

    test("where the platform has carried it out", async () => {
      const { run, integrations } = await withLost("resetAfter");
      const { id, state } = await run().create({ timeouts: { create: "8s" } });
      expect(await integrations()).toMatchObject([{ id, name: state.name }]);
    });

    test("where it has not: what is there twice is looked for beyond the time that the step has", async () => {
      const { run, integrations, calls } = await withLost("resetBefore", 20);
      const { id, state } = await run().create({ timeouts: { create: "2s" } });
      expect(await integrations()).toMatchObject([{ id, name: state.name }]);
      expect(state).not.toHaveProperty("__create");
      expect((await calls()).filter((each) => each === POST)).toHaveLength(2);
    });

    test("where a list shows it only when the step has to be over", async () => {
      const { run, control, integrations } = await world({ listDelaySeconds: 5 }, {}, 5);
      const fault = {
        match: { method: "POST", path: "/integrations$" },
        action: { kind: "malformed" },
        times: 1,
      };
      await control("POST", "faults", fault);
      const { id } = await run().create({ timeouts: { create: "4s" } });
      expect(await integrations()).toMatchObject([{ id }]);
    });
  });

  test("of what was posted more than twice all is removed, also what lists show later", async () => {
    const { run, control, integrations } = await world();
    const another = () => control("POST", "integrations", { name: INTEGRATION.token?.(URN) });
    await another();
    const { context } = run();
    let looks = 0;
    const send = async (...[request, budget]: Parameters<typeof context.client.send>) => {
      const answer = await context.client.send(request, budget);
      if (`${request.method} ${request.path}` === LIST && looks++ === 0) await another();
      return answer;
    };
    const client = Object.create(context.client, { send: { value: send } });
    const record = { phase: "accepted", duplicatesUntil: Date.now() } as const;
    const state = { ...ARGS, name: "voice", __urn: URN, __create: record } as unknown as State;
    await removeDuplicates(state, undefined, beginOn(INTEGRATION, { ...context, client }, "1m"));
    expect(looks).toBeGreaterThan(1);
    expect(await integrations()).toEqual([]);
  });

  /** The run is stopped just as such a request is answered; what it asked for is told. */
  const stoppedAt = (call: string, context: Context) => {
    const stop = new AbortController();
    const asked: string[] = [];
    const send = async (...[request, budget]: Parameters<typeof context.client.send>) => {
      asked.push(`${request.method} ${request.path}`);
      const answer = await context.client.send(request, budget);
      if (asked.at(-1) === call) stop.abort();
      return answer;
    };
    const client = Object.create(context.client, { send: { value: send } });
    return { stopped: { ...context, client, signal: stop.signal } satisfies Context, asked };
  };

  test.each([
    ["a record", (duplicatesUntil: number) => ({ __create: { phase: "accepted", duplicatesUntil } })],
    ["the flag that was there before", (until: number) => ({ __duplicatesUntil: until })],
  ])(
    "a run that is stopped before lists show what was posted twice, by %s, says so, and forgets nothing",
    async (_, told) => {
      const { run } = await world();
      const { stopped } = stoppedAt(LIST, run().context);
      const step = beginOn(INTEGRATION, stopped, "1m");
      const state = { ...ARGS, __urn: URN, ...told(Date.now() + 60_000) } as unknown as State;
      await expect(removeDuplicates(state, undefined, step)).rejects.toThrow("stopped before it was seen");
    },
  );

  test("a run that is stopped before an integration is ACTIVE does not say that it took too long", async () => {
    const { run } = await world({ transitionReads: 9 });
    const { context, handler, checked } = run();
    const { stopped } = stoppedAt("GET /api/v2/integrations/{integrationId}", context);
    const error = await errorOf(handler.create(stopped, await checked()));
    expect(error).toHaveProperty("unfinished");
    expect(error.message).toContain("The run was stopped before it was seen what has become of");
  });

  test("runs that are stopped before lists show what was posted post nothing more, and the next one finds it", async () => {
    const { control, run, integrations } = await world({ listDelaySeconds: 3 });
    const match = { method: "POST", path: "/integrations$" };
    await control("POST", "faults", { match, action: { kind: "malformed" }, times: 1 });
    const args = { eventSourceSuffix: "prod" };
    const wasCreating = { lookUpCreating: async () => true };
    const stoppedIn = async ({ context, handler, checked }: ReturnType<typeof run>) => {
      const { stopped, asked } = stoppedAt(LIST, context);
      const { message } = await errorOf(handler.create(stopped, await checked(args)));
      expect(message).toContain("The run was stopped before it was seen what an earlier POST has made.");
      return { message, posts: asked.filter((call) => call === POST).length };
    };
    const first = await stoppedIn(run());
    expect(first.message).toMatch(/^whether .* was made is not known: /);
    expect((await stoppedIn(run(wasCreating))).posts).toBe(0);
    const { id } = await run(wasCreating).create(args);
    expect(await integrations()).toMatchObject([{ id }]);
  });

  describe("a POST that was sent twice, while lists lag behind, and then cut short", () => {
    const cutShort = async () => {
      const life = await world({ listDelaySeconds: 3 }, {}, 8);
      const { run, control, integrations, held } = life;
      const fault = (method: string, path: string, action: object) =>
        control("POST", "faults", { match: { method, path }, action, times: 1 });
      await fault("POST", "/integrations$", { kind: "malformed" });
      await fault("PUT", "config/current$", { kind: "answer", status: 400 });
      const error = await errorOf(run().create({ timeouts: { create: "4s" } }));
      expect(await integrations()).toHaveLength(2);
      held.add(error.id);
      return { ...life, id: error.id, olds: { ...error.state, __unfinished: error.unfinished } as State };
    };

    test("tells so in its state by one record, which a refresh keeps", async () => {
      const { run, id, olds } = await cutShort();
      const [postedAt, until, duplicatesUntil] = Array(3).fill(expect.any(Number));
      const record = { phase: "accepted", objectId: id, postedAt, until, duplicatesUntil };
      expect(olds.__create).toEqual(record);
      const { handler, context } = run();
      const read = await handler.read(context, id, olds);
      for (const flag of ["__postedAt", "__until", "__duplicatesUntil", "__met"])
        for (const state of [olds, read?.state]) expect(state).not.toHaveProperty(flag);
      expect(read?.state.__create).toEqual(olds.__create);
      expect(Object.keys(read?.inputs ?? {})).not.toContain("__create");
    });

    test("leaves one, once the next run has finished it", async () => {
      const { run, id, olds, integrations } = await cutShort();
      const { handler, context, checked } = run();
      const state = await stateAfter(handler.update(context, id, olds, await checked({}, olds)));
      expect(await integrations()).toMatchObject([{ id }]);
      expect(state).not.toHaveProperty("__create");
    });

    test("leaves one, where the state was lost and the journal tells", async () => {
      const { run, id, held, integrations } = await cutShort();
      held.delete(id);
      await run().create();
      expect(await integrations()).toMatchObject([{ id }]);
    });

    test("leaves none, once it is deleted", async () => {
      const { run, id, olds, integrations } = await cutShort();
      const { handler, context } = run();
      await handler.delete(context, id, olds);
      expect(await integrations()).toEqual([]);
    });
  });

  test("whose step had returned is gone on with under its own suffix, whatever name it has", async () => {
    const { run, control, integrations } = await world();
    const args = { name: "gateway", eventSourceSuffix: "prod" };
    const { id } = await run().create(args);
    // The engine was killed before it had the state, and the next run fails on the way.
    const fault = { method: "PUT", path: "config/current$" };
    await control("POST", "faults", { match: fault, action: { kind: "answer", status: 400 } });
    const error = await errorOf(run().create({ ...args, notes: "n" }));
    expect(error).toMatchObject({ id, state: { name: "gateway", eventSourceSuffix: "prod" } });
    const { checked, handler } = run();
    const olds = { ...error.state, __unfinished: error.unfinished } as State;
    expect(handler.diff(olds, await checked(args, olds)).replaces).toEqual([]);
    expect(await integrations()).toHaveLength(1);
  });

  test("is neither used nor made twice where nobody can tell whether the stack has it: the error says so", async () => {
    const { run, control, calls } = await world();
    const { id } = await control("POST", "integrations", { name: INTEGRATION.token?.(URN) });
    await calls();
    const blind = { lookUpCreating: async () => undefined, lookUpId: async () => undefined };
    const error = await errorOf(run(blind).create({ eventSourceSuffix: "prod" }));
    expect(error.message).toMatch(
      new RegExp(
        `"voice-[0-9a-f]{7}" exists already: its id is ${id}\\. It may be what an earlier run has made`,
      ),
    );
    expect(error.message).toMatch(/set the option deleteBeforeReplace\.$/);
    expect(await calls()).not.toContain(POST);
  });

  test("before it had an answer is not forgotten for another that is imported under the same suffix", async () => {
    const { run, control } = await world();
    const properties = { ...ARGS, eventFilter: ARGS.eventFilter.toSorted(), eventSourceSuffix: "prod" };
    const theirs = await control("POST", "integrations", { name: "theirs", properties });
    const posted = await control("POST", "integrations", { name: INTEGRATION.token?.(URN) });
    const { context, checked, handler } = run();
    const record = {
      urn: URN,
      name: "prod",
      phase: "posting",
      postedAt: Date.now(),
      fingerprints: [],
    } as const;
    await context.journal.write({ ...record, fingerprints: [] });
    const inputs = await checked({ name: "theirs", eventSourceSuffix: "prod" });
    await done(handler.create(context, { ...inputs, __import: theirs.id }));
    const orphans = await Promise.all(
      (await context.journal.all()).map((each) => orphanOf(each, beginOn(INTEGRATION, context, "1m"))),
    );
    expect(orphans.filter((each) => each !== undefined)).toMatchObject([{ objectId: posted.id }]);
  });

  test("a killed create is found by its token on another machine, where the engine has noted that it began", async () => {
    const { run, control, integrations, calls } = await world();
    const token = INTEGRATION.token?.(URN);
    await control("POST", "integrations", { name: token, intendedState: "DISABLED" });
    const other = run({ lookUpCreating: async () => true });
    const { id } = await other.create();
    expect(await integrations()).toMatchObject([{ id }]);
    expect(await calls()).not.toContain(POST);
  });
});

/** Deletes an integration without the provider's knowing. */
async function deleteBySomebody(context: Context, integrationId: string): Promise<void> {
  const path = "/api/v2/integrations/{integrationId}";
  const request = { method: "DELETE", path, pathParams: { integrationId } } as const;
  await context.client.send(request, beginStep(context, "1m").budget);
}

test("a suffix that what was deleted still has, while no list shows it, is waited for", async () => {
  const { run, control, calls } = await world({ readDelaySeconds: 1, suffixFreed: "onceGone" });
  const properties = { ...ARGS, eventSourceSuffix: "prod" };
  const { id: former } = await control("POST", "integrations", { name: "former", properties });
  await deleteBySomebody(run().context, former);
  const { state } = await run().create({ eventSourceSuffix: "prod" });
  expect(state).toMatchObject({ eventSourceSuffix: "prod", reportedState: "ACTIVE" });
  expect((await calls()).filter((each) => each === PUT).length).toBeGreaterThan(1);
});

test("a suffix that what was deleted still has, while a list still shows that, is waited for, too", async () => {
  const { run, control } = await world({ listDelaySeconds: 60, deletedShown: "asBefore" });
  const properties = { ...ARGS, eventSourceSuffix: "prod" };
  const { id } = await control("POST", "integrations", { name: "former", properties });
  await deleteBySomebody(run().context, id);
  await control("POST", "faults", {
    match: { method: "PUT", path: "/config/current" },
    action: { kind: "answer", status: 400, body: { message: "the eventSourceSuffix is in use" } },
  });
  expect((await run().create({ eventSourceSuffix: "prod" })).state).toMatchObject({
    eventSourceSuffix: "prod",
  });
});

test("what others have of the type is nobody's business, in whatever shape it is", async () => {
  const { run, control, integrations } = await world();
  for (const properties of [{ eventFilter: "v2.x" }, { eventFilter: [null] }, { awsAccountId: 12 }])
    await control("POST", "integrations", { name: "theirs", properties });
  const { id } = await run({ lookUpCreating: async () => true }).create({
    onConflict: "adopt",
    timeouts: { create: "8s" },
  });
  expect((await integrations()).map((each) => each.id)).toContain(id);
  expect(await integrations()).toHaveLength(4);
});

describe("a suffix that is taken", () => {
  const there = { name: "theirs", properties: { ...ARGS, eventSourceSuffix: "prod" } };

  test.each([400, 409])(
    "is refused with %d, and the error names who has it and the ways on",
    async (suffixTaken) => {
      const { run, control, integrations, held } = await world({ suffixTaken });
      const { id } = await control("POST", "integrations", there);
      let lookUps = 0;
      const lookUpId = async () => {
        lookUps += 1;
        return false;
      };
      const error = await errorOf(run({ lookUpId }).create({ eventSourceSuffix: "prod" }));
      // What the program chose is not looked up in stacks: anybody can have it.
      expect(lookUps).toBe(0);
      expect(error).toHaveProperty("unfinished");
      expect(error.message).toContain(
        `The eventSourceSuffix is taken by the integration ${id}: import that one, set onConflict: "adopt"`,
      );
      // With another suffix what was posted is gone on with.
      held.add(error.id);
      const { handler, context, checked } = run();
      const olds = { ...error.state, __unfinished: error.unfinished } as State;
      const wanted = await checked({ eventSourceSuffix: "prod-2" }, olds);
      await stateAfter(handler.update(context, error.id, olds, wanted));
      expect(await integrations()).toHaveLength(2);
    },
  );

  test("is adopted after it was met, too, and what was posted makes room", async () => {
    const { run, control, integrations } = await world();
    const { id } = await control("POST", "integrations", there);
    const error = await errorOf(run().create({ eventSourceSuffix: "prod" }));
    const { handler, context, checked } = run();
    const olds = { ...error.state, __unfinished: error.unfinished } as State;
    const wanted = await checked({ eventSourceSuffix: "prod", onConflict: "adopt" }, olds);
    expect(await stateAfter(handler.update(context, error.id, olds, wanted))).toMatchObject({
      integrationId: id,
    });
    expect(await integrations()).toMatchObject([{ id, name: wanted.name }]);
  });

  test("is adopted where the program says so: no second one is made", async () => {
    const { run, control, integrations } = await world();
    const { id } = await control("POST", "integrations", there);
    const adopted = await run().create({ eventSourceSuffix: "prod", onConflict: "adopt" });
    expect(adopted).toMatchObject({ id, state: { reportedState: "ACTIVE" } });
    expect(await integrations()).toHaveLength(1);
  });
});

describe("topics", () => {
  const problemsWith = async (eventFilter: string[], variants: object = {}) => {
    const { run } = await world(variants);
    const { handler, context, lines } = run();
    const result = await handler.check(context, undefined, { ...ARGS, eventFilter, __urn: URN });
    return { problems: "problems" in result ? result.problems : [], lines };
  };

  test.each<[string, RegExp]>([
    ["v2.users.{userId}.presence", /write "v2\.users\.\{id\}\.presence"/],
    ["v2.users.{id}.Presence", /write "v2\.users\.\{id\}\.presence"/],
    ["v2.users.{id}.*", /no wildcards: it would match .*"v2\.users\.\{id\}\.presence"/],
    ["v2.users.{id}.presense", /there is no such topic \(did you mean "v2\.users\.\{id\}\.presence"\?\)/],
    ["v2.users.{id}.geolocation", /is not sent to EventBridge, but by Websocket alone/],
  ])("%s", async (topic, reason) => {
    const { problems } = await problemsWith(["v2.conversations.{id}.transcription", topic]);
    expect(problems).toEqual([{ path: "eventFilter[1]", reason: expect.stringMatching(reason) }]);
  });

  test("without transports pass, and a preview is a warning", async () => {
    const preview = "v2.users.{id}.conversationsummary";
    expect((await problemsWith(["v2.users.{id}.geolocation"], { topicTransports: false })).problems).toEqual(
      [],
    );
    const { problems, lines } = await problemsWith([preview]);
    expect(problems).toEqual([]);
    expect(lines).toEqual([expect.stringContaining("this topic is a preview")]);
  });
});
