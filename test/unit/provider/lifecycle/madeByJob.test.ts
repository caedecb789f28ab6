/** Stories of several runs: what failed jobs, lost POSTs and killed creates have made is told from another's. */
import { describe, expect, test } from "vitest";
import { checkCreates } from "../../../../provider/src/doctor/creates.js";
import { SOURCE } from "../../../../provider/src/eventBridgeSource/kind.js";
import type { SourceState } from "../../../../provider/src/eventBridgeSource/model.js";
import { fingerprintOf } from "../../../../provider/src/lifecycle/recognise.js";
import type { Context } from "../../../../provider/src/resourceHandler.js";
import { done, errorOf, inTime, stateAfter, useVirtualTime } from "../support/context.js";
import { failure } from "../support/fakeOrganisation.js";
import { entryWith, inputsWith, stateWith } from "../support/source.js";
import { now, passes, unfinished, world } from "../support/world.js";

useVirtualTime();

/** The stack takes what bears the name of something that it knows by its job alone for what that is making. */
function keep(context: Context, id: string, { name, jobId }: SourceState): void {
  const over = new Set<string>();
  const lookUpId = async (_: string, asked: string, of?: string) =>
    asked === id || asked === `job:${jobId}` || (of === name && !over.has(String(jobId)));
  Object.assign(context.stack, { lookUpId, expectsNothingOf: (job: string) => void over.add(job) });
}
/** What the engine keeps of a step that got part of the way. */
const keptOf = ({ state, unfinished: why }: { state: object; unfinished: string }): SourceState =>
  ({ ...state, __unfinished: why }) as SourceState;

describe("a job that made a source, told no id, and whose source somebody has replaced by one of that name", () => {
  const postedAt = Date.parse("2029-12-01T00:00:00Z");
  const LATER = "2029-12-31T00:00:00Z";
  function replacedWorld() {
    const made = world();
    made.organisation.jobs.set("job-1", {
      shows: [{ status: "completed", date_completed: "2029-12-01T00:00:30Z" }],
    });
    const theirs = made.organisation.addSource({
      source_id: "theirs",
      description: "by hand",
      date_created: LATER,
    });
    return { ...made, theirs: { ...theirs }, state: unfinished({}, { postedAt }) };
  }

  test("a destroy does not delete theirs", async () => {
    const { organisation, run, state } = replacedWorld();
    const { handler, context } = run();
    expect(await inTime(handler.delete(context, "job:job-1", state))).toBe("deleted");
    expect(organisation.sources.has("theirs")).toBe(true);
  });

  test("an update does not change theirs, and says who has the name", async () => {
    const { organisation, run, state, theirs } = replacedWorld();
    const { handler, context } = run();
    const error = await errorOf(handler.update(context, "job:job-1", state, inputsWith()));
    expect(error.message).toContain("exists already: its id is theirs");
    expect(organisation.sources.get("theirs")).toEqual(theirs);
  });

  test("a refresh does not take theirs into the stack", async () => {
    const { run, state } = replacedWorld();
    const { handler, context } = run();
    expect(await inTime(handler.read(context, "job:job-1", state))).toBeUndefined();
  });
});

test("an update that made the source again, and whose job outlived it, is gone on with by the next one", async () => {
  const { organisation, run } = world([entryWith({ objectId: "src-old", phase: "stored" })]);
  const olds = unfinished({ sourceId: "src-old", version: 3, jobId: undefined });
  organisation.pending = Array(9_999).fill({ status: "running" });
  const first = run(["src-old"]);
  const error = await errorOf(first.handler.update(first.context, "src-old", olds, inputsWith()));
  expect(error).toMatchObject({ id: "src-old", state: { sourceId: undefined, jobId: "job-1" } });
  const shows = organisation.jobs.get("job-1")?.shows;
  shows?.splice(0, shows.length - 1);
  const second = run(["src-old", "job:job-1"]);
  const state = { ...error.state, __unfinished: error.unfinished };
  expect(
    await inTime(stateAfter(second.handler.update(second.context, "src-old", state, inputsWith()))),
  ).toMatchObject({
    sourceId: "src-1",
    jobId: "job-1",
  });
  expect(organisation.calls.filter((call) => call.startsWith("POST"))).toHaveLength(1);
});

test("what a lost POST has made, and the stack seems to be making as well, stays in the journal", async () => {
  const { organisation, run } = world();
  organisation.createAnswer = "source";
  organisation.on(/^POST/, ({ method, path }, proceed) => {
    proceed();
    throw failure(503, { method, path });
  });
  const first = run(["src-1"]);
  await errorOf(first.handler.create(first.context, inputsWith()));
  const second = run();
  expect(await inTime(done(second.handler.create(second.context, inputsWith())))).toMatchObject({
    id: "src-1",
  });
});

