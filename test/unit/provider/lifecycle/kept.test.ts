/** A platform that keeps fields otherwise than they were asked for: it is said once, and no difference from then on. */
import { describe, expect, test } from "vitest";
import type { Filter, SourceInputs, SourceState } from "../../../../provider/src/eventBridgeSource/model.js";
import { refersElsewhere } from "../../../../provider/src/eventBridgeSource/references.js";
import type { WireSource } from "../../../../provider/src/eventBridgeSource/wire.js";
import { done, errorOf, fakeContext, inTime, stateAfter, useVirtualTime } from "../support/context.js";
import { FakeOrganisation } from "../support/fakeOrganisation.js";
import { createSourceHandler, inputsWith, stateWith, URN } from "../support/source.js";

useVirtualTime();

const POST = "POST /sources";
const GET = "GET /sources/src-1";
const PUT = "PUT /sources/src-1";
const NONE = { inputs: false, unfinished: false, replaces: [] };

const filter = (name: string, value: string | number | boolean = "high"): Filter => ({
  name,
  conditions: [{ field: "priority", operator: "equals", value }],
  action: "route",
});

/** A program's life at an organisation that keeps things in a way of its own; states go through the engine's JSON. */
function life(keeps: (sent: WireSource) => WireSource, more: Partial<FakeOrganisation> = {}) {
  const organisation = Object.assign(new FakeOrganisation(), more, { keeps });
  const { context, lines } = fakeContext(organisation);
  const handler = createSourceHandler();
  const warnings = () => lines.splice(0).filter((line) => line.startsWith("warn"));
  const calls = () => organisation.calls.splice(0).filter((call) => !call.startsWith("GET /jobs"));
  const stored = (state: SourceState): SourceState => JSON.parse(JSON.stringify(state));
  return {
    organisation,
    warnings,
    calls,
    diff: handler.diff,
    create: async (inputs: SourceInputs) =>
      stored((await inTime(done(handler.create(context, inputs)))).state),
    update: async (olds: SourceState, news: SourceInputs) =>
      stored(await inTime(stateAfter(handler.update(context, "src-1", olds, news)))),
    refresh: async (state: SourceState) => {
      const found = await inTime(handler.read(context, "src-1", state));
      if (found === undefined) throw new Error("it is gone");
      return { state: stored(found.state), inputs: stored(found.inputs as SourceState) as SourceInputs };
    },
    fails: (olds: SourceState, news: SourceInputs) => errorOf(handler.update(context, "src-1", olds, news)),
    summary: handler.summary,
  };
}

const eachText =
  (change: (text: string) => string) =>
  ({ name = "", description = "", ...rest }: WireSource): WireSource => ({
    ...rest,
    name: change(name),
    description: change(description),
  });

const eachValue =
  (change: (value: string | number | boolean) => string | number | boolean) =>
  (sent: WireSource): WireSource => ({
    ...sent,
    filters: sent.filters?.map((each) => ({
      ...each,
      conditions: each.conditions.map((condition) => ({ ...condition, value: change(condition.value) })),
    })),
  });

interface Kind {
  kind: string;
  keeps: (sent: WireSource) => WireSource;
  asked: Partial<SourceInputs>;
  kept: Partial<SourceInputs>;
  said: string[];
}

