/** Everything a create can meet: jobs that fail or lag, names that are taken, adoption, and POSTs without an answer. */
import { describe, expect, test, vi } from "vitest";
import type { SourceInputs } from "../../../../provider/src/eventBridgeSource/model.js";
import { loginPrint } from "../../../../provider/src/settingPlaces.js";
import type { Settings } from "../../../../provider/src/settings.js";
import { done, errorOf, fakeContext, inTime, SETTINGS, useVirtualTime } from "../support/context.js";
import { FakeOrganisation, failure } from "../support/fakeOrganisation.js";
import { createSourceHandler, inputsWith, URN } from "../support/source.js";

useVirtualTime();

const POST = "POST /sources";
const FIND = "GET /sources?page=1&name=orders";

/** A handler and an organisation, and what creating a source in it comes to. */
function world(organisation = new FakeOrganisation(), settings: Partial<Settings> = {}) {
  const handler = createSourceHandler();
  const { context, lines } = fakeContext(organisation, settings);
  const create = (inputs: Partial<SourceInputs> = {}) => done(handler.create(context, inputsWith(inputs)));
  return { organisation, handler, context, lines, create };
}

const organisationWith = (more: Partial<FakeOrganisation>) => Object.assign(new FakeOrganisation(), more);

describe("a source that is made by a job", () => {
  test("takes the POST, the job's polls and one look at the source", async () => {
    const { create, organisation, lines } = world();
    const begun = Date.now();
    const { id, state } = await inTime(create());
    expect(organisation.calls).toEqual([
      POST,
      "GET /jobs/job-1",
      "GET /jobs/job-1",
      "GET /jobs/job-1",
      "GET /sources/src-1",
    ]);
    expect(id).toBe("src-1");
    expect(state).toStrictEqual({
      ...inputsWith(),
      sourceId: "src-1",
      version: 1,
      jobId: "job-1",
      dateCreated: "2030-01-01T00:00:00Z",
      dateModified: "2030-01-01T00:00:00Z",
      selfUri: "/api/v2/eventbridge/sources/src-1",
      __host: "mypurecloud.de",
      __through: loginPrint(SETTINGS),
      latencySeconds: (Date.now() - begun) / 1_000,
      retryCount: 0,
    });
    expect(lines).toEqual([
      expect.stringMatching(`^status ${URN}: job job-1 queued`),
      expect.stringMatching(`^status ${URN}: job job-1 running \\(50 %\\)`),
      expect.stringMatching(`^status ${URN}: job job-1 completed after`),
    ]);
  });

  test("is posted as a draft, with everything that was asked for", async () => {
    const { create, organisation } = world();
    await inTime(create({ description: "d", webhookUrl: "https://h.example" }));
    expect(organisation.bodies).toEqual([
      {
        name: "orders",
        description: "d",
        source_type: "eventbridge",
        event_topic_id: "topic-1",
        filters: [],
        targets: [{ target_id: "target-1", priority: 1 }],
        status: "draft",
        webhook_url: "https://h.example",
      },
    ]);
  });

  test("may be told its id by the POST already, and by the job never", async () => {
    for (const createAnswer of ["jobWithSourceId", "job"] as const) {
      const { create, organisation } = world(organisationWith({ createAnswer, jobBearsSource: false }));
      const { id, state } = await inTime(create());
      expect(id).toBe("src-1");
      expect(state.jobId).toBe("job-1");
      expect(organisation.calls.includes(FIND)).toBe(createAnswer === "job");
    }
  });

  test("and that is found by its name is waited for, since lists lag behind", async () => {
    const { create, organisation } = world(organisationWith({ jobBearsSource: false }));
    organisation.on(/name=orders/, () => ({ status: 200, body: { entities: [], pageCount: 1 } }), 3);
    expect((await inTime(create())).id).toBe("src-1");
    expect(organisation.calls.filter((call) => call === FIND)).toHaveLength(4);
  });

  test("is found by its name also where the server ignores the filter", async () => {
    const organisation = organisationWith({ jobBearsSource: false });
    for (let index = 0; index < 30; index++) organisation.addSource({ name: `other ${index}` });
    organisation.on(
      /name=orders/,
      ({ query }) => {
        const all = [...organisation.sources.values()];
        const page = Number(query?.pageNumber);
        return { status: 200, body: { entities: all.slice((page - 1) * 25, page * 25), pageCount: 2 } };
      },
      2,
    );
    expect((await inTime(world(organisation).create())).id).toBe("src-31");
  });

  test("and that cannot be read at once is looked for again", async () => {
    const { create, organisation } = world();
    organisation.fail(/^GET \/sources\/src-1$/, 404, {}, 2);
    expect((await inTime(create())).state.version).toBe(1);
  });
});

