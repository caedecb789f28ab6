/** The record that an unfinished state bears: it is there once, says no more than it must, and is replaced by the next. */
import { describe, expect, test } from "vitest";
import { SOURCE } from "../../../../provider/src/eventBridgeSource/kind.js";
import type { SourceInputs } from "../../../../provider/src/eventBridgeSource/model.js";
import type { WireSource } from "../../../../provider/src/eventBridgeSource/wire.js";
import { begunIn } from "../../../../provider/src/lifecycle/stateRecord.js";
import { errorOf, inTime, stateAfter, useVirtualTime } from "../support/context.js";
import { entryWith, inputsWith, stateWith, URN } from "../support/source.js";
import { FORMS, now, passes, unfinished, world } from "../support/world.js";

useVirtualTime();

const RUNNING = { shows: [{ status: "running" }] };
const FAILED = { shows: [{ status: "failed", date_completed: "2029-12-31T23:00:00Z" }] };
/** The hidden keys that every state has. */
const PLAIN = ["__host", "__through", "__urn"];
const hiddenIn = (state: object) =>
  Object.entries(JSON.parse(JSON.stringify(state)) as object)
    .filter(([key]) => key.startsWith("__"))
    .map(([key]) => key)
    .sort();
const ofUnfinished = ["__create", ...PLAIN].sort();

/** What a create leaves whose job is not over in time. */
async function cutShort(more: Partial<SourceInputs> = {}) {
  const made = world();
  made.organisation.endings = [{ status: "running" }];
  const { handler, context } = made.run();
  const {
    id,
    state,
    unfinished: why,
  } = await errorOf(handler.create(context, inputsWith({ timeouts: { create: "1m" }, ...more })));
  return { ...made, id, state, kept: { ...state, __unfinished: why } };
}

describe("the state of a create that is cut short", () => {
  test("bears its record, which is the journal's but for what a program can hold secret", async () => {
    const { state, entry } = await cutShort({ name: "a-secret-name", description: "a secret" });
    expect(hiddenIn(state)).toEqual(ofUnfinished);
    const { postedAt, jobId } = entry() ?? {};
    // Its job was seen at work until the end: what it makes may come later than it was first expected.
    expect(state.__create).toEqual({ phase: "accepted", jobId, postedAt, until: expect.any(Number) });
    expect(state.__create.until).toBeGreaterThan(entry()?.until as number);
    expect(JSON.stringify(state.__create)).not.toContain("secret");
  });

  test("keeps it through a refresh while the job is at work, and says there what the job has made", async () => {
    const { organisation, run, id, kept } = await cutShort();
    const first = run([id]);
    const same = await inTime(first.handler.read(first.context, id, kept));
    expect(same).toMatchObject({ id, state: kept });
    organisation.addSource();
    organisation.jobs.set("job-1", { shows: [{ status: "completed", source_id: "src-1" }] });
    const second = run([id]);
    const found = await inTime(second.handler.read(second.context, id, kept));
    expect(found).toMatchObject({ id: "src-1", state: { jobId: "job-1", sourceId: "src-1" } });
    expect(found?.state.__create).toEqual({ ...kept.__create, objectId: "src-1" });
    expect(hiddenIn(found?.state ?? {})).toEqual([...ofUnfinished, "__unfinished"].sort());
    expect(Object.keys(found?.inputs ?? {})).not.toContain("__create");
  });

  test("loses it once the next run has finished it", async () => {
    const { organisation, run, id, kept } = await cutShort();
    organisation.addSource();
    organisation.jobs.set("job-1", { shows: [{ status: "completed", source_id: "src-1" }] });
    const { handler, context } = run([id]);
    const state = await inTime(stateAfter(handler.update(context, id, kept, inputsWith())));
    expect(hiddenIn(state)).toEqual(PLAIN);
  });
});

