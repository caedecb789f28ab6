/** The configured webhook address: it reaches the organisation and the notices, and nothing that the engine is told. */
import { describe, expect, test } from "vitest";
import type { SourceInputs, SourceState } from "../../../../../provider/src/eventBridgeSource/model.js";
import type { LifecycleHook } from "../../../../../provider/src/hooks/lifecycle.js";
import { withConfiguredAddress } from "../../../../../provider/src/hooks/webhook/configuredAddress.js";
import { withHooks } from "../../../../../provider/src/hooks/withHooks.js";
import type { ResourceHandler } from "../../../../../provider/src/resourceHandler.js";
import type { Settings } from "../../../../../provider/src/settings.js";
import { done, errorOf, fakeContext, inTime, stateAfter, useVirtualTime } from "../../support/context.js";
import { FakeOrganisation } from "../../support/fakeOrganisation.js";
import { ARGS, createSourceHandler, stateWith, URN } from "../../support/source.js";

useVirtualTime();

const [D, D2, MINE, THEIRS] = ["d", "d2", "mine", "theirs"].map(
  (each) => `https://${each}.example/planted-key`,
);

/** A stack's life: processes come and go, each with its own configuration; what the engine keeps stays. */
function life() {
  const organisation = new FakeOrganisation().addTopic("topic-1").addTarget("target-1");
  /** Whom the steps told, one each; `undefined`: nobody. */
  const told: (string | undefined)[] = [];
  const hook: LifecycleHook = {
    record: async (_, __, { about }) => {
      told.push(about.webhookUrl);
      return undefined;
    },
  };
  /** Everything that the engine was told. */
  const seen: unknown[] = [];
  const kept: { id?: string; state?: SourceState; inputs?: SourceInputs } = {};

  function process(settings: Partial<Settings> = {}) {
    const { context, lines } = fakeContext(organisation, settings);
    const handler = withConfiguredAddress(withHooks(createSourceHandler(), [hook]));
    async function check(args: object = ARGS): Promise<SourceInputs> {
      const checked = await handler.check(context, kept.inputs, { ...args, __urn: URN });
      if ("problems" in checked) throw new Error(JSON.stringify(checked.problems));
      seen.push(checked);
      return checked.inputs;
    }
    /** What `pulumi up` does. @returns whether there was anything to do. */
    async function up(args: object = ARGS): Promise<boolean> {
      const inputs = await check({ name: "orders", ...args });
      const { id, state } = kept;
      if (id === undefined || state === undefined)
        Object.assign(kept, await inTime(done(handler.create(context, inputs))));
      else {
        const { inputs: differ, unfinished } = handler.diff(state, inputs);
        if (!differ && !unfinished) return false;
        kept.state = await inTime(stateAfter(handler.update(context, id, state, inputs)));
      }
      kept.inputs = inputs;
      seen.push(kept.state);
      return true;
    }
    /** What `pulumi refresh` does. @returns whether the engine would show a difference. */
    async function refresh(): Promise<boolean> {
      const before = kept.inputs as SourceInputs;
      Object.assign(kept, await inTime(handler.read(context, String(kept.id), kept.state)));
      seen.push(kept.state, kept.inputs);
      const { inputs, unfinished } = handler.diff(kept.state as SourceState, before);
      return inputs || unfinished;
    }
    const destroy = () => inTime(handler.delete(context, String(kept.id), kept.state as SourceState));
    return { check, up, refresh, destroy, lines, handler, context };
  }
  const address = () => [...organisation.sources.values()][0]?.webhook_url;
  /** Somebody changes the address in the organisation. */
  function set(webhook_url: string | null): void {
    const [source] = organisation.sources.values();
    Object.assign(source as object, { webhook_url, version: Number(source?.version) + 1 });
  }
  return { organisation, process, told, seen, kept, address, set };
}

test.each([true, false])(
  "it is brought about, told and looked after, and the engine is told a hash alone (the API shows it: %s)",
  async (showsWebhook) => {
    const { organisation, process, told, seen, address } = life();
    organisation.showsWebhook = showsWebhook;
    expect(await process({ webhookUrl: D }).up()).toBe(true);
    expect(address()).toBe(D);
    expect(await process({ webhookUrl: D }).up()).toBe(false);
    expect(await process({ webhookUrl: D }).refresh()).toBe(false);
    // A refresh where none is configured, as with the environment of another machine, is none to worry about.
    expect(await process().refresh()).toBe(false);

    const changed = process({ webhookUrl: D2 });
    expect(await changed.up()).toBe(true);
    expect(changed.lines).toContain(
      `info ${URN}: the configured webhook address is another now: notices of this EventBridge source go there`,
    );
    expect(address()).toBe(D2);
    expect(await process().up()).toBe(true);
    expect(address()).toBeNull();
    await process({ webhookUrl: D }).up();
    await process({ webhookUrl: D }).destroy();
    expect(told).toEqual([D, D2, undefined, D, D]);
    expect(JSON.stringify(seen)).not.toContain("planted");
    expect(JSON.stringify(seen)).toContain("__defaultWebhook");
  },
);