test("a source that is made at once is not polled for, and bears no job", async () => {
  const { create, organisation } = world(organisationWith({ createAnswer: "source" }));
  const { id, state } = await inTime(create());
  expect(organisation.calls).toEqual([POST, "GET /sources/src-1"]);
  expect(id).toBe("src-1");
  expect(state).not.toHaveProperty("jobId");
});

test("a source whose own address leaves its id out has the one that was asked for", async () => {
  const { create, organisation } = world(organisationWith({ createAnswer: "source" }));
  organisation.on(/^GET/, (_, proceed) => {
    const answer = proceed();
    const { source_id: _leftOut, ...shown } = answer.body as { source_id?: string };
    return { ...answer, body: shown };
  });
  expect(await inTime(create())).toMatchObject({ id: "src-1", state: { sourceId: "src-1" } });
});

test("a job_id of null is no job", async () => {
  const { create, organisation } = world(organisationWith({ createAnswer: "source" }));
  organisation.on(/^POST/, (_, proceed) => {
    const { status, body } = proceed();
    return { status, body: { ...body, job_id: null } };
  });
  expect((await inTime(create())).id).toBe("src-1");
});

describe("the status that was asked for", () => {
  test.each([
    ["active", "draft"],
    ["inactive", "draft"],
    ["inactive", "active"],
    ["draft", "active"],
  ])("%s, is brought about by a PUT where the server leaves it %s", async (wanted, made) => {
    const { create, organisation } = world(organisationWith({ statusOnceMade: made }));
    const { state } = await inTime(create({ status: wanted }));
    expect(organisation.calls.slice(-2)).toEqual(["GET /sources/src-1", "PUT /sources/src-1"]);
    expect(organisation.bodies.at(-1)).toMatchObject({ status: wanted, version: 1, name: "orders" });
    expect(state).toMatchObject({ status: wanted, version: 2, jobId: "job-1" });
  });

  test.each(["active", "inactive", "draft"])("%s, that is there already takes no PUT", async (status) => {
    const { create, organisation } = world(organisationWith({ statusOnceMade: status }));
    expect((await inTime(create({ status }))).state.status).toBe(status);
    expect(organisation.calls.some((call) => call.startsWith("PUT"))).toBe(false);
  });

  test("may take a moment", async () => {
    const { create, organisation } = world(organisationWith({ statusOnceMade: "draft" }));
    organisation.on(/^PUT/, ({ body }) => {
      const source = organisation.sources.get("src-1");
      setTimeout(() => Object.assign(source ?? {}, { status: "active", version: 2 }), 2_000);
      return { status: 200, body: { ...body, source_id: "src-1", status: "draft" } };
    });
    expect((await inTime(create())).state).toMatchObject({ status: "active", version: 2 });
  });

  test("that does not come about is told; the source is kept", async () => {
    const { create, organisation } = world(organisationWith({ statusOnceMade: "draft" }));
    organisation.on(/^PUT/, () => ({ status: 200, body: { ...organisation.sources.get("src-1") } }));
    const error = await errorOf(create());
    expect(error).toHaveProperty("unfinished");
    expect(error.message).toContain(
      'the status of EventBridge source "orders" (id src-1) is "draft" though "active" was asked for.',
    );
    expect(error.id).toBe("src-1");
  });

  test("does not count as a difference of the webhook address where the server keeps that to itself", async () => {
    const { create, organisation } = world(organisationWith({ showsWebhook: false }));
    const { state } = await inTime(create({ webhookUrl: "https://h.example" }));
    expect(state.webhookUrl).toBe("https://h.example");
    expect(organisation.calls.some((call) => call.startsWith("PUT"))).toBe(false);
  });
});