const KINDS: Kind[] = [
  {
    kind: "takes white space off",
    keeps: eachText((text) => text.trim()),
    asked: { name: "Leads to CRM \n" },
    kept: { name: "Leads to CRM" },
    said: ["name: white space around it was taken off (to have it as it is kept, write it without)"],
  },
  {
    kind: "writes lower case",
    keeps: eachText((text) => text.toLowerCase()),
    asked: { description: "Leads", name: "orders" },
    kept: { description: "leads" },
    said: ["description: its letters were made lower case (to have it as it is kept, write lower case)"],
  },
  {
    kind: "does two things to one text",
    keeps: eachText((text) => text.trim().toUpperCase()),
    asked: { description: " Leads", name: "ORDERS" },
    kept: { description: "LEADS" },
    said: ["description: white space around it was taken off, its letters were made upper case"],
  },
  {
    kind: "puts filters in another order",
    keeps: (sent) => ({ ...sent, filters: sent.filters?.toSorted((a, b) => (a.name < b.name ? -1 : 1)) }),
    asked: { filters: [filter("b"), filter("c"), filter("a")] },
    kept: { filters: [filter("a"), filter("b"), filter("c")] },
    said: ["filters: its entries are kept in another order, [2, 0, 1]"],
  },
  {
    kind: "keeps numbers as text",
    keeps: eachValue(String),
    asked: { filters: [filter("vip", 5), filter("other", true)] },
    kept: { filters: [filter("vip", "5"), filter("other", "true")] },
    said: [
      "filters[0].conditions[0].value: the number is kept as text",
      "filters[1].conditions[0].value: the boolean is kept as text",
    ],
  },
  {
    kind: "puts a slash behind a path",
    keeps: ({ webhook_url: url, ...sent }) => ({ ...sent, webhook_url: url && `${url}/` }),
    asked: { webhookUrl: "https://hooks.example.com/a" },
    kept: { webhookUrl: "https://hooks.example.com/a/" },
    said: ["webhookUrl: a slash was put at its end"],
  },
  {
    kind: "drops the webhook",
    keeps: (sent) => ({ ...sent, webhook_url: null }),
    asked: { webhookUrl: "https://hooks.example.com" },
    kept: { webhookUrl: undefined },
    said: ["webhookUrl: nothing of it is kept"],
  },
  {
    kind: "cuts what is long",
    keeps: eachText((text) => text.slice(0, 8)),
    asked: { description: "Managed by Pulumi" },
    kept: { description: "Managed " },
    said: ["description: its end was cut off (to have it as it is kept, write 8 characters at most)"],
  },
  {
    kind: "fills in what is empty",
    keeps: eachText((text) => text || "none"),
    asked: { description: "" },
    kept: { description: "none" },
    said: ["description: something is kept where nothing was asked for"],
  },
  {
    kind: "writes an action of its own, or none",
    keeps: (sent) => ({
      ...sent,
      filters: sent.filters?.map(({ action: _, ...each }) => each as never),
    }),
    asked: { filters: [filter("vip")] },
    kept: { filters: [{ name: "vip", conditions: filter("vip").conditions } as Filter] },
    said: ["filters[0].action: nothing of it is kept"],
  },
];

describe.each(KINDS)("an organisation that $kind", ({ keeps, asked, kept, said }) => {
  const inputs = inputsWith(asked);

  test("is posted to once; what it keeps is said once, without a value, and is no difference at any later step", async () => {
    const { create, refresh, diff, update, calls, warnings } = life(keeps);
    const state = await create(inputs);
    expect(calls()).toEqual([POST, GET]);
    expect(state).toMatchObject(JSON.parse(JSON.stringify(kept)));
    expect(state.webhookUrl).toBe("webhookUrl" in kept ? kept.webhookUrl : undefined);
    const [warning, ...others] = warnings();
    expect(others).toEqual([]);
    for (const each of said) expect(warning).toContain(each);
    expect(warning).not.toMatch(/leads|managed by|hooks\.example|high/i);

    const after = await refresh(state);
    expect(calls()).toEqual([GET]);
    expect(after.inputs).toEqual(inputs);
    expect(diff(after.state, inputs)).toMatchObject(NONE);
    expect(refersElsewhere(after.inputs, inputs)).toBe(false);
    const again = await refresh(after.state);
    expect(again).toEqual(after);
    calls();

    // Time-outs alone, or the code in the state, are no matter of the API's.
    const settled = await update(again.state, { ...inputs, timeouts: { create: "1m" } });
    expect(settled).toEqual({ ...again.state, timeouts: { create: "1m" } });
    expect([calls(), warnings()]).toEqual([[], []]);
  });

  test("gets one PUT of a change, and nothing is said of what was said", async () => {
    const { create, refresh, diff, update, calls, warnings } = life(keeps);
    const { state } = await refresh(await create(inputs));
    [calls(), warnings()];
    const news = inputsWith({ ...asked, targets: [{ targetId: "target-2", priority: 1 }] });
    expect(diff(state, news)).toMatchObject({ ...NONE, inputs: true });
    const updated = await update(state, news);
    expect([calls(), warnings()]).toEqual([[PUT], []]);
    const after = await refresh(updated);
    expect(after.inputs).toEqual(news);
    expect(diff(after.state, news)).toMatchObject(NONE);
  });

  test("that was asked by an update, and answers it with a job, is told of like any other", async () => {
    for (const changeAnswer of ["source", "job", "empty"] as const) {
      const { organisation, refresh, diff, update, calls, warnings } = life(keeps, { changeAnswer });
      organisation.addSource({ name: "before", description: "before" });
      const state = await update(stateWith({ name: "before", description: "before" }), inputs);
      expect(calls()).toEqual(changeAnswer === "source" ? [PUT] : [PUT, GET]);
      expect(warnings()[0]).toContain(said[0]);
      const after = await refresh(state);
      expect(after.inputs).toEqual(inputs);
      expect(diff(after.state, inputs)).toMatchObject(NONE);
    }
  });

  test("and a program that is written as it keeps things: no PUT, and nothing is remembered", async () => {
    const { create, diff, update, calls, warnings } = life(keeps);
    const state = await create(inputs);
    [calls(), warnings()];
    const { webhookUrl: _, ...others } = inputs;
    const asKept = { ...others, ...kept } as SourceInputs;
    expect(diff(state, asKept)).toMatchObject({ inputs: true, replaces: [] });
    const updated = await update(state, asKept);
    expect([calls(), warnings()]).toEqual([[], []]);
    expect(updated).not.toHaveProperty("__asked");
    expect(diff(updated, asKept)).toMatchObject(NONE);
  });
});

