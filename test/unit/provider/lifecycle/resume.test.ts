/** What a run that was killed has left, and how the next create knows its own from another's. */
import { describe, expect, test } from "vitest";
import type { CreateRecord } from "../../../../provider/src/createRecord.js";
import type { SourceInputs } from "../../../../provider/src/eventBridgeSource/model.js";
import { journalHook } from "../../../../provider/src/hooks/journalHook.js";
import { withHooks } from "../../../../provider/src/hooks/withHooks.js";
import { errorOf, fakeContext, fakeJournal, inTime, useVirtualTime } from "../support/context.js";
import { FakeOrganisation, failure } from "../support/fakeOrganisation.js";
import { createSourceHandler, entryWith, inputsWith, URN } from "../support/source.js";

useVirtualTime();

const POST = "POST /sources";
const FIND = "GET /sources?page=1&name=orders";
const GET = "GET /sources/src-1";
const posts = ({ calls }: FakeOrganisation) => calls.filter((call) => call === POST).length;

/** A machine on which processes come and go, and an organisation. */
function machine({ held, entries = [] }: { held?: boolean; entries?: CreateRecord[] } = {}) {
  const organisation = new FakeOrganisation();
  const journal = fakeJournal(entries);
  const asked: string[] = [];
  /** Ids that the stack keeps, besides. */
  const holding = new Set<string>();
  /** What creating a source comes to in a process of its own. */
  function create(inputs: Partial<SourceInputs> = {}, replaces?: string, signal?: AbortSignal) {
    const { context, lines } = fakeContext(organisation, {}, signal);
    const lookUpId = async (_: string, id: string) => {
      asked.push(id);
      return holding.has(id) || held;
    };
    Object.assign(context, { journal, stack: { ...context.stack, lookUpId } });
    const handler = createSourceHandler();
    const created = (async () => {
      if (replaces !== undefined) await handler.check(context, { name: replaces }, { ...inputs, __urn: URN });
      return withHooks(handler, [journalHook]).create(context, inputsWith(inputs));
    })();
    return { created, lines };
  }
  /** Creates a source in a process that is killed at the first request that matches, before or after it is carried out. */
  async function killedAt(pattern: RegExp, when: "before" | "after", inputs: Partial<SourceInputs> = {}) {
    const reached = new Promise<void>((resolve) => {
      organisation.on(pattern, (_, proceed) => {
        if (when === "after") proceed();
        resolve();
        return new Promise(() => {});
      });
    });
    create(inputs).created.catch(() => {});
    await inTime(reached);
    organisation.calls.length = 0;
  }
  return { organisation, journal, create, killedAt, asked, holding, entry: () => journal.entries.get(URN) };
}

describe("the journal", () => {
  test("knows of a source before the API does, of its job at once, and of what is returned to the engine", async () => {
    const { organisation, create, entry } = machine();
    const seen: (CreateRecord | undefined)[] = [];
    organisation.on(/^POST/, (_, proceed) => {
      seen.push(entry());
      return proceed();
    });
    organisation.on(/^GET \/jobs/, (_, proceed) => {
      seen.push(entry());
      return proceed();
    });
    await inTime(create().created);
    expect(seen).toEqual([
      entryWith({ postedAt: expect.any(Number) as never, until: expect.any(Number) as never }),
      entryWith({
        postedAt: expect.any(Number) as never,
        until: expect.any(Number) as never,
        jobId: "job-1",
        objectId: undefined,
      }),
    ]);
    expect(entry()).toMatchObject({ objectId: "src-1", jobId: "job-1", phase: "returned" });
  });

  test("forgets what was refused, and the job that made nothing; it keeps what is unfinished", async () => {
    const refused = machine();
    refused.organisation.fail(/^POST/, 400);
    await errorOf(refused.create().created);
    expect(refused.entry()).toBeUndefined();

    const failed = machine();
    failed.organisation.endings = [{ status: "failed" }];
    await errorOf(failed.create().created);
    expect(failed.entry()).toMatchObject({ phase: "posting", jobId: undefined, objectId: undefined });

    const slow = machine();
    slow.organisation.pending = Array(9_999).fill({ status: "running" });
    await errorOf(slow.create({ timeouts: { create: "5s" } }).created);
    expect(slow.entry()).toMatchObject({ jobId: "job-1", phase: "returned" });
  });
});

