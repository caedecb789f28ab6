/** What a page of a list answers in the place of many reads: the real SDK over real HTTP, every call counted. */
import { setMaxListeners } from "node:events";
import { startSandbox } from "genesyscloud-sandbox";
import { describe, expect, onTestFinished, test } from "vitest";
import { KINDS } from "../../provider/src/kinds.js";
import { createHandler } from "../../provider/src/lifecycle/handler.js";
import type { Inputs, State } from "../../provider/src/lifecycle/inputs.js";
import { beginOn, type Kind, keyOf } from "../../provider/src/lifecycle/kind.js";
import { controlPlaneOf } from "../support/controlPlane.js";
import { done, fakeContext, stateAfter } from "../unit/provider/support/context.js";
import { clientOf } from "./support.js";

const [SOURCES, INTEGRATIONS] = KINDS as [Kind, Kind];

/** What a kind's program says, and how the organisation calls its objects. */
const OF_KIND: Record<string, { args: object; list: string; byHand: object }> = {
  source: {
    args: { eventTopicId: "topic-conversation-start", targets: [{ targetId: "target-crm" }] },
    list: "sources",
    byHand: { description: "by hand" },
  },
  integration: {
    args: {
      awsAccountId: "012345678901",
      awsAccountRegion: "eu-central-1",
      eventFilter: ["v2.users.{id}.presence"],
    },
    list: "integrations",
    byHand: { intendedState: "DISABLED" },
  },
};

interface Made {
  id: string;
  state: State;
}

/** An organisation, and so many resources of a kind that an earlier run has made in it. */
async function world(
  kind: Kind,
  count: number,
  {
    variants = {},
    others = 0,
    more = {},
    rateLimit = { allowed: 100_000, windowSeconds: 60 },
  }: {
    variants?: object;
    others?: number;
    more?: object;
    rateLimit?: { allowed: number; windowSeconds: number };
  } = {},
) {
  let hoursLater = 0;
  const sandbox = await startSandbox({
    control: true,
    now: () => Date.now() + hoursLater * 3_600_000,
    jobDurationMs: 0,
    stateChangeMs: 0,
    rateLimit,
  });
  onTestFinished(() => sandbox.close());
  const control = controlPlaneOf(sandbox.url);
  const { args, list } = OF_KIND[kind.noun] as (typeof OF_KIND)[string];
  for (let index = 0; index < others; index++) await control("POST", list, { name: `other-${index}` });
  /** A run of the provider: a process of its own. */
  const run = () => {
    const { context: given, lines } = fakeContext();
    setMaxListeners(0, given.signal);
    return { context: { ...given, client: clientOf(sandbox.url) }, lines, handler: createHandler(kind) };
  };
  const create = async (of = run()) => {
    const urns = Array.from({ length: count }, (_, index) => `urn:pulumi:dev::shop::${kind.type}::r${index}`);
    const make = async (urn: string): Promise<Made> => {
      const checked = await of.handler.check(of.context, undefined, { ...args, ...more, __urn: urn });
      if ("problems" in checked) throw new Error(JSON.stringify(checked.problems));
      return done(of.handler.create(of.context, checked.inputs as Inputs));
    };
    return Promise.all(urns.map(make));
  };
  const calls = async (): Promise<Record<string, number>> => {
    const requests: { method: string; path: string }[] = await control("GET", "requests");
    await control("DELETE", "requests");
    const counted: Record<string, number> = {};
    for (const { method, path } of requests.filter((each) => each.path.startsWith("/api/"))) {
      const what = path.includes("pageNumber") ? "pages" : path.endsWith("/me") ? "me" : method;
      counted[what] = (counted[what] ?? 0) + 1;
    }
    return counted;
  };
  const ofToday = await create();
  // Of what was made hours ago no read has to wait for lists.
  const made = ofToday.map(({ id, state: { __madeAt: _, ...state } }) => ({ id, state }) as Made);
  hoursLater = 2;
  await control("PATCH", "variants", variants);
  await calls();
  const refresh = async (of = run(), which = made) =>
    Promise.all(which.map(({ id, state }) => of.handler.read(of.context, id, state)));
  const byHand = (id: string) =>
    control("PATCH", `${list}/${id}`, (OF_KIND[kind.noun] as (typeof OF_KIND)[string]).byHand);
  return { control, run, create, calls, ofToday, made, refresh, byHand, list };
}

const statesIn = (found: readonly ({ state: State } | undefined)[]) => found.map((each) => each?.state);