test("one of the program stands in the state as it does in the program", async () => {
  const { process, kept, told } = life();
  await process({ webhookUrl: D }).up({ ...ARGS, webhookUrl: MINE });
  expect(kept.state).toMatchObject({ webhookUrl: MINE });
  expect(kept.state).not.toHaveProperty("__defaultWebhook");
  // From the program to the configuration and back.
  expect(await process({ webhookUrl: D }).up()).toBe(true);
  expect(kept.state).not.toHaveProperty("webhookUrl");
  expect(await process({ webhookUrl: D }).up({ ...ARGS, webhookUrl: MINE })).toBe(true);
  expect(kept.state).not.toHaveProperty("__defaultWebhook");
  expect(told).toEqual([MINE, D, MINE]);
});

test("a state that bears the configured one, as release 0.1.0 wrote it, is no difference", async () => {
  const { organisation, process, kept } = life();
  organisation.addSource({ webhook_url: D });
  Object.assign(kept, {
    id: "src-1",
    state: stateWith({ webhookUrl: D }),
    inputs: stateWith({ webhookUrl: D }),
  });
  expect(await process({ webhookUrl: D }).up()).toBe(false);
  expect(await process({ webhookUrl: D }).refresh()).toBe(false);
  expect(await process({ webhookUrl: D }).up({ ...ARGS, description: "new" })).toBe(true);
  expect(JSON.stringify(kept)).not.toContain("planted");
});

test("what is unfinished bears no address either, and is gone on with also under another one", async () => {
  const { organisation, process, kept, address, seen } = life();
  organisation.pending = Array.from({ length: 500 }, () => ({ status: "running" }));
  const first = process({ webhookUrl: D });
  const inputs = await first.check({ ...ARGS, name: "orders", timeouts: { create: "30s" } });
  const error = await errorOf(first.handler.create(first.context, inputs));
  expect(error).toHaveProperty("unfinished");
  expect(JSON.stringify(error.state)).not.toContain("planted");
  const state = { ...error.state, __unfinished: error.unfinished };
  Object.assign(kept, { id: error.id, state, inputs });
  for (const job of organisation.jobs.values()) job.shows = job.shows.slice(-1);
  await process({ webhookUrl: D2 }).refresh();
  expect(await process({ webhookUrl: D2 }).up()).toBe(true);
  expect([address(), organisation.sources.size]).toEqual([D2, 1]);
  expect(JSON.stringify([seen, kept])).not.toContain("planted");
});

test("a version conflict that is not about the address does not become one when another is configured", async () => {
  const { organisation, process, address } = life();
  await process({ webhookUrl: D }).up();
  const [source] = organisation.sources.values();
  Object.assign(source as object, { version: 9 });
  expect(await process({ webhookUrl: D2 }).up()).toBe(true);
  expect(address()).toBe(D2);
});

describe("who is told of a delete after a refresh:", () => {
  const ASKED = { "the program's": MINE, "the configured": undefined };
  type Row = [
    asked: keyof typeof ASKED,
    found: string | null,
    configured: string | undefined,
    told: string | undefined,
  ];
  const rows: Row[] = [
    ["the program's", MINE, D, MINE],
    ["the program's", MINE, undefined, MINE],
    ["the program's", THEIRS, D, undefined],
    ["the program's", THEIRS, undefined, undefined],
    // Somebody has set what is configured for all.
    ["the program's", D, D, D],
    ["the program's", null, D, undefined],
    ["the configured", D, D, D],
    ["the configured", D, D2, D2],
    ["the configured", D, undefined, undefined],
    ["the configured", THEIRS, D, D],
    ["the configured", THEIRS, D2, undefined],
    ["the configured", THEIRS, undefined, undefined],
    ["the configured", null, D, D],
  ] as Row[];
  test.each(rows)(
    "%s address was asked for, %s is there, %s is configured: %s",
    async (asked, found, configured, expected) => {
      const { process, told, set, kept } = life();
      const args = { ...ARGS, webhookUrl: ASKED[asked] };
      await process({ webhookUrl: D }).up(args);
      set(found);
      await process({ webhookUrl: D }).refresh();
      await process({ webhookUrl: D }).refresh();
      const last = process({ webhookUrl: configured });
      await last.destroy();
      expect(told.at(-1)).toBe(expected);
      const isSaid = last.lines.some((line) => line.includes("this delete sends no notice"));
      expect(isSaid).toBe(expected === undefined);
      if (asked === "the configured") expect(JSON.stringify(kept)).not.toContain("https://d.");
    },
  );
});