describe("what a killed process has left", () => {
  test("under a job is gone on with, without a second POST", async () => {
    const { organisation, create, killedAt } = machine();
    await killedAt(/^GET \/jobs/, "before");
    const { created, lines } = create({ description: "edited meanwhile" });
    const { id, state } = await inTime(created);
    expect(id).toBe("src-1");
    expect(state).toMatchObject({ jobId: "job-1", description: "edited meanwhile" });
    expect(posts(organisation)).toBe(0);
    expect(organisation.sources.size).toBe(1);
    expect(lines[0]).toBe(
      `info ${URN}: EventBridge source "orders" was begun by an earlier run (job job-1): this one goes on with it`,
    );
  });

  test("without an answer is known again by what was posted, also when the program has changed since", async () => {
    const { organisation, create, killedAt, asked } = machine();
    organisation.createAnswer = "source";
    await killedAt(/^POST/, "after");
    const { created, lines } = create({ description: "edited meanwhile" });
    expect(await inTime(created)).toMatchObject({ id: "src-1", state: { description: "edited meanwhile" } });
    expect(organisation.sources.size).toBe(1);
    expect(new Set(asked)).toEqual(new Set(["src-1"]));
    expect(lines).toContain(
      `info ${URN}: EventBridge source "orders" was made by an earlier run (id src-1): it is kept`,
    );
  });

  test("without an answer, twice, with the program edited in between, is known again, too", async () => {
    const { organisation, create, killedAt } = machine();
    organisation.createAnswer = "source";
    await killedAt(/^POST/, "after");
    await killedAt(/^POST/, "before", { description: "edited" });
    expect((await inTime(create({ description: "edited again" }).created)).id).toBe("src-1");
  });

  test("and somebody has imported since, as this resource or another, is not taken once more", async () => {
    const imported = machine({ held: true });
    await imported.killedAt(/^GET \/sources\/src-1/, "before");
    expect((await errorOf(imported.create().created)).message).toContain(
      "is in the stack already, or in another stack of the project (id src-1)",
    );
    expect((await inTime(imported.create({ name: "another" }).created)).id).toBe("src-2");
  });

  test("under a job whose source somebody has imported since is not taken once more", async () => {
    const { organisation, create, killedAt, asked, holding } = machine();
    await killedAt(/^GET \/jobs/, "before");
    holding.add("src-1");
    expect((await inTime(create({ name: "another" }).created)).id).toBe("src-2");
    expect(asked).toEqual(["job:job-1", "src-1"]);
    expect(organisation.sources.get("src-1")).toMatchObject({ name: "orders" });
  });

  test("under a job that tells no id is looked for by the name that was posted", async () => {
    const { organisation, create, killedAt } = machine();
    organisation.jobBearsSource = false;
    await killedAt(/^GET \/jobs/, "before");
    const { id, state } = await inTime(create({ name: "another" }).created);
    expect([id, state.name]).toEqual(["src-1", "another"]);
    expect(posts(organisation)).toBe(0);
    expect(organisation.sources.size).toBe(1);
  });

  test("under a job that tells no id, and was deleted since, is posted anew", async () => {
    const { organisation, create, killedAt } = machine();
    organisation.jobBearsSource = false;
    await killedAt(/^GET \/sources\?/, "before");
    organisation.sources.clear();
    expect((await inTime(create().created)).id).toBe("src-2");
  });

  test("and was deleted since is posted anew by a create that may take less time than reads may lag", async () => {
    const { organisation, create, killedAt } = machine();
    const timeouts = { create: "20s", update: "20s", delete: "20s" };
    await killedAt(/^GET \/sources\/src-1/, "before");
    organisation.sources.clear();
    expect((await inTime(create({ timeouts }).created)).id).toBe("src-2");
  });

  test("and whose job failed is posted anew", async () => {
    const { organisation, create, killedAt } = machine();
    organisation.endings = [{ status: "failed" }, { status: "completed" }];
    await killedAt(/^GET \/jobs/, "before");
    expect((await inTime(create().created)).state.jobId).toBe("job-2");
    expect(posts(organisation)).toBe(1);
  });

  test("and whose job failed, but made the source where nobody saw it yet, is known again", async () => {
    const { organisation, create } = machine();
    organisation.endings = [{ status: "failed" }];
    await errorOf(create().created);
    organisation.addSource();
    organisation.endings = [{ status: "completed" }];
    expect((await inTime(create().created)).id).toBe("src-1");
    expect(organisation.sources.size).toBe(1);
  });

  test("and was deleted since is posted anew", async () => {
    const { organisation, create, killedAt } = machine();
    await killedAt(/^GET \/sources\/src-1/, "before");
    organisation.sources.clear();
    expect((await inTime(create().created)).id).toBe("src-2");
    expect(organisation.sources.size).toBe(1);
  });

  test("and cannot become what is asked for now is deleted, and posted anew", async () => {
    const { organisation, create, killedAt } = machine();
    await killedAt(/^GET \/sources\/src-1/, "before");
    const { id } = await inTime(create({ eventTopicId: "topic-2", name: "another" }).created);
    expect([...organisation.sources.values()]).toEqual([
      expect.objectContaining({ source_id: id, event_topic_id: "topic-2", name: "another" }),
    ]);
  });

  test("is not looked for where this process has seen that the stack keeps a source of that resource", async () => {
    const entries = [entryWith({ objectId: "src-9", phase: "returned" })];
    const { organisation, create, asked } = machine({ entries });
    await inTime(
      create({ eventTopicId: "topic-1", targets: [{ targetId: "target-1", priority: 1 }] }, "orders").created,
    );
    expect(posts(organisation)).toBe(1);
    expect(asked).toEqual([]);
  });

  test("and was to take the place of what the stack keeps is gone on with", async () => {
    const entries = [entryWith({ objectId: "src-1", phase: "returned" })];
    const { organisation, create } = machine({ held: false, entries });
    organisation.addSource();
    const replacing = { eventTopicId: "topic-1", targets: [{ targetId: "target-1", priority: 1 }] };
    expect((await inTime(create(replacing, "older").created)).id).toBe("src-1");
    expect(posts(organisation)).toBe(0);
  });
});

