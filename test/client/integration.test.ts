/** Plain lives of an `EventBridgeIntegration`, and what it shares with others: the real SDK over real HTTP. */
import { describe, expect, test } from "vitest";
import type { State } from "../../provider/src/lifecycle/inputs.js";
import { errorOf, stateAfter } from "../unit/provider/support/context.js";
import { ARGS, PATCH, POST, PUT, URN, world } from "./integrationWorld.js";

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

  test("is adopted by the next run where no read had shown it, which the message says", async () => {
    const { run, control, integrations } = await world();
    const { id } = await control("POST", "integrations", there);
    const unseen = { match: { method: "GET", path: `/integrations/${id}` }, times: 1 };
    await control("POST", "faults", { ...unseen, action: { kind: "answer", status: 404 } });
    const args = { eventSourceSuffix: "prod", onConflict: "adopt" };
    const error = await errorOf(run().create(args));
    expect(error.message).toContain(`is taken by the integration ${id}: no read had shown that before.`);
    expect(error.message).not.toContain("set onConflict");
    const { handler, context, checked } = run();
    const olds = { ...error.state, __unfinished: error.unfinished } as State;
    const state = await stateAfter(handler.update(context, error.id, olds, await checked(args, olds)));
    expect(state).toMatchObject({ integrationId: id });
    expect(await integrations()).toMatchObject([{ id }]);
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
