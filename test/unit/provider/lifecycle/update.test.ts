/** What an update sends, what it does about changes by others, and how it goes on with an unfinished create. */
import { describe, expect, test } from "vitest";
import type { SourceInputs, SourceState } from "../../../../provider/src/eventBridgeSource/model.js";
import { errorOf, fakeContext, inTime, stateAfter, useVirtualTime } from "../support/context.js";
import { FakeOrganisation } from "../support/fakeOrganisation.js";
import { createSourceHandler, inputsWith, stateWith } from "../support/source.js";
import { FORMS, unfinished } from "../support/world.js";

useVirtualTime();

const GET = "GET /sources/src-1";
const PUT = "PUT /sources/src-1";

function world(more: Partial<FakeOrganisation> = {}) {
  const organisation = Object.assign(new FakeOrganisation(), more);
  const source = organisation.addSource();
  const { context, lines } = fakeContext(organisation);
  const handler = createSourceHandler();
  const update = (news: Partial<SourceInputs>, olds: Partial<SourceState> = {}, id = "src-1") =>
    stateAfter(handler.update(context, id, stateWith(olds), inputsWith(news)));
  return { organisation, source, context, lines, update };
}

describe("nothing is asked", () => {
  test("when only settings of ours or the code in the state differ; outputs stay, inputs are the new ones", async () => {
    const { update, organisation } = world();
    const outputs = { jobId: "job-1", latencySeconds: 3, retryCount: 1, dateCreated: "then" };
    const news = { timeouts: { create: "1m" }, onConflict: "adopt", __urn: "urn:new" } as const;
    const state = await update(news, { ...outputs, timeouts: { delete: "2m" } });
    expect(organisation.calls).toEqual([]);
    expect(state).toStrictEqual({ ...inputsWith(news), sourceId: "src-1", version: 1, ...outputs });
  });
});

test("a change takes one PUT, of everything, with the version of the state", async () => {
  const { update, organisation } = world();
  const begun = Date.now();
  const state = await inTime(
    update({ description: "new", webhookUrl: "https://h.example" }, { jobId: "job-0" }),
  );
  expect(organisation.calls).toEqual([PUT]);
  expect(organisation.bodies).toEqual([
    {
      name: "orders",
      description: "new",
      source_type: "eventbridge",
      event_topic_id: "topic-1",
      filters: [],
      targets: [{ target_id: "target-1", priority: 1 }],
      status: "active",
      webhook_url: "https://h.example",
      version: 1,
    },
  ]);
  expect(state).toMatchObject({ description: "new", version: 2, sourceId: "src-1", jobId: "job-0" });
  expect(state.latencySeconds).toBe((Date.now() - begun) / 1_000);
});

test("a read that shows an older version than the one that was written over lags behind", async () => {
  const { update, organisation, source, lines } = world({ changeAnswer: "empty" });
  source.version = 2;
  organisation.on(/^GET/, (_, proceed) => {
    const answer = proceed();
    return { ...answer, body: { ...answer.body, version: 1, description: "before" } };
  });
  const state = await inTime(update({ description: "new" }, { version: 2 }));
  expect(state).toMatchObject({ description: "new", version: 3 });
  expect(state).not.toHaveProperty("__asked");
  expect(lines).toEqual([]);
  expect(organisation.calls).toEqual([PUT, GET, GET]);
});

test("the source's id in the state counts, not the resource's, which may still be that of its job", async () => {
  const { update, organisation } = world();
  await inTime(update({ description: "new" }, { sourceId: "src-1" }, "job:job-1"));
  expect(organisation.calls).toEqual([PUT]);
});

test("a state without a version reads it first", async () => {
  const { update, organisation, source } = world();
  source.version = 5;
  await inTime(update({ description: "new" }, { version: undefined }));
  expect(organisation.calls).toEqual([GET, PUT]);
  expect(organisation.bodies[0]).toMatchObject({ version: 5 });
});

test("what is removed from the program is removed from the source", async () => {
  const { update, source } = world();
  const filters = [{ name: "vip", conditions: [], action: "route" }];
  Object.assign(source, { filters, webhook_url: "https://h.example" });
  const state = await inTime(update({}, { filters, webhookUrl: "https://h.example" }));
  expect(source).toMatchObject({ filters: [], webhook_url: null });
  expect(state).not.toHaveProperty("webhookUrl");
  expect(state.filters).toEqual([]);
});

test("a change that is made by a job is followed to its end", async () => {
  const { update, organisation, lines } = world({ changeAnswer: "job" });
  const state = await inTime(update({ description: "new" }));
  expect(organisation.calls).toEqual([PUT, ...Array(3).fill("GET /jobs/job-1"), GET]);
  expect(state).toMatchObject({ description: "new", version: 2 });
  expect(lines).toHaveLength(3);
});

test("a job of a change that fails is told with its reason", async () => {
  const { update } = world({ changeAnswer: "job", endings: [{ status: "failed", error: { code: "no" } }] });
  expect((await errorOf(update({ description: "new" }))).message).toBe("Job job-1 failed: no.");
});