describe("what was returned to the engine, which may not have taken it", () => {
  const returned = () => [entryWith({ objectId: "src-1", jobId: "job-1", phase: "returned" })];

  test("is gone on with where the stack does not keep it", async () => {
    const { organisation, create, asked } = machine({ held: false, entries: returned() });
    organisation.addSource();
    expect((await inTime(create().created)).id).toBe("src-1");
    expect(posts(organisation)).toBe(0);
    expect(asked).toEqual(["src-1"]);
  });

  test("is never taken where the stack keeps it: it is being replaced", async () => {
    const { organisation, create, entry } = machine({ held: true, entries: returned() });
    organisation.addSource();
    expect((await errorOf(create().created)).message).toBe(
      'EventBridge source "orders" is in the stack already, or in another stack of the project (id src-1), and is not taken for a new one. Where it is being replaced under the name that it has, set the option deleteBeforeReplace. Where it belongs to another resource, use another name; where that resource was given another name in the program, say so with the option aliases.',
    );
    expect(entry()).toEqual(returned()[0]);
    expect(organisation.sources.size).toBe(1);
  });

  test("and taken out of the stack, as a job in an unknown status was said to be, is posted anew", async () => {
    const entries = [entryWith({ jobId: "job-1", phase: "returned" })];
    const { organisation, create } = machine({ held: false, entries });
    organisation.on(/^GET \/jobs\/job-1/, () => ({
      status: 200,
      body: { job_id: "job-1", status: "paused" },
    }));
    expect((await inTime(create().created)).id).toBe("src-1");
    expect(posts(organisation)).toBe(1);
  });

  test("is a conflict where that cannot be told", async () => {
    const { organisation, create } = machine({ entries: returned() });
    organisation.addSource();
    expect((await errorOf(create().created)).message).toContain("exists already: its id is src-1");
  });
});