describe("what a killed create has begun, to take the place of what the stack has,", () => {
  const replacement = () =>
    entryWith({
      name: "invoices",
      jobId: "job-9",
      until: Date.now() + 600_000,
      fingerprints: [fingerprintOf(SOURCE, inputsWith({ name: "invoices" }))],
    });
  const isMade = ({ organisation }: ReturnType<typeof world>) => {
    organisation.addSource({ source_id: "src-9", name: "invoices" });
    organisation.jobs.set("job-9", { shows: [{ status: "completed", source_id: "src-9" }] });
  };

  test("is known after an update of that one has failed", async () => {
    const made = world([replacement()]);
    made.organisation.addSource({ source_id: "src-old" });
    made.organisation.fail(/^PUT/, 400);
    const first = made.run(["src-old"]);
    const old = stateWith({ sourceId: "src-old" });
    await errorOf(first.handler.update(first.context, "src-old", old, inputsWith({ description: "new" })));
    await passes(60_000);
    isMade(made);
    expect(
      await checkCreates(made.run(["src-old"]).context, { stack: "dev", project: "shop" }),
    ).toMatchObject([{ state: "warning" }]);
    const next = made.run(["src-old"]);
    const created = done(next.handler.create(next.context, inputsWith({ name: "invoices" })));
    expect(await inTime(created)).toMatchObject({ id: "src-9" });
  });

  test("is known after that one, unfinished, was deleted", async () => {
    const { organisation, run, entry } = world([replacement()]);
    organisation.jobs.set("job-1", { shows: [{ status: "failed", date_completed: "2029-12-01T00:00:00Z" }] });
    const { handler, context } = run(["job:job-1"]);
    expect(await inTime(handler.delete(context, "job:job-1", unfinished()))).toBe("deleted");
    expect(entry()).toMatchObject({ jobId: "job-9" });
  });

  test("is known after an import of another source for that resource has failed", async () => {
    const { run, entry } = world([replacement()]);
    const { handler, context } = run();
    await errorOf(handler.create(context, inputsWith({ __import: "src-7" })));
    expect(entry()).toMatchObject({ jobId: "job-9" });
  });
});

test("a create that has less time than reads lag behind leaves what was made to the next one", async () => {
  const { organisation, run, lag } = world([entryWith({ jobId: "job-1" })]);
  organisation.jobs.set("job-1", { shows: [{ status: "completed", source_id: "src-1" }] });
  organisation.addSource();
  lag(25_000, { reads: true });
  const wanted = inputsWith({ timeouts: { create: "20s" } });
  const first = run();
  await errorOf(first.handler.create(first.context, wanted));
  await passes(60_000);
  const second = run();
  expect(await inTime(done(second.handler.create(second.context, wanted)))).toMatchObject({ id: "src-1" });
});

describe("what a job has made that failed just now, in a list that lags behind,", () => {
  function failedWorld() {
    const made = world();
    made.organisation.jobs.set("job-1", {
      shows: [{ status: "running" }, { status: "failed" }],
      effect: () => void made.organisation.addSource(),
    });
    made.lag(10_000);
    return made;
  }

  test("is deleted by a destroy", async () => {
    const { organisation, run } = failedWorld();
    const { handler, context } = run();
    expect(await inTime(handler.delete(context, "job:job-1", unfinished()))).toBe("deleted");
    expect(organisation.sources.size).toBe(0);
  });

  test("is kept by a refresh", async () => {
    const { organisation, run } = failedWorld();
    const { handler, context } = run();
    const state = unfinished();
    expect(await inTime(handler.read(context, "job:job-1", state))).toMatchObject({ id: "job:job-1" });
    expect(await inTime(handler.read(context, "job:job-1", state))).toMatchObject({ id: "src-1" });
    expect(organisation.sources.size).toBe(1);
  });
});

test("what a job has made that the platform has forgotten is not dropped by a refresh before lists show it", async () => {
  const { organisation, run, lag } = world();
  organisation.addSource();
  lag(10_000);
  const { handler, context } = run();
  const state = unfinished({}, { until: Date.now() + 60_000 });
  expect(await inTime(handler.read(context, "job:job-1", state))).toMatchObject({ id: "src-1" });
});

describe("a failed create that is posted again", () => {
  const failedAt = "2029-12-31T23:00:00Z";
  const olds = () => unfinished({}, { postedAt: Date.parse(failedAt) - 60_000 });
  function up({ organisation, run }: ReturnType<typeof world>) {
    organisation.jobs.set("job-1", { shows: [{ status: "failed", date_completed: failedAt }] });
    const { handler, context } = run();
    keep(context, "job:job-1", olds());
    return inTime(stateAfter(handler.update(context, "job:job-1", olds(), inputsWith())));
  }

  test("and whose answer is lost is found: the stack does not expect it of the failed job any more", async () => {
    const made = world([entryWith({ jobId: "job-1", phase: "stored" })]);
    made.organisation.createAnswer = "source";
    made.organisation.loseAnswer(/^POST/, 503);
    expect(await up(made)).toMatchObject({ sourceId: "src-1" });
  });

  test("by a run that was killed is gone on with", async () => {
    const made = world([entryWith({ jobId: "job-2", until: Date.now() + 600_000 })]);
    made.organisation.addSource({ source_id: "src-2" });
    made.organisation.jobs.set("job-2", { shows: [{ status: "completed", source_id: "src-2" }] });
    expect(await up(made)).toMatchObject({ sourceId: "src-2" });
  });
});