test("an answer without content is made up for by a look", async () => {
  const { update, organisation } = world({ changeAnswer: "empty" });
  expect(await inTime(update({ description: "new" }))).toMatchObject({ description: "new", version: 2 });
  expect(organisation.calls).toEqual([PUT, GET]);
});

test("a look that lags behind the change is taken again, and not for its result", async () => {
  const { update, organisation, source } = world();
  organisation.changeAnswer = "empty";
  const before = structuredClone(source);
  organisation.on(/^GET/, () => ({ status: 200, body: before }), 2);
  expect(await inTime(update({ description: "new" }))).toMatchObject({ description: "new", version: 2 });
  expect(organisation.calls).toEqual([PUT, GET, GET, GET]);
});

test("a status that takes a moment is waited for; the time-out is that of updates", async () => {
  const { update, organisation, source } = world();
  organisation.on(/^PUT/, () => {
    setTimeout(() => Object.assign(source, { status: "inactive", version: 2 }), 3_000);
    return { status: 200, body: { ...source } };
  });
  const state = await inTime(update({ status: "inactive", timeouts: { update: "5m" } }));
  expect(state).toMatchObject({ status: "inactive", version: 2 });
  expect(organisation.left[0]).toBe(300_000);
});

describe("somebody else changed the source meanwhile", () => {
  test("in nothing that the program wants otherwise: the change is made all the same", async () => {
    const { update, organisation, source } = world();
    Object.assign(source, { version: 4 });
    const state = await inTime(update({ description: "new" }));
    expect(organisation.calls).toEqual([PUT, GET, PUT]);
    expect(state).toMatchObject({ description: "new", version: 5, retryCount: 1 });
  });

  test("to what the program wants: there is nothing left to do", async () => {
    const { update, organisation, source } = world();
    Object.assign(source, { version: 4, description: "new" });
    expect(await inTime(update({ description: "new" }))).toMatchObject({ description: "new", version: 4 });
    expect(organisation.calls).toEqual([PUT, GET]);
  });

  test("in what the program changes, too: it is not overwritten, and the message says where, not what", async () => {
    const { update, organisation, source } = world();
    Object.assign(source, {
      version: 4,
      description: "theirs",
      status: "inactive",
      webhook_url: "https://theirs",
    });
    const error = await errorOf(update({ description: "ours", webhookUrl: "https://ours" }));
    expect(error.message).toBe(
      'EventBridge source "orders" was changed since it was last read, outside of Pulumi or by a run that was cut short, and the program asks for something else: description, status, webhookUrl. Run "pulumi refresh" to take the change into the state, then "pulumi preview --diff", which shows the values, and "pulumi up" to decide.',
    );
    expect(organisation.calls).toEqual([PUT, GET]);
    expect(source.description).toBe("theirs");
  });

  test("and the platform says so with a 400", async () => {
    const { update, organisation, source } = world();
    organisation.fail(/^PUT/, 400, { message: "1 does not match the current version 4" });
    Object.assign(source, { version: 4 });
    await inTime(update({ description: "new" }));
    expect(organisation.calls).toEqual([PUT, GET, PUT]);
  });

  test("again and again: at some point it is enough", async () => {
    const { update, organisation, source } = world();
    organisation.on(
      /^PUT/,
      (_, proceed) => {
        source.version = (source.version ?? 0) + 1;
        return proceed();
      },
      99,
    );
    expect(await errorOf(update({ description: "new" }))).toMatchObject({ status: 409 });
    expect(organisation.calls.filter((call) => call === PUT)).toHaveLength(6);
  });
});

test("a new name that is taken is no matter of versions, and not tried again: the message names its holder", async () => {
  const { update, organisation } = world();
  organisation.addSource({ source_id: "theirs", name: "taken" });
  organisation.fail(/^PUT/, 409, { code: "name.already.exists" }, 99);
  const error = await errorOf(update({ name: "taken" }));
  expect(error).toMatchObject({ status: 409, code: "name.already.exists" });
  expect(error.message).toContain('The name "taken" is taken by the source theirs');
  expect(organisation.calls).toEqual([PUT, GET, "GET /sources?page=1&name=taken", "GET /sources/theirs"]);
});

test.each([400, 403, 503])("a PUT that is answered %d is an error", async (status) => {
  const { update, organisation } = world();
  organisation.fail(/^PUT/, status);
  expect(await errorOf(update({ description: "new" }))).toMatchObject({ status });
  expect(organisation.calls).toEqual([PUT]);
});

test("a PUT that is answered 404 is an error, whatever the list says", async () => {
  const { update, organisation } = world();
  organisation.fail(/^PUT/, 404);
  expect(await errorOf(update({ description: "new" }))).toMatchObject({ status: 404 });
  expect(organisation.calls).toEqual([PUT, "GET /sources?page=1"]);
});

