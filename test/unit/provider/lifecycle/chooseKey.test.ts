/** Replacements that a kill has cut short: the next run goes on with them, or says what is there. */
import { describe, expect, test } from "vitest";
import { done, inTime, stateAfter, useVirtualTime } from "../support/context.js";
import { ARGS, entryWith, inputsWith, stateWith, URN } from "../support/source.js";
import { checked, now, passes, type Run, unfinished, world } from "../support/world.js";

useVirtualTime();

const HOUR = 3_600_000;

/** Creates what is asked for, and is killed while its job is at work. */
async function killedCreate({ handler, context }: Run, inputs: Awaited<ReturnType<typeof checked>>) {
  void done(handler.create(context, inputs)).catch(() => {});
  await passes(20_000);
}

test("a killed replacement by force, under an automatic name, is gone on with by the next up", async () => {
  const held = ["src-1"];
  const { organisation, run } = world();
  const first = run();
  const inputs = await checked(first, undefined);
  await inTime(done(first.handler.create(first.context, inputs)));
  const second = run(held);
  const replacement = await checked(second, undefined);
  expect(replacement.name).not.toBe(inputs.name);
  organisation.on(/^GET \/jobs\/job-2/, () => new Promise(() => {}));
  await killedCreate(second, replacement);
  const third = run(held);
  const again = await checked(third, undefined);
  expect(again.name).toBe(replacement.name);
  expect(await inTime(done(third.handler.create(third.context, again)))).toMatchObject({ id: "src-2" });
});

test("what is replaced by force where no journal is kept has another name, which a rerun asks for: with olds, too", async () => {
  const { organisation, journal, run } = world();
  const made = await checked(run(), undefined);
  organisation.addSource({ source_id: "src-1", name: made.name });
  const second = run(["src-1"], made.name);
  const replacement = await checked(second, undefined);
  expect(replacement.name).not.toBe(made.name);
  // The option deleteBeforeReplace.
  const old = stateWith({ ...made, sourceId: "src-1" });
  await inTime(second.handler.delete(second.context, "src-1", old));
  organisation.on(/^GET \/jobs\/job-/, () => new Promise(() => {}));
  await killedCreate(second, replacement);
  await journal.forget(URN);
  const third = run([], made.name);
  await checked(third, made);
  const again = await checked(third, undefined);
  expect(again.name).toBe(replacement.name);
  const { id } = await inTime(done(third.handler.create(third.context, again)));
  expect([...organisation.sources.keys()]).toEqual([id]);
});

test("beside one that still waits to be deleted a source gets another name: what had replaced that one is gone", async () => {
  const { run } = world();
  const { name } = await checked(run(), undefined);
  const next = run(["src-1"]);
  next.context.stack.lookUpKey = async () => ({ key: name, isLeaving: true });
  expect((await checked(next, undefined)).name).not.toBe(name);
});

describe("a chosen name, onConflict adopt and another topic: what is deleted before it is replaced", () => {
  const program = { ...ARGS, name: "orders", onConflict: "adopt", eventTopicId: "topic-2" };
  const olds = inputsWith({ onConflict: "adopt" });
  async function deletedToBeReplaced() {
    const made = world([entryWith({ objectId: "src-old", phase: "stored" })]);
    made.organisation.addSource({ source_id: "src-old" });
    const run = made.run(["src-old"]);
    await checked(run, olds, program);
    const wanted = await checked(run, undefined, program);
    await inTime(run.handler.delete(run.context, "src-old", stateWith({ ...olds, sourceId: "src-old" })));
    return { ...made, first: run, wanted };
  }
  /** The engine checks what waits to be replaced with olds, then without. */
  async function nextUp({ run }: ReturnType<typeof world>) {
    const next = run();
    await checked(next, olds, program);
    const wanted = await checked(next, undefined, program);
    return inTime(done(next.handler.create(next.context, wanted)));
  }

  test("is found when the run was killed with the POST on its way", async () => {
    const made = await deletedToBeReplaced();
    made.organisation.createAnswer = "source";
    made.organisation.on(/^POST/, (_, proceed) => {
      proceed();
      return new Promise(() => {});
    });
    await killedCreate(made.first, made.wanted);
    expect(await nextUp(made)).toMatchObject({ id: "src-2" });
  });

  test("is found when the run was killed before the state was written", async () => {
    const made = await deletedToBeReplaced();
    await inTime(made.first.handler.create(made.first.context, made.wanted));
    expect(await nextUp(made)).toMatchObject({ id: "src-2" });
  });
});

test.each([
  ["a chosen name", {}],
  ["an automatic name", { __autonamed: true }],
])(
  "an update that posts again what failed, lost before the state is written, is found: %s",
  async (_, more) => {
    const { organisation, run } = world([entryWith({ jobId: "job-1", phase: "stored" })]);
    organisation.jobs.set("job-1", { shows: [{ status: "failed", date_completed: now() }] });
    await passes(60_000);
    const olds = unfinished(more, { postedAt: Date.now() - 61_000 });
    const first = run(["job:job-1"]);
    const done = await inTime(
      stateAfter(first.handler.update(first.context, "job:job-1", olds, inputsWith(more))),
    );
    expect(done).toMatchObject({ sourceId: "src-1" });
    await passes(60_000);
    const second = run(["job:job-1"]);
    const again = await inTime(
      stateAfter(second.handler.update(second.context, "job:job-1", olds, inputsWith(more))),
    );
    expect(again).toMatchObject({ sourceId: "src-1" });
  },
);

test("of a killed replacement that an up does not go on with it says what is there", async () => {
  const { run } = world([entryWith({ name: "orders-2", jobId: "job-2", until: Date.now() + HOUR })]);
  const { handler, context, lines } = run(["src-1"]);
  const about = { id: "src-1", state: stateWith(), urn: URN };
  await handler.inState?.(context, { ...about, isReplaced: true });
  expect(lines).toEqual([]);
  await handler.inState?.(context, { ...about, isReplaced: false });
  expect(lines.join("\n")).toContain("has begun to replace this (its job job-2)");
});

test("a list that shows what is gone beside what is there does not hide that", async () => {
  const { organisation, run } = world([entryWith({ until: Date.now() + HOUR })]);
  organisation.addSource({ source_id: "src-2" });
  organisation.on(
    /^GET \/sources\?/,
    () => ({
      status: 200,
      body: {
        entities: [
          { source_id: "gone", name: "orders" },
          { source_id: "src-2", name: "orders" },
        ],
        pageCount: 1,
      },
    }),
    9,
  );
  const { handler, context } = run();
  expect(await inTime(done(handler.create(context, inputsWith())))).toMatchObject({ id: "src-2" });
});