describe.each([SOURCES, INTEGRATIONS])("$label", (kind) => {
  const me = kind.noun === "integration" ? { me: 1 } : {};

  test("what this process has deleted bears its key no more, though the list still shows it", async () => {
    const variants = { listDelaySeconds: 3_600, deletedShown: "asBefore" };
    const { run, made, ofToday } = await world(kind, 1, { variants });
    const [{ id, state }] = made as [Made];
    const key = keyOf(kind, (ofToday[0] as Made).state);
    const bearersIn = async ({ context }: ReturnType<typeof run>) => {
      const ids: unknown[] = [];
      for await (const bearer of beginOn(kind, context, "1m").api.bearers(key)) ids.push(bearer.id);
      return ids;
    };
    const [one, other] = [run(), run()];
    await one.handler.delete(one.context, id, state);
    expect(await bearersIn(one)).toEqual([]);
    expect(await bearersIn(other)).toEqual([id]);
  });

  test("a refresh of thirty is one read and one page, and finds each as it was", async () => {
    const { refresh, calls, made, ofToday } = await world(kind, 30);
    // No read of its own has shown what a page has: one that lags behind may come too early.
    expect(ofToday.filter(({ state }) => state.__madeAt !== undefined).length).toBeGreaterThan(20);
    expect(statesIn(await refresh())).toEqual(made.map(({ state }) => state));
    expect(await calls()).toEqual({ GET: 1, pages: 1, ...me });
  });

  test.each([
    { listPageSize: "always25", pages: 2 },
    { listPageSize: "refusedOver25", pages: 3 },
  ])(
    "a server that has pages of 25 at the most, $listPageSize: $pages calls for them",
    async ({ pages, ...variants }) => {
      const { refresh, calls, made } = await world(kind, 30, { variants });
      expect(statesIn(await refresh())).toEqual(made.map(({ state }) => state));
      expect(await calls()).toEqual({ GET: 1, pages, ...me });
    },
  );

  test("what somebody has changed is seen, and what he has deleted is asked for by itself", async () => {
    const { refresh, calls, made, byHand, control, list } = await world(kind, 30);
    const [, changed, gone] = made.map(({ id }) => id) as [string, string, string];
    await byHand(changed);
    await control("DELETE", `${list}/${gone}`);
    const found = await refresh();
    expect(found.map((each) => each?.id)).toEqual(made.map(({ id }) => (id === gone ? undefined : id)));
    expect(found[1]?.state).toMatchObject(
      kind.noun === "source" ? { description: "by hand" } : { enabled: false },
    );
    const { GET, pages } = await calls();
    // The first, the one that is gone, and the integration whose version says nothing of its state.
    expect({ GET, pages }).toEqual({ GET: kind.noun === "source" ? 2 : 3, pages: 1 });
  });

  test("after thirty were changed by this very run, no page of before answers", async () => {
    const { refresh, calls, made, run } = await world(kind, 30);
    const one = run();
    await refresh(one);
    await calls();
    const [{ id, state }] = made as [Made];
    const wanted = kind.inPrograms.args(state);
    const checked = await one.handler.check(one.context, state, {
      ...wanted,
      name: "renamed",
      __urn: state.__urn,
    });
    if (!("inputs" in checked)) throw new Error(JSON.stringify(checked));
    const updated = await stateAfter(one.handler.update(one.context, id, state, checked.inputs as Inputs));
    await calls();
    expect((await one.handler.read(one.context, id, updated))?.state.name).toBe("renamed");
    expect(await calls()).toEqual({ GET: 1 });
  });

  test("thirty that are deleted at once are confirmed by pages", async () => {
    const { calls, made, run, control, list } = await world(kind, 30);
    const { handler, context } = run();
    await Promise.all(made.map(({ id, state }) => handler.delete(context, id, state)));
    const { DELETE, GET = 0, pages = 0 } = await calls();
    expect(DELETE).toBe(30);
    expect(GET + pages).toBeLessThanOrEqual(9);
    const left: { id: string }[] = (await control("GET", "state"))[list];
    expect(left.filter(({ id }) => made.some((each) => each.id === id))).toEqual([]);
  });
});