describe("an automatic name on a machine that has no journal", () => {
  const automatic = { __autonamed: true };

  test("is proof enough where the stack does not keep its source, whatever that has become", async () => {
    const { organisation, create, asked } = machine({ held: false });
    organisation.addSource({ status: "draft", description: "half made" });
    const { id, state } = await inTime(create(automatic).created);
    expect(id).toBe("src-1");
    expect(state).toMatchObject({ status: "active", description: "Managed by Pulumi" });
    expect(organisation.calls.slice(0, 3)).toEqual([POST, FIND, GET]);
    expect(asked).toEqual(["src-1"]);
  });

  test.each([true, undefined])(
    "is none where the stack keeps it, or where that cannot be told (%s)",
    async (held) => {
      const { organisation, create } = machine(held === undefined ? {} : { held });
      organisation.addSource();
      expect((await errorOf(create(automatic).created)).message).toMatch(
        /is in the stack already|exists already: its id is src-1/,
      );
      expect(organisation.sources.size).toBe(1);
    },
  );

  test("that is taken while nobody shows it is waited for: an earlier run's job is still making it", async () => {
    const { organisation, create } = machine({ held: false });
    organisation.addSource();
    organisation.on(/name=orders/, () => ({ status: 200, body: {} }), 5);
    const { created, lines } = create(automatic);
    expect((await inTime(created)).id).toBe("src-1");
    expect(lines).toContain(`status ${URN}: EventBridge source "orders" is being made by an earlier run`);
  });

  test("that becomes free while it is waited for, because the job failed, is used", async () => {
    const { organisation, create } = machine({ held: false });
    organisation.fail(/^POST/, 409, {}, 2);
    expect((await inTime(create(automatic).created)).id).toBe("src-1");
    expect(posts(organisation)).toBe(3);
  });
});

describe("another's source of a name that the program chose", () => {
  test.each<[string, Partial<CreateRecord> | undefined]>([
    ["no journal", undefined],
    ["a journal of something else that was posted", { fingerprints: ["another"] }],
    ["a journal of another source", { objectId: "src-9", phase: "returned" }],
    ["a journal that is younger than the source by far", { postedAt: Date.parse("2031-01-01") }],
  ])("with %s is a conflict, and the journal stays as it was", async (_, more) => {
    const before = more === undefined ? [] : [entryWith(more)];
    const { organisation, create, entry } = machine({ entries: before });
    organisation.addSource();
    expect((await errorOf(create().created)).message).toContain("exists already: its id is src-1");
    expect(entry()).toEqual(before[0]);
    expect(organisation.sources.size).toBe(1);
  });

  test("is not taken for what a lost POST has made, though it is the same: it was there before", async () => {
    const { organisation, create, entry } = machine({ held: false });
    organisation.addSource({ date_created: "2029-12-31T00:00:00Z" });
    organisation.fail(/^POST/, 503);
    expect((await errorOf(create().created)).message).toContain("exists already: its id is src-1");
    expect(entry()).toBeUndefined();
  });

  test.each<[string, Partial<CreateRecord>]>([
    ["made later than what was posted can have been", { until: Date.parse("2029-12-31") }],
    ["which the stack had, and has let go of", { phase: "stored", objectId: "src-1" }],
  ])("%s is not ours any more", async (_, more) => {
    const { organisation, create } = machine({ held: false, entries: [entryWith({ postedAt: 0, ...more })] });
    organisation.addSource();
    expect((await errorOf(create().created)).message).toContain("exists already: its id is src-1");
  });

  test("is not taken for what a job has made that failed because of it", async () => {
    const { organisation, create } = machine({ held: false });
    organisation.endings = [{ status: "failed", error: { code: "name.already.exists" } }];
    organisation.on(/^GET \/jobs/, (_, proceed) => {
      const answer = proceed();
      organisation.addSource({ source_id: "theirs" });
      return answer;
    });
    expect((await errorOf(create().created)).message).toContain("Job job-1 failed: name.already.exists");
  });

  test("is not taken for what a failed job has made: it came later", async () => {
    const { organisation, create } = machine({ held: false });
    organisation.endings = [{ status: "failed", date_completed: "2030-01-01T00:00:00Z" }];
    organisation.on(/name=orders/, (_, proceed) => {
      organisation.addSource({ source_id: "theirs", date_created: "2030-01-01T00:01:00Z" });
      return proceed();
    });
    expect((await errorOf(create().created)).message).toContain("Job job-1 failed");
  });
});