describe("what somebody changes by hand is still found", () => {
  const trims = eachText((text) => text.trim());
  const asked = inputsWith({ description: "Leads ", filters: [filter("b", 5), filter("a", 6)] });
  const keeps = (sent: WireSource) => eachValue(String)(trims(sent));

  test("in the field that is kept otherwise: it is a difference, and the program's value is written again", async () => {
    const { organisation, create, refresh, diff, update, calls, warnings } = life(keeps);
    const made = await create(asked);
    Object.assign(organisation.sources.get("src-1") as WireSource, { description: "theirs", version: 2 });
    const { state, inputs } = await refresh(made);
    expect(inputs).toEqual({ ...asked, description: "theirs" });
    expect(diff(state, asked)).toMatchObject({ ...NONE, inputs: true });
    [calls(), warnings()];
    const repaired = await update(state, asked);
    expect(calls()).toEqual([PUT]);
    expect(repaired.description).toBe("Leads");
    expect(diff((await refresh(repaired)).state, asked)).toMatchObject(NONE);
  });

  test("in one value of a list: the others are no difference, and nothing is said of them again", async () => {
    const { organisation, create, refresh, update, warnings } = life(keeps);
    const made = await create(asked);
    const source = organisation.sources.get("src-1") as WireSource;
    const conditions = [{ field: "priority", operator: "equals", value: "7" }];
    Object.assign(source, { filters: [source.filters?.[0], { ...source.filters?.[1], conditions }] });
    const { state, inputs } = await refresh(made);
    expect(inputs.filters).toEqual([filter("b", 5), filter("a", "7")]);
    warnings();
    await update(state, asked);
    expect(warnings()).toEqual([
      expect.stringContaining("filters[1].conditions[0].value: the number is kept as text"),
    ]);
  });

  test("a filter more, a filter less, and the order changed back", async () => {
    const sorted = (sent: WireSource) => ({
      ...sent,
      filters: sent.filters?.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    });
    for (const drifted of [
      [filter("a"), filter("b"), filter("c")],
      [filter("a")],
      [filter("b"), filter("a")].map((each) => ({ ...each, action: "drop" })),
    ]) {
      const { organisation, create, refresh, diff } = life(sorted);
      const inputs = inputsWith({ filters: [filter("b"), filter("a")] });
      const made = await create(inputs);
      Object.assign(organisation.sources.get("src-1") as WireSource, { filters: drifted, version: 2 });
      const after = await refresh(made);
      expect(after.inputs.filters).toEqual(drifted);
      expect(diff(after.state, inputs)).toMatchObject({ ...NONE, inputs: true });
    }
  });

  test("to what the program asks for: there is nothing to do, and nothing to remember", async () => {
    const { organisation, create, refresh, diff } = life(trims);
    const inputs = inputsWith({ description: "Leads " });
    const made = await create(inputs);
    Object.assign(organisation.sources.get("src-1") as WireSource, { description: "Leads ", version: 2 });
    const after = await refresh(made);
    expect(after.state).not.toHaveProperty("__asked");
    expect(diff(after.state, inputs)).toMatchObject(NONE);
  });

  test("and disputed where the program changes it, too; what is kept otherwise is no dispute", async () => {
    const { organisation, create, update, fails, calls, warnings } = life(keeps);
    const made = await create(asked);
    const source = organisation.sources.get("src-1") as WireSource;
    Object.assign(source, { version: 4 });
    const updated = await update(made, { ...asked, status: "inactive" });
    expect(updated).toMatchObject({ status: "inactive", version: 5, description: "Leads" });
    // Somebody has done already what the program is changed to.
    Object.assign(source, { version: 6, status: "active" });
    [calls(), warnings()];
    expect((await update(updated, asked)).version).toBe(6);
    expect([calls(), warnings()]).toEqual([[PUT, GET], []]);
    Object.assign(source, { version: 7, description: "theirs" });
    const error = await fails(updated, { ...asked, description: "ours " });
    expect(error.message).toContain("was changed since it was last read");
    expect(error.message).not.toContain("filters");
  });
});

test("what the program changes is written, and a new value that is kept otherwise is said", async () => {
  const { create, update, calls, warnings } = life(eachText((text) => text.trim()));
  const made = await create(inputsWith({ description: "first " }));
  [calls(), warnings()];
  const state = await update(made, inputsWith({ description: "second " }));
  expect(calls()).toEqual([PUT]);
  expect(warnings()).toEqual([expect.stringMatching(`^warn ${URN}: .*description: white space`)]);
  expect(state).toMatchObject({ description: "second", __asked: { description: "second " } });
});