test.each([
  ["another name", { name: "mine" }],
  ["another topic", { eventTopicId: "topic-2" }],
])(
  "what was imported and the engine has lost is not ours when the program asks for a new one of %s",
  async (_, wanted) => {
    const { organisation, run } = world();
    const theirs = { ...organisation.addSource({ source_id: "theirs" }) };
    const first = run();
    await inTime(done(first.handler.create(first.context, inputsWith({ __import: "theirs" }))));
    const second = run();
    await inTime(done(second.handler.create(second.context, inputsWith(wanted))).catch(() => {}));
    expect(organisation.sources.get("theirs")).toEqual(theirs);
  },
);

describe("what is posted under a name that the program gave it while it was unfinished, by a job that tells no id,", () => {
  async function renamed() {
    const made = world([entryWith({ jobId: "job-1", phase: "stored" })]);
    made.organisation.jobs.set("job-1", { shows: [{ status: "failed", date_completed: now() }] });
    made.organisation.jobBearsSource = false;
    made.organisation.pending = Array(9_999).fill({ status: "running" });
    const wanted = inputsWith({ name: "invoices" });
    const first = made.run(["job:job-1"]);
    const error = await errorOf(first.handler.update(first.context, "job:job-1", unfinished(), wanted));
    const shows = made.organisation.jobs.get("job-2")?.shows;
    shows?.splice(0, shows.length - 1);
    return { ...made, wanted, state: keptOf(error), ...made.run(["job:job-1", "job:job-2"]) };
  }

  test("is gone on with by the next update", async () => {
    const { handler, context, state, wanted } = await renamed();
    const updated = stateAfter(handler.update(context, "job:job-1", state, wanted));
    expect(await inTime(updated)).toMatchObject({ sourceId: "src-1" });
  });

  test("is deleted by a destroy", async () => {
    const { handler, context, state, organisation } = await renamed();
    await inTime(handler.delete(context, "job:job-1", state));
    expect(organisation.sources.size).toBe(0);
  });

  test("is found by a refresh", async () => {
    const { handler, context, state } = await renamed();
    expect(await inTime(handler.read(context, "job:job-1", state))).toMatchObject({ id: "src-1" });
  });
});

test("what a killed create has begun, under a name that the program has changed since, is renamed, however long it takes", async () => {
  const made = world([entryWith({ jobId: "job-1", until: Date.now() + 3_600_000 })]);
  made.organisation.jobBearsSource = false;
  made.organisation.jobs.set("job-1", { shows: [{ status: "running" }] });
  const wanted = inputsWith({ name: "invoices" });
  const first = made.run();
  const error = await errorOf(first.handler.create(first.context, wanted));
  made.organisation.addSource();
  made.organisation.jobs.set("job-1", { shows: [{ status: "completed" }] });
  const second = made.run(["job:job-1"]);
  await inTime(stateAfter(second.handler.update(second.context, error.id, keptOf(error), wanted)));
  expect([...made.organisation.sources.values()].map(({ name }) => name)).toEqual(["invoices"]);
});

test("what a killed create's failed job has made is known, though the program changed its name and content since", async () => {
  const { organisation, run } = world([entryWith({ jobId: "job-1", until: Date.now() + 600_000 })]);
  organisation.jobs.set("job-1", {
    shows: [{ status: "failed", date_created: now(), date_completed: now() }],
  });
  organisation.addSource();
  const { handler, context } = run();
  await inTime(done(handler.create(context, inputsWith({ name: "invoices", description: "new" }))));
  expect([...organisation.sources.values()].map(({ name }) => name)).toEqual(["invoices"]);
});

test("what a failed job has made makes room under another topic, though the program would adopt what bears its name", async () => {
  const { organisation, run } = world([entryWith({ until: Date.now() + 600_000 })]);
  organisation.addSource();
  const { handler, context } = run();
  const wanted = inputsWith({ eventTopicId: "topic-2", onConflict: "adopt" });
  expect(await inTime(done(handler.create(context, wanted)))).toMatchObject({ id: "src-2" });
  expect([...organisation.sources.values()]).toMatchObject([{ event_topic_id: "topic-2" }]);
});

test("a gateway whose clock is ahead of the organisation's keeps no create from finding what it has made", async () => {
  const { organisation, run } = world();
  organisation.clock.hear(new Date(Date.now() + 5_000).toUTCString());
  organisation.jobBearsSource = false;
  const { handler, context } = run();
  expect(await inTime(done(handler.create(context, inputsWith())))).toMatchObject({ id: "src-1" });
});

test("what was let go of on purpose is a conflict, under an automatic name, too", async () => {
  const { organisation, run } = world([entryWith({ objectId: "src-1", phase: "stored" })]);
  organisation.addSource({ description: "another stack's by now" });
  const { handler, context } = run();
  const error = await errorOf(handler.create(context, inputsWith({ __autonamed: true })));
  expect(error.message).toContain("exists already: its id is src-1");
  expect(organisation.sources.get("src-1")).toMatchObject({ description: "another stack's by now" });
});