describe.each(FORMS)("an unfinished state that tells of its create %s", (_form, inForm) => {
  test("bears the record of the next one, and nothing else of it, once an update has posted again", async () => {
    const { organisation, run } = world();
    organisation.jobs.set("job-1", FAILED);
    organisation.endings = [{ status: "running" }];
    const before = { postedAt: Date.now() - 60_000, until: Date.now() - 1, duplicatesUntil: 5, isMet: true };
    const olds = inForm(unfinished({}, before));
    await passes(120_000);
    const begun = Date.now();
    const { handler, context } = run(["job:job-1"]);
    const news = inputsWith({ timeouts: { create: "1m" } });
    const { id, state } = await errorOf(handler.update(context, "job:job-1", olds, news));
    expect([id, state.jobId]).toEqual(["job:job-1", "job-2"]);
    expect(hiddenIn({ ...state, __unfinished: undefined })).toEqual(ofUnfinished);
    // That there may be two of the earlier one stays true.
    expect(state.__create).toEqual({
      phase: "accepted",
      jobId: "job-2",
      postedAt: expect.any(Number),
      until: expect.any(Number),
      duplicatesUntil: 5,
    });
    expect(state.__create.postedAt).toBeGreaterThan(begun - 60_000);
  });

  test("is changed by no preview, and left as it is by a refresh that tells nothing new", async () => {
    const { organisation, run } = world();
    organisation.jobs.set("job-1", RUNNING);
    const { handler, context } = run();
    const known = inForm(unfinished());
    expect(handler.diff(known, inputsWith())).toEqual(handler.diff(unfinished(), inputsWith()));
    const read = await inTime(handler.read(context, "job:job-1", known));
    expect(read).toStrictEqual({ id: "job:job-1", state: known, inputs: inputsWith() });
  });

  test("is told in records and notices without a version: nobody was told that it is in any", () => {
    const { handler } = world().run();
    const made = inForm(unfinished({ sourceId: "src-1", version: 3 }));
    expect(handler.summary(made, "job:job-1")).toMatchObject({
      id: "src-1",
      jobId: "job-1",
      version: undefined,
    });
    const finished = stateWith({ jobId: "job-1", version: 3 });
    expect(handler.summary(finished, "src-1")).toMatchObject({ id: "src-1", jobId: "job-1", version: 3 });
  });

  test("does not count a second source that may be there away when it is gone", async () => {
    const before = entryWith({ objectId: "src-1", phase: "returned" });
    const { run, entry } = world([before]);
    const { handler, context } = run(["src-1"]);
    const until = Date.now() + 60_000;
    const known = inForm(unfinished({ sourceId: "src-1", jobId: undefined }, { duplicatesUntil: until }));
    expect(await inTime(handler.read(context, "src-1", known))).toBeUndefined();
    expect(entry()).toMatchObject({ phase: "posting", duplicatesUntil: until, objectId: undefined });
  });
});

test("what 0.1.0 has left unfinished, a job or an id, is gone on with", async () => {
  const { organisation, run } = world();
  organisation.jobs.set("job-1", { shows: [{ status: "completed", source_id: "src-1" }] });
  organisation.addSource();
  const { handler, context } = run(["job:job-1"]);
  const olds = { ...unfinished(), __create: undefined };
  const state = await inTime(stateAfter(handler.update(context, "job:job-1", olds, inputsWith())));
  expect(state).toMatchObject({ sourceId: "src-1", jobId: "job-1" });
  expect(hiddenIn(state)).toEqual(PLAIN);
  const made = { ...unfinished({ sourceId: "src-1" }), __create: undefined };
  expect(await inTime(handler.read(context, "src-1", made))).toMatchObject({ id: "src-1" });
});

