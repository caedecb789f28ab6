/** Lives of an `EventBridgeIntegration` on slow and odd platforms, and beside somebody who changes it meanwhile. */
import { describe, expect, test } from "vitest";
import type { State } from "../../provider/src/lifecycle/inputs.js";
import type { Context } from "../../provider/src/resourceHandler.js";
import { done, errorOf, stateAfter } from "../unit/provider/support/context.js";
import { ARGS, deleteBySomebody, PATCH, POST, PUT, world } from "./integrationWorld.js";

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
    const wanted = await checked({ notes: "n", timeouts: { update: "4s" } }, state);
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
    const context = { ...real, elapsed: () => real.elapsed() * 20 };
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
    const context = { ...real, elapsed: () => real.elapsed() * 20 };
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
