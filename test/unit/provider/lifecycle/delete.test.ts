/** When a delete may say that a source is gone, and what it does while a job still makes it. */
import { describe, expect, test, vi } from "vitest";
import type { SourceState } from "../../../../provider/src/eventBridgeSource/model.js";
import { done, errorOf, fakeContext, inTime, useVirtualTime } from "../support/context.js";
import { FakeOrganisation } from "../support/fakeOrganisation.js";
import { createSourceHandler, inputsWith, stateWith } from "../support/source.js";
import { FORMS, unfinished } from "../support/world.js";

useVirtualTime();

const GET = "GET /sources/src-1";
const DELETE = "DELETE /sources/src-1";

function world(more: Partial<FakeOrganisation> = {}) {
  const organisation = Object.assign(new FakeOrganisation(), more);
  const { context, lines } = fakeContext(organisation);
  const remove = (state: Partial<SourceState> = {}, id = "src-1") =>
    createSourceHandler().delete(context, id, stateWith(state));
  return { organisation, lines, remove, context };
}

test("a source is deleted, and looked for once to see that it is gone", async () => {
  const { organisation, remove } = world();
  organisation.addSource();
  await inTime(remove());
  expect(organisation.calls).toEqual([DELETE, GET]);
  expect(organisation.sources.size).toBe(0);
});

test("the login comes about while the stack's state is waited for, and nothing is deleted before", async () => {
  const { organisation, remove, context } = world();
  organisation.addSource();
  let tell = (_: boolean) => {};
  context.stack.noteRemoval = () => {
    expect(organisation.loginsAhead).toBe(0);
    return new Promise((resolve) => {
      tell = resolve;
    });
  };
  const removed = remove();
  await vi.waitFor(() => expect(organisation.loginsAhead).toBe(1));
  expect(organisation.calls).toEqual([]);
  tell(false);
  await inTime(removed);
  expect([organisation.loginsAhead, organisation.calls]).toEqual([1, [DELETE, GET]]);
});

test("a source that is gone already is fine, where its list is there", async () => {
  const { organisation, remove } = world();
  await inTime(remove());
  expect(organisation.calls).toEqual([DELETE, "GET /sources?page=1"]);
});

test.each([400, 401, 403, 500])("a deletion that is answered %d is an error", async (status) => {
  const { organisation, remove } = world();
  organisation.addSource();
  organisation.fail(/^DELETE/, status);
  expect(await errorOf(remove())).toMatchObject({ status });
  expect(organisation.sources.size).toBe(1);
});

test.each(["deleted", "wanted to delete and found gone"])(
  "what this process has %s is not found again in a list that lags behind",
  async (how) => {
    const { organisation, remove, context } = world();
    const ghost = { ...organisation.addSource() };
    if (how !== "deleted") organisation.sources.clear();
    await inTime(remove());
    organisation.on(/name=orders/, () => ({ status: 200, body: { entities: [ghost], pageCount: 1 } }), 9_999);
    const { id } = await inTime(
      done(createSourceHandler().create(context, inputsWith({ onConflict: "adopt" }))),
    );
    expect(id).toBe("src-2");
  },
);

test("a deletion that is refused while another job is at work is tried again, and counted", async () => {
  const { organisation, remove, lines } = world();
  organisation.addSource();
  organisation.fail(/^DELETE/, 409, {}, 2);
  await inTime(remove());
  expect(organisation.calls).toEqual([DELETE, DELETE, DELETE, GET]);
  expect(lines).toEqual([
    expect.stringContaining('EventBridge source "orders" is busy, next try in 500 ms'),
    expect.stringContaining("next try in 1 s"),
  ]);
});

test("one that is refused for good is an error when the step has to be over", async () => {
  const { organisation, remove } = world();
  organisation.addSource();
  organisation.fail(/^DELETE/, 409, {}, 9_999);
  expect(await errorOf(remove({ timeouts: { delete: "30s" } }))).toMatchObject({ status: 409 });
  expect(organisation.sources.size).toBe(1);
});

test("a deletion that is made by a job is followed to its end", async () => {
  const { organisation, remove, lines } = world({ changeAnswer: "job" });
  organisation.addSource();
  await inTime(remove());
  expect(organisation.calls).toEqual([DELETE, ...Array(3).fill("GET /jobs/job-1"), GET]);
  expect(lines).toHaveLength(3);
});

test("a deletion whose job fails is told with its reason", async () => {
  const { organisation, remove } = world({
    changeAnswer: "job",
    endings: [{ status: "failed", error: { code: "in.use", message: "still in use" } }],
  });
  organisation.addSource();
  expect((await errorOf(remove())).message).toBe("Job job-1 failed: in.use: still in use.");
});

test("a source that can still be read is waited for", async () => {
  const { organisation, remove } = world();
  const source = organisation.addSource();
  organisation.on(/^GET \/sources\/src-1$/, () => ({ status: 200, body: source }), 4);
  await inTime(remove());
  expect(organisation.calls.filter((call) => call === GET)).toHaveLength(5);
});

test("a source that will not go is told, with what to do", async () => {
  const { organisation, remove } = world();
  const source = organisation.addSource();
  const begun = Date.now();
  organisation.on(/^GET/, () => ({ status: 200, body: source }), Number.POSITIVE_INFINITY);
  expect((await errorOf(remove())).message).toBe(
    'EventBridge source "orders" (id src-1) was deleted, but it is still there after 30 s. Run the same command again later.',
  );
  expect(Date.now() - begun).toBe(30_000);
});