test("what a failed job has made, and what goes while reads catch up, is not there", async () => {
  const { organisation, create } = machine({ held: false });
  organisation.endings = [{ status: "failed" }];
  organisation.on(/name=orders/, (_, proceed) => {
    organisation.addSource();
    return proceed();
  });
  organisation.on(/^GET .sources.src-1/, (_, proceed) => {
    const answer = proceed();
    organisation.sources.clear();
    return answer;
  });
  expect((await errorOf(create().created)).message).toContain("was not made. Job job-1 failed");
});

test("what a lost POST seems to have made but the stack keeps is the one that is being replaced", async () => {
  const { organisation, create } = machine({ held: true });
  organisation.addSource();
  organisation.fail(/^POST/, 503);
  expect((await errorOf(create().created)).message).toContain(
    "is in the stack already, or in another stack of the project (id src-1)",
  );
});

test("a POST whose answer is lost and whose source nobody shows yet stays in the journal", async () => {
  const { organisation, create, entry } = machine({ held: false });
  organisation.pending = Array(9_999).fill({ status: "running" });
  organisation.on(/^POST/, (_, proceed) => {
    proceed();
    throw failure(0, { code: "network.reset" });
  });
  organisation.fail(/^POST/, 409, {}, 99);
  await errorOf(create({ timeouts: { create: "10s" } }).created);
  expect(entry()).toMatchObject({ name: "orders", fingerprints: [expect.any(String)] });
  organisation.addSource();
  expect((await inTime(create().created)).id).toBe("src-1");
});

test("a POST under another name whose answer was never seen is looked for by that name", async () => {
  const { organisation, create, killedAt } = machine({ held: false });
  organisation.createAnswer = "source";
  await killedAt(/^POST/, "after");
  const { id, state } = await inTime(create({ name: "another" }).created);
  expect([id, state.name]).toEqual(["src-1", "another"]);
  expect(organisation.sources.size).toBe(1);
});

test("a source that an earlier run has posted, and that no update makes what is asked for now, makes room", async () => {
  const { organisation, create, killedAt } = machine({ held: false });
  organisation.createAnswer = "source";
  await killedAt(/^POST/, "after");
  const { created, lines } = create({ eventTopicId: "topic-2" });
  expect(await inTime(created)).toMatchObject({ id: "src-2", state: { eventTopicId: "topic-2" } });
  expect([...organisation.sources.keys()]).toEqual(["src-2"]);
  expect(lines).toContain(
    `info ${URN}: EventBridge source "orders" was made by an earlier run (id src-1), and makes room: its eventTopicId is not the one that the program asks for`,
  );
});

test("with the engine gone nothing is returned to it", async () => {
  const { organisation, create, entry } = machine();
  const gone = new AbortController();
  organisation.on(/^GET \/jobs/, (_, proceed) => {
    gone.abort();
    return proceed();
  });
  await errorOf(create({}, undefined, gone.signal).created);
  expect(entry()).toMatchObject({ jobId: "job-1", phase: "accepted" });
});