describe("a job that goes wrong", () => {
  test.each([
    [
      { status: "failed", error: { code: "quota", message: "Too many" } },
      "Job job-1 failed: quota: Too many.",
    ],
    [{ status: "cancelled" }, "Job job-1 was cancelled."],
  ])("%j: nothing was made, nothing is kept", async (ending, reason) => {
    const { create, organisation } = world(organisationWith({ endings: [ending] }));
    const error = await errorOf(create());
    expect(error).not.toHaveProperty("unfinished");
    expect(error.message).toBe(`EventBridge source "orders" was not made. ${reason}`);
    expect(organisation.calls.at(-1)).toBe(FIND);
    expect(organisation.calls.filter((call) => call === POST)).toHaveLength(1);
  });

  test("failed, but left behind what was sent: that is taken on and finished", async () => {
    const organisation = organisationWith({ endings: [{ status: "failed" }] });
    organisation.on(/name=orders/, (_, proceed) => {
      organisation.addSource({ status: "draft" });
      return proceed();
    });
    const { id, state } = await inTime(world(organisation).create());
    expect(id).toBe("src-1");
    expect(state.status).toBe("active");
  });

  test("failed because another's source bears the name: that one is neither taken nor changed", async () => {
    const organisation = organisationWith({ endings: [{ status: "failed", error: { code: "name.taken" } }] });
    organisation.on(/name=orders/, (_, proceed) => {
      organisation.addSource({ source_id: "theirs", description: "theirs" });
      return proceed();
    });
    const error = await errorOf(world(organisation).create());
    expect(error.message).toBe('EventBridge source "orders" was not made. Job job-1 failed: name.taken.');
    expect(organisation.sources.get("theirs")).toMatchObject({ description: "theirs", version: 1 });
    expect(organisation.calls.some((call) => call.startsWith("PUT"))).toBe(false);
  });

  test("of an unknown status fails at once, and its id is kept", async () => {
    const { create } = world(organisationWith({ endings: [{ status: "paused" }] }));
    const error = await errorOf(create());
    expect(error).toHaveProperty("unfinished");
    expect(error.id).toBe("job:job-1");
    expect(error.message).toMatch(
      /^EventBridge source "orders" is not finished: Job job-1 is in the unknown status "paused"; .* It is kept in the stack's state as job:job-1, and the next "pulumi up" goes on from there\.$/,
    );
    expect(error.state).toMatchObject({ ...inputsWith(), jobId: "job-1" });
    expect(error.unfinished).toContain("unknown status");
  });

  test("and takes too long keeps its id, at the time-out that was asked for", async () => {
    const { create } = world(
      organisationWith({ pending: [{ status: "running" }], endings: [{ status: "running" }] }),
    );
    const begun = Date.now();
    const error = await errorOf(create({ timeouts: { create: "2m" } }));
    expect(Date.now() - begun).toBe(120_000);
    expect(error).toHaveProperty("unfinished");
    expect(error.id).toBe("job:job-1");
    expect(error.message).toContain("was not over after 2 min: its last status was running");
    expect(error.state).toMatchObject({ jobId: "job-1", latencySeconds: 120, retryCount: 0 });
    expect(error.state.sourceId).toBeUndefined();
  });

  test("whose source id is known is kept under that", async () => {
    const organisation = organisationWith({
      createAnswer: "jobWithSourceId",
      pending: [],
      endings: [{ status: "running" }],
    });
    const error = await errorOf(world(organisation).create());
    expect(error).toMatchObject({ id: "src-1", state: { sourceId: "src-1", jobId: "job-1" } });
  });

  test("and is over, without a trace of its source, is kept", async () => {
    const { create, organisation } = world(organisationWith({ jobBearsSource: false }));
    organisation.on(/name=orders/, () => ({ status: 200, body: { entities: [] } }), Number.POSITIVE_INFINITY);
    const error = await errorOf(create());
    expect(error).toMatchObject({ id: "job:job-1" });
    expect(error.message).toContain('Job job-1 is over, but no source of the name "orders" is to be found.');
  });
});

describe("what comes after the job can go wrong, too", () => {
  test("a source that cannot be read is kept by its id", async () => {
    const { create, organisation } = world();
    organisation.fail(/^GET \/sources\/src-1$/, 403);
    const error = await errorOf(create());
    expect(error).toHaveProperty("unfinished");
    expect(error).toMatchObject({ id: "src-1", state: { sourceId: "src-1", jobId: "job-1" } });
  });

  test("the job of the PUT that makes it active can fail: the source is there, and kept", async () => {
    const organisation = organisationWith({
      statusOnceMade: "draft",
      changeAnswer: "job",
      endings: [{ status: "completed" }, { status: "failed", error: { code: "no.capacity" } }],
    });
    const error = await errorOf(world(organisation).create());
    expect(error).toHaveProperty("unfinished");
    expect(error).toMatchObject({ id: "src-1", state: { sourceId: "src-1", jobId: "job-1" } });
    expect(error.message).toContain("Job job-2 failed: no.capacity.");
  });
});