test("the status is brought about all the same, by one PUT", async () => {
  const { create, calls } = life(
    eachText((text) => text.trim()),
    { statusOnceMade: "draft" },
  );
  const state = await create(inputsWith({ description: "Leads " }));
  expect(calls()).toEqual([POST, GET, PUT]);
  expect(state).toMatchObject({ status: "active", description: "Leads", __asked: { description: "Leads " } });
});

test("what somebody has changed since it was posted is put right by a PUT", async () => {
  const { organisation, create, calls } = life((sent) => sent);
  organisation.on(/^GET \/sources\/src-1/, (_, proceed) => {
    Object.assign(organisation.sources.get("src-1") as WireSource, { description: "theirs", version: 2 });
    return proceed();
  });
  const state = await create(inputsWith());
  expect(calls()).toEqual([POST, GET, PUT]);
  expect(state).toMatchObject({ description: "Managed by Pulumi", version: 3 });
  expect(state).not.toHaveProperty("__asked");
});

test("what somebody changes while a job brings the change about is not taken for what the platform keeps", async () => {
  const { organisation, update, warnings } = life((sent) => sent, { changeAnswer: "job" });
  const source = organisation.addSource();
  organisation.on(/^GET \/sources\/src-1/, (_, proceed) => {
    Object.assign(source, { description: "theirs", version: 3 });
    return proceed();
  });
  const state = await update(stateWith(), inputsWith({ description: "ours" }));
  expect(state).toMatchObject({ description: "theirs", version: 3 });
  expect(state).not.toHaveProperty("__asked");
  expect(warnings()).toEqual([]);
});

test("what is adopted was not posted: it is brought to what is asked for, once", async () => {
  const { organisation, create, refresh, diff, calls } = life(eachText((text) => text.trim()));
  organisation.addSource({ description: "Leads" });
  const inputs = inputsWith({ description: "Leads ", onConflict: "adopt" });
  const state = await create(inputs);
  expect(calls()).toEqual(["GET /sources?page=1&name=orders", GET, PUT]);
  expect(diff((await refresh(state)).state, inputs)).toMatchObject(NONE);
});

test("a topic that is written otherwise is the same topic, and no reason to replace; another one is not", async () => {
  const topic = (change: (id: string) => string) => (sent: WireSource) => ({
    ...sent,
    event_topic_id: change(sent.event_topic_id ?? ""),
  });
  const { create, diff, calls } = life(topic((id) => id.toLowerCase()));
  const inputs = inputsWith({ eventTopicId: "Topic-1" });
  const state = await create(inputs);
  expect(calls()).toEqual([POST, GET]);
  expect(diff(state, inputs)).toMatchObject(NONE);
  expect(diff(state, inputsWith({ eventTopicId: "topic-1" })).replaces).toEqual([]);
  expect(diff(state, inputsWith({ eventTopicId: "topic-2" })).replaces).toEqual(["eventTopicId"]);
  const { create: createOther } = life(topic(() => "topic-9"));
  expect((await errorOf(createOther(inputs))).message).toContain("no update can change eventTopicId");
});

test("a step that counts as unfinished goes on without a PUT, and says nothing twice", async () => {
  const { create, update, calls, warnings } = life(eachText((text) => text.trim()));
  const inputs = inputsWith({ description: "Leads " });
  const made = await create(inputs);
  [calls(), warnings()];
  const state = await update({ ...made, __unfinished: "the notice was not delivered" }, inputs);
  expect([calls().filter((call) => call === PUT), warnings()]).toEqual([[], []]);
  expect(state).toMatchObject({ description: "Leads", __asked: { description: "Leads " } });
  expect(state).not.toHaveProperty("__unfinished");
});

test("of a hundred values the first ten are named", async () => {
  const { create, warnings } = life(eachValue(String));
  const conditions = Array.from({ length: 10 }, (_, value) => ({
    field: "n",
    operator: "equals" as const,
    value,
  }));
  const filters = ["a", "b"].map((name) => ({ name, conditions, action: "route" }));
  await create(inputsWith({ filters }));
  expect(warnings()).toEqual([
    expect.stringMatching(/conditions\[9\]\.value: [^;]*; and 10 more of this kind\./),
  ]);
});

test("notices go where the program says, however the platform writes the address", async () => {
  const { create, summary } = life((sent) => ({
    ...sent,
    webhook_url: sent.webhook_url?.toLowerCase() ?? null,
  }));
  const state = await create(inputsWith({ webhookUrl: "https://hooks.example.com/Key" }));
  expect(state.webhookUrl).toBe("https://hooks.example.com/key");
  expect(summary(state).webhookUrl).toBe("https://hooks.example.com/Key");
});
