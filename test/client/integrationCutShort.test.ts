/** Lives of an `EventBridgeIntegration` that are cut short, and how the next run goes on. */
import { describe, expect, test } from "vitest";
import { INTEGRATION } from "../../provider/src/eventBridgeIntegration/kind.js";
import { removeDuplicates } from "../../provider/src/lifecycle/duplicates.js";
import type { State } from "../../provider/src/lifecycle/inputs.js";
import { beginOn } from "../../provider/src/lifecycle/kind.js";
import { orphanOf } from "../../provider/src/lifecycle/orphans.js";
import type { Context } from "../../provider/src/resourceHandler.js";
import { done, errorOf, stateAfter } from "../unit/provider/support/context.js";
import { ARGS, LIST, POST, URN, world } from "./integrationWorld.js";

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