describe("a name that is taken", () => {
  test("is a conflict that names the holder's id and the ways on", async () => {
    const { create, organisation } = world();
    organisation.addSource({ source_id: "theirs" });
    const error = await errorOf(create());
    expect(error).not.toHaveProperty("unfinished");
    expect(error.message).toBe(
      'EventBridge source "orders" exists already: its id is theirs. Import it, or set onConflict: "adopt" to have the program manage it and bring it to what it asks for, or use another name. Where it is being replaced (--replace, state taint), set the option deleteBeforeReplace. [POST /api/v2/eventbridge/sources: 409 name.already.exists, correlation id corr-1]',
    );
    expect(organisation.calls).toEqual([POST, FIND, "GET /sources/theirs"]);
  });

  test("is a conflict also when its holder cannot be read or found", async () => {
    for (const answer of ["refused", "empty"]) {
      const { create, organisation } = world();
      organisation.addSource();
      if (answer === "refused") organisation.fail(/name=orders/, 403);
      else organisation.on(/name=orders/, () => ({ status: 200, body: {} }));
      expect((await errorOf(create())).message).toContain(
        "exists already, or is still being made: it cannot be read yet.",
      );
    }
  });
});

describe('onConflict: "adopt"', () => {
  const adopting = { onConflict: "adopt" } as const;

  test("posts when there is no such source", async () => {
    const { create, organisation } = world();
    expect((await inTime(create(adopting))).id).toBe("src-1");
    expect(organisation.calls.slice(0, 2)).toEqual([FIND, POST]);
  });

  test("adopts a source and brings it to what is asked for", async () => {
    const { create, organisation } = world();
    organisation.addSource({ source_id: "theirs", description: "theirs", status: "inactive", version: 7 });
    const { id, state } = await inTime(create(adopting));
    expect(organisation.calls).toEqual([FIND, "GET /sources/theirs", "PUT /sources/theirs"]);
    expect(id).toBe("theirs");
    expect(state).toMatchObject({ description: "Managed by Pulumi", status: "active", version: 8 });
    expect(state).not.toHaveProperty("jobId");
  });

  test("changes nothing where nothing differs", async () => {
    const { create, organisation } = world();
    organisation.addSource();
    await inTime(create(adopting));
    expect(organisation.calls).toEqual([FIND, "GET /sources/src-1"]);
  });

  test("refuses a source of another topic, which no update can change", async () => {
    const { create, organisation } = world();
    organisation.addSource({ source_id: "theirs", event_topic_id: "topic-9" });
    const error = await errorOf(create(adopting));
    expect(error).not.toHaveProperty("unfinished");
    expect(error.message).toBe(
      'EventBridge source "orders" exists already (id theirs) and cannot be adopted: its eventTopicId is not the one that the program asks for, which no update can change. Use another name, or delete that source first.',
    );
    expect(organisation.calls).toEqual([FIND, "GET /sources/theirs"]);
  });

  test("does not adopt the very source that is being replaced", async () => {
    const { create, organisation, handler, context } = world();
    organisation.addSource().event_topic_id = "topic-0";
    const { __urn, ...olds } = inputsWith(adopting);
    const news = { eventTopicId: "topic-1", targets: [{ targetId: "target-1" }], name: "orders", __urn };
    const off = { ...context, settings: { ...context.settings, validateReferences: "off" as const } };
    await handler.check(off, { ...olds, eventTopicId: "topic-0" }, news);
    const error = await errorOf(create(adopting));
    expect(error.message).toContain("is being replaced under the name that it has");
    expect(organisation.calls).toEqual([FIND, "GET /sources/src-1"]);
  });
});