describe("a record that an older release has left in the state when it posted again", () => {
  const NEXT = { jobId: "job-2", __postedAt: 5, __until: 6 };

  test("tells nothing any more: job and id beside it count", () => {
    const stale = { name: "orders", __create: { phase: "accepted", jobId: "job-1", postedAt: 1 } } as const;
    expect(begunIn(SOURCE, { ...stale, ...NEXT }, "job:job-1")).toMatchObject({
      jobId: "job-2",
      postedAt: NEXT.__postedAt,
    });
    expect(begunIn(SOURCE, { ...stale, jobId: "job-1", sourceId: "src-1" }, "src-1")).toMatchObject({
      objectId: "src-1",
      postedAt: undefined,
    });
  });

  test("is replaced by what a refresh finds", async () => {
    const { organisation, run, id, kept } = await cutShort();
    organisation.addSource();
    organisation.jobs.set("job-1", FAILED);
    organisation.jobs.set("job-2", { shows: [{ status: "completed", source_id: "src-1" }] });
    const { handler, context } = run([id]);
    const { state } = (await inTime(handler.read(context, id, { ...kept, ...NEXT }))) ?? {};
    expect(state).toMatchObject({ jobId: "job-2", sourceId: "src-1" });
    expect(state?.__create).toMatchObject({ jobId: "job-2", objectId: "src-1", postedAt: NEXT.__postedAt });
    expect(hiddenIn(state ?? {})).toEqual([...ofUnfinished, "__unfinished"].sort());
  });
});

test("the id tells the job only where the state tells neither a job nor a source", () => {
  const told = (state: object, id: string) => {
    const { jobId, objectId } = begunIn(SOURCE, { name: "orders", ...state }, id);
    return { jobId, objectId };
  };
  expect(told({}, "job:1")).toEqual({ jobId: "1" });
  expect(told({}, "src-1")).toEqual({ objectId: "src-1" });
  // An update has posted again, or has adopted what was there: the id is of what was there before.
  expect(told({ jobId: "2" }, "job:1")).toEqual({ jobId: "2" });
  expect(told({ jobId: "2" }, "src-1")).toEqual({ jobId: "2" });
  expect(told({ sourceId: "src-2" }, "job:1")).toEqual({ objectId: "src-2" });
});

const PHASES = ["accepted", "returned"] as const;

test.each(PHASES)(
  "what the journal alone knows of, %s, and is cut short again, is told in the state under the name that was posted",
  async (phase) => {
    const posted = entryWith({
      phase,
      jobId: "job-1",
      name: "before",
      postedAt: Date.now() - 5_000,
      until: 7,
      letGo: "x",
    });
    const { organisation, run } = world([posted]);
    organisation.jobs.set("job-1", RUNNING);
    const { handler, context } = run();
    const { id, state } = await errorOf(handler.create(context, inputsWith({ timeouts: { create: "1m" } })));
    expect([id, state.name, state.__urn]).toEqual(["job:job-1", "before", URN]);
    const { postedAt, jobId } = posted;
    const until = expect.any(Number);
    expect(state.__create).toEqual({ phase: "accepted", postedAt, jobId, until, isMet: true });
  },
);

test.each(FORMS)(
  "where nothing came of what a state tells of %s, and the next POST is refused, nothing of it is kept",
  async (_form, inForm) => {
    const { organisation, run } = world();
    organisation.jobs.set("job-1", FAILED);
    organisation.fail(/^POST/, 400);
    const { handler, context } = run(["job:job-1"]);
    const olds = inForm(unfinished());
    const error = await errorOf(handler.update(context, "job:job-1", olds, inputsWith()));
    expect(error).toMatchObject({ status: 400 });
    expect(error).not.toHaveProperty("unfinished");
  },
);

test("what is met under the name has no time of a POST: it is as old as it is", async () => {
  const { organisation, run } = world();
  organisation.addSource({ source_id: "found", date_created: now() } as Partial<WireSource>);
  organisation.fail(/^PUT/, 500, {}, 9);
  const { handler, context } = run();
  const news = inputsWith({ onConflict: "adopt", description: "d" });
  const { state } = await errorOf(handler.create(context, news));
  expect(JSON.parse(JSON.stringify(state.__create))).toEqual({
    phase: "accepted",
    objectId: "found",
    isMet: true,
  });
});