test("one that somebody sets while a step is under way is not the step's own", async () => {
  for (const args of [ARGS, { ...ARGS, webhookUrl: MINE }]) {
    const { organisation, process, told, set, kept } = life();
    await process({ webhookUrl: D }).up(args);
    organisation.changeAnswer = "empty";
    organisation.on(/^GET \/sources\/src-1/, (_, proceed) => {
      set(THEIRS as string);
      return proceed();
    });
    await process({ webhookUrl: D }).up({ ...args, description: "new" });
    expect(kept.state).toMatchObject({ webhookUrl: THEIRS });
    await process({ webhookUrl: D }).destroy();
    expect(told.at(-1)).toBe(args === ARGS ? D : undefined);
  }
});

test("one that the API writes otherwise is the same, and no difference", async () => {
  const { process, told, set } = life();
  const args = { ...ARGS, webhookUrl: "https://MINE.example" };
  await process().up(args);
  set("https://mine.example/");
  expect(await process().refresh()).toBe(false);
  expect(await process().up(args)).toBe(false);
  await process().destroy();
  expect(told.at(-1)).toBe("https://mine.example/");
});

/** A platform that keeps addresses in its own way, and a handler that remembers in what words they were asked for. */
test("one that the platform keeps otherwise is no stranger's, and the words in which it was asked for are hidden", async () => {
  const KEPT = "https://kept.example";
  const told: (string | undefined)[] = [];
  const keeping: ResourceHandler<SourceInputs, SourceState> = {
    ...createSourceHandler(),
    create: async (_, inputs) => ({
      id: "src-1",
      state: { ...inputs, webhookUrl: KEPT, __asked: { webhookUrl: inputs.webhookUrl, name: "n" } },
    }),
    read: async (_, id, known) => ({
      id,
      state: known as SourceState,
      inputs: { ...(known as SourceState), webhookUrl: known?.__asked?.webhookUrl ?? undefined },
    }),
    delete: async (_, __, state) => {
      told.push(state.__asked?.webhookUrl ?? state.webhookUrl);
      expect(state.__asked?.name).toBe("n");
      return "deleted";
    },
  };
  const { context } = fakeContext(undefined, { webhookUrl: D, validateReferences: "off" });
  const handler = withConfiguredAddress(keeping);
  for (const webhookUrl of [undefined, MINE]) {
    const checked = await handler.check(context, undefined, {
      ...ARGS,
      name: "orders",
      webhookUrl,
      __urn: URN,
    });
    if ("problems" in checked) throw new Error("refused");
    const { state } = await done(handler.create(context, checked.inputs));
    expect(state).not.toHaveProperty("__ownWebhook");
    const read = await inTime(handler.read(context, "src-1", state));
    expect(read?.state).toEqual(state);
    expect(read?.state.webhookUrl).toBe(KEPT);
    if (webhookUrl === undefined) expect(JSON.stringify([checked, state, read])).not.toContain("planted");
    await inTime(handler.delete(context, "src-1", state));
  }
  expect(told).toEqual([D, MINE]);
});

test("an address that nobody asked for, where there was none, is told nothing", async () => {
  const { process, told, set } = life();
  await process().up();
  set(THEIRS as string);
  await process().refresh();
  await process().destroy();
  expect(told).toEqual([undefined, undefined]);
});

test("what somebody has set is seen at every preview; set back it is as before, and asked for it is ours", async () => {
  const { process, told, set, kept, address } = life();
  const mine = { ...ARGS, webhookUrl: MINE };
  await process().up(mine);
  set(THEIRS as string);
  expect(await process().refresh()).toBe(true);
  expect(await process().refresh()).toBe(false);
  set(MINE as string);
  await process().refresh();
  expect(kept.state).not.toHaveProperty("__ownWebhook");
  expect(await process().up(mine)).toBe(false);

  set(THEIRS as string);
  await process().refresh();
  expect(await process().up({ ...ARGS, webhookUrl: THEIRS })).toBe(true);
  expect(kept.state).not.toHaveProperty("__ownWebhook");
  expect(await process().up({ ...ARGS, webhookUrl: THEIRS })).toBe(false);
  await process().destroy();
  expect([told.at(-1), address()]).toEqual([THEIRS, undefined]);
});

test("where notices are required, nothing is deleted that nobody could be told of", async () => {
  const { organisation, process } = life();
  await process({ webhookUrl: D }).up();
  const error = await errorOf(process({ webhookRequired: true }).destroy());
  expect(error.message).toMatch(
    /^It is not deleted, .*set genesyscloud:webhookUrl or EXTERNAL_WEBHOOK_URL\.$/,
  );
  expect(organisation.sources.size).toBe(1);
});