describe("a POST whose answer is lost", () => {
  test.each([0, 500, 503])("(%d) but that arrived: what is there is ours", async (status) => {
    const { create, organisation } = world(organisationWith({ createAnswer: "source" }));
    organisation.loseAnswer(/^POST/, status);
    const { id, state } = await inTime(create());
    expect(id).toBe("src-1");
    expect(state.retryCount).toBe(0);
    expect(organisation.calls.slice(0, 2)).toEqual([POST, FIND]);
    expect(organisation.calls.filter((call) => call === POST)).toHaveLength(1);
  });

  const MINUTE = 60_000;
  test.each([
    { what: "somebody set this machine's clock back", machine: -60 * MINUTE, platform: 0 },
    { what: "this machine slept, and no time elapsed", machine: 10 * MINUTE, platform: 10 * MINUTE },
  ])("but that arrived, while $what: what is there is ours", async ({ machine, platform }) => {
    const { create, organisation } = world(organisationWith({ createAnswer: "source" }));
    organisation.on(/^POST/, ({ method, path }, proceed) => {
      proceed();
      const now = Date.now();
      vi.setSystemTime(now + machine);
      organisation.clock.hear(new Date(now + platform).toUTCString());
      throw failure(503, { method, path });
    });
    expect((await inTime(create())).id).toBe("src-1");
    expect(organisation.calls.filter((call) => call === POST)).toHaveLength(1);
  });

  test("but that arrived, and whose job is still at it: no conflict, what comes of it is ours", async () => {
    const { create, organisation } = world();
    // The name is taken from the start, the source to be seen only once the job is done.
    organisation.on(/^POST/, ({ method, path }) => {
      setTimeout(() => organisation.addSource({ status: "active" }), 5_000);
      throw failure(503, { method, path });
    });
    organisation.fail(/^POST/, 409);
    const { id, state } = await inTime(create());
    expect(id).toBe("src-1");
    expect(state.retryCount).toBe(1);
    expect(organisation.sources.size).toBe(1);
  });

  test("and that did not arrive is sent again, after a pause", async () => {
    const { create, organisation } = world();
    organisation.fail(/^POST/, 503, {}, 2);
    const { state } = await inTime(create());
    expect(organisation.calls.slice(0, 5)).toEqual([POST, FIND, POST, FIND, POST]);
    expect(state.retryCount).toBe(2);
  });

  test("is sent again only after what Retry-After asks for", async () => {
    const { create, organisation } = world();
    const begun = Date.now();
    organisation.fail(/^POST/, 503, { retryAfterMs: 42_000 });
    const posted: number[] = [];
    organisation.on(/^POST/, (_, proceed) => {
      posted.push(Date.now() - begun);
      return proceed();
    });
    await inTime(create());
    expect(posted).toEqual([42_000]);
  });

  test("is not sent again past the deadline", async () => {
    const { create, organisation } = world();
    organisation.fail(/^POST/, 503, { retryAfterMs: 42_000 });
    expect(await errorOf(create({ timeouts: { create: "30s" } }))).toMatchObject({ status: 503 });
    expect(organisation.calls).toEqual([POST, FIND]);
  });

  test("and for which the look fails is told of, and found by the next run", async () => {
    const { create, organisation } = world(organisationWith({ createAnswer: "source" }));
    organisation.loseAnswer(/^POST/, 504).fail(/^GET \/sources/, 403);
    const error = await errorOf(create());
    expect(error).toMatchObject({ cause: { method: "POST", status: 504 } });
    expect(error.message).toMatch(
      /^whether EventBridge source "orders" was made is not known: POST .* was answered 504 .* The look for it failed, too: GET .* was answered 403 .* Run the same command again/,
    );
    expect((await inTime(create())).id).toBe("src-1");
    expect(organisation.calls.filter((call) => call === POST)).toHaveLength(2);
    expect(organisation.sources.size).toBe(1);
  });

  test("is sent as often as is allowed, and then the error counts", async () => {
    const { create, organisation } = world(new FakeOrganisation(), { maxRetries: 2 });
    organisation.fail(/^POST/, 503, {}, 9);
    expect(await errorOf(create())).toMatchObject({ status: 503 });
    expect(organisation.calls.filter((call) => call === POST)).toHaveLength(3);
  });

  test("where another's source bears the name is a conflict", async () => {
    const { create, organisation } = world();
    organisation.fail(/^POST/, 503);
    organisation.addSource({ source_id: "theirs", description: "theirs" });
    const error = await errorOf(create());
    expect(error.message).toContain("exists already: its id is theirs.");
    expect(error.message).toContain("503");
  });

  test.each([400, 401, 403, 404, 429])("is another matter than one that was refused (%d)", async (status) => {
    const { create, organisation } = world();
    organisation.fail(/^POST/, status);
    expect(await errorOf(create())).toMatchObject({ status });
    expect(organisation.calls).toEqual([POST]);
  });
});

test("an answer that bears neither an id nor a job is as good as lost: the source is looked for by name", async () => {
  const { create, organisation } = world(organisationWith({ createAnswer: "accepted" }));
  const error = await errorOf(create());
  expect(error.message).toContain("the answer bears neither a job nor the id of a source");
  expect(organisation.calls).toContain(FIND);
});

test("a job that the platform does not know (any more) means the same as to a refresh: nothing was made", async () => {
  const { create, organisation } = world();
  organisation.fail(/^GET \/jobs/, 404, {}, Number.POSITIVE_INFINITY);
  const error = await errorOf(create());
  expect(error).not.toHaveProperty("unfinished");
  expect(error.message).toBe(
    'EventBridge source "orders" was not made. Job job-1 is not known to Genesys Cloud (any more).',
  );
});