describe.each(FORMS)("an unfinished create is gone on with, as its state tells %s", (_form, inForm) => {
  const begun = { postedAt: Date.parse("2029-12-31T23:59:00Z") };

  /** An organisation in which job-1 shows these bodies. */
  function unfinishedWorld(
    shows: Record<string, unknown>[],
    effect?: (organisation: FakeOrganisation) => void,
  ) {
    const organisation = new FakeOrganisation();
    organisation.jobs.set("job-1", { shows, effect: () => effect?.(organisation) });
    const { context } = fakeContext(organisation);
    const update = (news: Partial<SourceInputs> = {}, olds: Partial<SourceState> = {}, id = "job:job-1") =>
      stateAfter(
        createSourceHandler().update(context, id, inForm(unfinished(olds, begun)), inputsWith(news)),
      );
    return { organisation, update };
  }

  test("its job is waited for, the source brought to what the program asks for by now", async () => {
    const { organisation, update } = unfinishedWorld(
      [{ status: "running" }, { status: "completed", source_id: "src-1" }],
      (made) => void made.addSource({ status: "draft" }),
    );
    const state = await inTime(update({ description: "new" }));
    expect(organisation.calls).toEqual(["GET /jobs/job-1", "GET /jobs/job-1", GET, PUT]);
    expect(state).toMatchObject({
      sourceId: "src-1",
      jobId: "job-1",
      description: "new",
      status: "active",
      version: 2,
    });
    expect(state).not.toHaveProperty("__unfinished");
  });

  test("a job that failed in the meantime is posted again, as the program asks for by now", async () => {
    const failed = { status: "failed", date_completed: "2029-12-31T23:00:00Z" };
    const { organisation, update } = unfinishedWorld([failed]);
    const state = await inTime(update({ name: "renamed" }));
    expect(organisation.calls.slice(0, 3)).toEqual([
      "GET /jobs/job-1",
      "GET /sources?page=1&name=orders",
      "POST /sources",
    ]);
    expect(state).toMatchObject({ name: "renamed", jobId: "job-2", sourceId: "src-1" });
    expect(state).not.toHaveProperty("__unfinished");
  });

  test("a job that nobody knows any more is posted again; a source that it made is found by its name", async () => {
    for (const made of [false, true]) {
      const { organisation, update } = unfinishedWorld([]);
      organisation.jobs.clear();
      if (made) organisation.addSource({ status: "draft" });
      expect(await inTime(update())).toMatchObject({ sourceId: "src-1", status: "active" });
      expect(organisation.calls.includes("POST /sources")).toBe(!made);
    }
  });

  test("a source whose id is known is not posted again, though its job is forgotten and its name another", async () => {
    const { organisation, update } = unfinishedWorld([]);
    organisation.jobs.clear();
    organisation.addSource({ name: "renamed by hand" });
    const state = await inTime(update({}, { sourceId: "src-1" }, "src-1"));
    expect(organisation.calls).not.toContain("POST /sources");
    expect(state).toMatchObject({ sourceId: "src-1", name: "orders" });
    expect(organisation.sources.size).toBe(1);
  });

  test("another's source of that name is not taken for what the failed job made", async () => {
    const { organisation, update } = unfinishedWorld([{ status: "failed" }]);
    organisation.addSource({ source_id: "theirs", description: "theirs" });
    const error = await errorOf(update());
    expect(error.message).toContain("exists already: its id is theirs");
    expect(organisation.sources.get("theirs")).toMatchObject({ description: "theirs", version: 1 });
  });

  test("unfinished again it stays, and the state knows the new job", async () => {
    const { organisation, update } = unfinishedWorld([{ status: "failed" }]);
    organisation.endings = [{ status: "running" }];
    const error = await errorOf(update({ description: "new", timeouts: { create: "1m" } }));
    expect(error).toHaveProperty("unfinished");
    expect(error).toMatchObject({ id: "job:job-1", state: { jobId: "job-2", latencySeconds: 60 } });
    expect(error.unfinished).toContain("job-2");
    // The next run looks for what was posted.
    expect(error.state.description).toBe("new");
  });

  test("posted again and failed again, there is nothing to keep but the old state", async () => {
    const { organisation, update } = unfinishedWorld([{ status: "failed" }]);
    organisation.endings = [{ status: "failed", error: { code: "quota" } }];
    const error = await errorOf(update());
    expect(error).not.toHaveProperty("unfinished");
    expect(error.message).toBe('EventBridge source "orders" was not made. Job job-2 failed: quota.');
  });
});

test("an answer that bears only a part of the source is not taken for the whole", async () => {
  const { organisation, update } = world();
  organisation.on(/^PUT/, (_, proceed) => {
    const { source_id, version, status } = proceed().body as {
      source_id: string;
      version: number;
      status: string;
    };
    return { status: 200, body: { source_id, version, status } };
  });
  const state = await inTime(update({ description: "new" }));
  expect(state).toMatchObject({ name: "orders", eventTopicId: "topic-1", description: "new", version: 2 });
});