test("not being allowed to look is not taken for gone", async () => {
  const { organisation, remove } = world();
  organisation.addSource();
  organisation.fail(/^GET/, 403);
  expect(await errorOf(remove())).toMatchObject({ status: 403 });
});

test("the time-out is that of deletions", async () => {
  const { organisation, remove } = world();
  await inTime(remove({ timeouts: { create: "1h", update: "1h", delete: "90s" } }));
  expect(organisation.left[0]).toBe(90_000);
});

const begun = { postedAt: Date.parse("2029-12-31T23:59:00Z") };

describe.each(FORMS)("a resource that is called after its job, as its state tells %s", (_form, inForm) => {
  const called = (more: Partial<SourceState> = {}) => inForm(unfinished(more, begun));

  test("is deleted once its job is over", async () => {
    const { organisation, remove } = world();
    organisation.jobs.set("job-1", {
      shows: [{ status: "running" }, { status: "completed", source_id: "src-1" }],
      effect: () => organisation.addSource(),
    });
    await inTime(remove(called(), "job:job-1"));
    expect(organisation.calls).toEqual(["GET /jobs/job-1", "GET /jobs/job-1", DELETE, GET]);
  });

  test("whose source id is known meanwhile is deleted without asking for the job", async () => {
    const { organisation, remove } = world();
    organisation.addSource();
    await inTime(remove({ jobId: "job-1", sourceId: "src-1" }, "job:job-1"));
    expect(organisation.calls).toEqual([DELETE, GET]);
  });

  test.each(["failed", "forgotten"])("and whose job %s and made nothing needs no deletion", async (job) => {
    const { organisation, remove } = world();
    if (job === "failed") organisation.jobs.set("job-1", { shows: [{ status: "failed" }] });
    await inTime(remove(called(), "job:job-1"));
    expect(organisation.calls.some((call) => call.startsWith("DELETE"))).toBe(false);
  });

  test.each(["failed", "forgotten"])(
    "and whose job %s leaves another's source of that name alone",
    async (job) => {
      const { organisation, remove } = world();
      if (job === "failed") organisation.jobs.set("job-1", { shows: [{ status: "failed" }] });
      organisation.addSource({ source_id: "theirs", description: "theirs" });
      await inTime(remove(called(), "job:job-1"));
      expect([...organisation.sources.keys()]).toEqual(["theirs"]);
    },
  );

  test("but whose job left something of ours behind is deleted", async () => {
    const { organisation, remove } = world();
    organisation.jobs.set("job-1", { shows: [{ status: "failed" }] });
    organisation.addSource({ status: "draft" });
    await inTime(remove(called(), "job:job-1"));
    expect(organisation.sources.size).toBe(0);
    const look = ["GET /sources?page=1&name=orders", GET];
    expect(organisation.calls).toEqual(["GET /jobs/job-1", ...look, DELETE, GET]);
  });

  test("asks for the job of the state: the resource's id may be that of an older one", async () => {
    const { organisation, remove } = world();
    organisation.jobs.set("job-1", { shows: [{ status: "failed" }] });
    organisation.jobs.set("job-2", {
      shows: [{ status: "running" }, { status: "completed", source_id: "src-1" }],
      effect: () => organisation.addSource(),
    });
    await inTime(remove(called({ jobId: "job-2" }), "job:job-1"));
    expect(organisation.calls).toContain(DELETE);
    expect(organisation.sources.size).toBe(0);
  });

  test("and whose job is still at it at the deadline is an error", async () => {
    const { organisation, remove } = world();
    organisation.jobs.set("job-1", { shows: [{ status: "running" }] });
    const error = await errorOf(remove(called({ timeouts: { delete: "1m" } }), "job:job-1"));
    expect(error.message).toContain("Job job-1 was not over after 1 min");
  });
});

test("what a job is still making is waited for and then deleted, although its id is known", async () => {
  const { organisation, remove } = world();
  const shows = [{ status: "running" }, { status: "completed", source_id: "src-1" }];
  organisation.jobs.set("job-1", { shows, effect: () => void organisation.addSource() });
  await inTime(remove({ jobId: "job-1", __unfinished: "time-out" }));
  expect(organisation.calls).toEqual(["GET /jobs/job-1", "GET /jobs/job-1", DELETE, GET]);
  expect(organisation.sources.size).toBe(0);
});

describe("a job of an earlier run in a status that is unknown", () => {
  const called = () => unfinished({}, begun);
  const paused = { shows: [{ status: "paused" }] };

  test("does not keep the source that it made from being deleted", async () => {
    const { organisation, remove } = world();
    organisation.jobs.set("job-1", paused);
    organisation.addSource();
    await inTime(remove(called(), "job:job-1"));
    expect(organisation.sources.size).toBe(0);
  });

  test("is an error with a way on where there is no source yet", async () => {
    const { organisation, remove } = world();
    organisation.jobs.set("job-1", paused);
    const error = await errorOf(remove(called(), "job:job-1"));
    expect(error.message).toContain('unknown status "paused"');
    expect(error.message).toContain("pulumi state delete");
  });
});

test("what this process has just adopted is not deleted as the old one", async () => {
  const organisation = new FakeOrganisation();
  organisation.addSource();
  const { context } = fakeContext(organisation);
  const handler = createSourceHandler();
  const { id, state } = await inTime(done(handler.create(context, inputsWith({ onConflict: "adopt" }))));
  await inTime(handler.delete(context, id, state));
  expect(organisation.sources.size).toBe(1);
  // A later process deletes it as any other.
  await inTime(createSourceHandler().delete(fakeContext(organisation).context, id, state));
  expect(organisation.sources.size).toBe(0);
});