describe("as safe as reads", () => {
  test.each([
    { listEntries: "partial" },
    { listPages: "shifting", listPageSize: "always25" },
    { pageCount: false, nextUri: false },
    { listDelaySeconds: 3_600, listChanges: "late" },
  ])("a refresh with %o finds what is there", async (variants) => {
    const { refresh, made, byHand, control } = await world(SOURCES, 60, { variants });
    const [, changed, gone] = made.map(({ id }) => id) as [string, string, string];
    const isLate = "listChanges" in variants;
    if (!isLate) await byHand(changed);
    await control("DELETE", `sources/${gone}`);
    const found = await refresh();
    expect(found.map((each) => each?.id)).toEqual(made.map(({ id }) => (id === gone ? undefined : id)));
    if (!isLate) expect(found[1]?.state).toMatchObject({ description: "by hand", version: 2 });
  });

  test("a list that is older than the state is not believed", async () => {
    const { run, made, calls, refresh } = await world(SOURCES, 10, {
      variants: { listDelaySeconds: 3_600, listChanges: "late" },
    });
    const { handler, context } = run();
    const updated = await Promise.all(
      made.map(async ({ id, state }) => {
        const inputs = { ...(state as Inputs), description: "new" };
        return { id, state: await stateAfter(handler.update(context, id, state, inputs)) };
      }),
    );
    await calls();
    const found = await refresh(run(), updated);
    expect(new Set(found.map((each) => each?.state.description))).toEqual(new Set(["new"]));
    expect((await calls()).GET).toBe(10);
  });

  test("what an entry leaves out, and its own address does not show yet, is waited for", async () => {
    const variants = { expandConfig: "nowhere" };
    const { refresh, made, control } = await world(INTEGRATIONS, 10, { variants });
    const unseen = made.at(-1)?.id as string;
    const match = { method: "GET", path: `${unseen}/config/current$` };
    await control("POST", "faults", { match, times: 1, action: { kind: "answer", status: 404 } });
    const found = await refresh();
    expect(found.map((each) => each?.id)).toEqual(made.map(({ id }) => id));
  });

  test("a list that still shows what is deleted is found out, and keeps nobody waiting", async () => {
    const { calls, made, run } = await world(SOURCES, 30, { variants: { listDelaySeconds: 3_600 } });
    const { handler, context } = run();
    for (let first = 0; first < made.length; first += 10)
      await Promise.all(
        made.slice(first, first + 10).map(({ id, state }) => handler.delete(context, id, state)),
      );
    const { GET, pages } = await calls();
    expect(GET).toBe(30);
    expect(pages).toBe(1);
  });

  test("three of ours beside 150 are read one by one", async () => {
    const { refresh, calls } = await world(SOURCES, 3, { others: 150 });
    await refresh();
    expect(await calls()).toEqual({ GET: 3 });
  });
});

test("thirty that are made at once are read together", async () => {
  const { create, calls, control, made, run } = await world(SOURCES, 30);
  for (const { id } of made) await control("DELETE", `sources/${id}`);
  await create(run());
  const { POST, GET = 0, pages = 0 } = await calls();
  expect(POST).toBe(30);
  // The topic, the target, a poll each, and the first read.
  expect(GET).toBeLessThanOrEqual(30 + 2 + 10);
  expect(pages).toBeLessThanOrEqual(10);
});

test("jobs of which nobody knows when they are over are looked at together, by pages", async () => {
  const { create, calls, control, made, run } = await world(SOURCES, 24, {
    variants: { sourceVisible: "atOnce", jobProgress: false, jobDates: false },
  });
  const one = run();
  const clear = (all: readonly Made[]) =>
    Promise.all(
      all.map(async ({ id, state }) => {
        await control("DELETE", `sources/${id}`);
        await one.context.journal.forget(String(state.__urn));
      }),
    );
  await clear(made);
  // Some have taken two seconds and some six: of those that take 4.8 each look is a guess.
  for (const jobDurationMs of [2_000, 6_000]) {
    await control("PATCH", "settings", { jobDurationMs });
    await clear(await create(one));
  }
  await control("PATCH", "settings", { jobDurationMs: 4_800 });
  await calls();
  await create(one);
  const { POST, GET = 0, pages = 0 } = await calls();
  expect(POST).toBe(24);
  // A look at each job that a page has shown to be over, and another one where most are: by itself each takes three.
  expect(GET).toBeLessThan(24 * 3);
  expect(pages).toBeGreaterThan(2);
});

describe("where calls are short", () => {
  /** Makes 24 whose jobs take a second, under 40 calls a second. They are in the list while their jobs are at work. */
  async function makeMany({ more = {}, variants = {} } = {}) {
    const { create, calls, control, made, run } = await world(SOURCES, 24, {
      more,
      rateLimit: { allowed: 40, windowSeconds: 1 },
      variants: { sourceVisible: "atOnce", jobProgress: false, jobDates: false, ...variants },
    });
    for (const { id } of made) await control("DELETE", `sources/${id}`);
    await control("PATCH", "settings", { jobDurationMs: 1_000 });
    await create(run());
    return { calls, control };
  }

  test("pages show which jobs to ask, and answer for what these have made", async () => {
    const { calls } = await makeMany();
    const { POST, GET = 0, pages = 0 } = await calls();
    expect(POST).toBe(24);
    // One look at each job, the topic and the target; and the few that went ahead before anything was known.
    expect(GET).toBeLessThanOrEqual(24 + 2 + 6);
    expect(pages).toBeLessThanOrEqual(6);
  });

  test("a page from before its job was over does not show that a draft is as asked for", async () => {
    const { control } = await makeMany({ more: { status: "draft" }, variants: { statusAfterJob: "active" } });
    const { sources }: { sources: { status: string }[] } = await control("GET", "state");
    expect(sources.map(({ status }) => status)).toEqual(Array.from({ length: 24 }, () => "draft"));
  });
});
