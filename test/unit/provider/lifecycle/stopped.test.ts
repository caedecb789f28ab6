/**
 * A run that is to stop in the middle of a wait. What was not seen until then is neither gone nor not made: the step
 * fails, and says that it was stopped.
 */
import { describe, expect, test } from "vitest";
import { journalHook } from "../../../../provider/src/hooks/journalHook.js";
import { withHooks } from "../../../../provider/src/hooks/withHooks.js";
import { errorOf, fakeContext, inTime, useVirtualTime } from "../support/context.js";
import { FakeOrganisation } from "../support/fakeOrganisation.js";
import { createSourceHandler, entryWith, inputsWith, stateWith, URN } from "../support/source.js";
import { unfinished } from "../support/world.js";

useVirtualTime();

const GET = /^GET \/sources\/src-1/;
const FIND = /name=/;

/** A run that is stopped just as the answer to a request comes. */
function world(more: Partial<FakeOrganisation> = {}) {
  const organisation = Object.assign(new FakeOrganisation(), more);
  const stop = new AbortController();
  const { context, lines } = fakeContext(organisation, {}, stop.signal);
  const handler = withHooks(createSourceHandler(), [journalHook]);
  /** @param number of the request, from the first of its kind on. */
  const stopAt = (pattern: RegExp, number = 1) => {
    let requests = 0;
    organisation.on(
      pattern,
      (_, proceed) => {
        requests += 1;
        if (requests === number) stop.abort();
        return proceed();
      },
      number,
    );
  };
  return { organisation, context, lines, handler, stopAt };
}

/** A job that was over long ago. No list shows what it has made. */
function withJob(status: string, organisation: FakeOrganisation): void {
  const at = new Date(Date.now() - 3_600_000).toISOString();
  organisation.jobs.set("job-1", { shows: [{ status, date_created: at, date_completed: at }] });
}

const stoppedIn = async (step: Promise<unknown>) => {
  const error = await errorOf(step);
  expect(error.message).toContain("The run was stopped before it was seen");
  return error;
};

describe("what is not shown yet is not gone", () => {
  test("for a refresh of what was made just now: its record is kept", async () => {
    const { context, handler, stopAt } = world();
    // The list was asked for already: nothing is left to ask.
    expect(await inTime(handler.read(context, "src-9", stateWith({ sourceId: "src-9" })))).toBeUndefined();
    const record = entryWith({ objectId: "src-1", phase: "returned" });
    await context.journal.write(record);
    stopAt(GET);
    await stoppedIn(handler.read(context, "src-1", stateWith({ __madeAt: Date.now() })));
    expect(await context.journal.find(URN)).toEqual(record);
  });

  test("for a refresh through another access token: which organisation that leads to is not known yet", async () => {
    const { handler, context, stopAt } = world();
    expect(await inTime(handler.read(context, "src-9", stateWith({ sourceId: "src-9" })))).toBeUndefined();
    stopAt(GET);
    const state = stateWith({ __through: "token:another", __inOrganization: "org-1" });
    const error = await errorOf(handler.read(context, "src-1", state));
    expect(error.message).toContain("/api/v2/organizations/me");
  });

  test("for a refresh of what a job has made", async () => {
    const { organisation, context, handler, stopAt } = world();
    withJob("completed", organisation);
    stopAt(FIND);
    await stoppedIn(handler.read(context, "job:job-1", unfinished()));
  });

  test("for a refresh of what a job may have made that failed just now", async () => {
    const { organisation, context, handler, stopAt } = world();
    organisation.jobs.set("job-1", { shows: [{ status: "failed" }] });
    stopAt(FIND);
    await stoppedIn(handler.read(context, "job:job-1", unfinished()));
  });

  test("for a destroy of what a job has made: its record is kept", async () => {
    const { organisation, context, lines, handler, stopAt } = world();
    const record = entryWith({ jobId: "job-1", phase: "returned" });
    await context.journal.write(record);
    withJob("completed", organisation);
    stopAt(FIND);
    await stoppedIn(handler.delete(context, "job:job-1", unfinished()));
    expect(lines).toEqual([]);
    expect(await context.journal.find(URN)).toEqual(record);
  });

  test("for a create that goes on with it: its id is kept", async () => {
    const { context, handler, stopAt } = world();
    stopAt(GET);
    const olds = unfinished({ sourceId: "src-1", jobId: undefined });
    const error = await stoppedIn(handler.update(context, "src-1", olds, inputsWith()));
    expect(error).toHaveProperty("unfinished");
    expect(error).toMatchObject({ id: "src-1", state: { sourceId: "src-1" } });
  });

  test("for a create whose program had another name before: its record stays where it is", async () => {
    const { context, handler, stopAt, lines } = world();
    await context.journal.write(entryWith({ name: "before" }));
    stopAt(FIND);
    await stoppedIn(handler.create(context, inputsWith()));
    expect((await context.journal.all()).map(({ name }) => name)).toEqual(["before"]);
    expect(lines).toEqual([]);
  });
});

describe("what is still there need not stay", () => {
  test("where its job failed", async () => {
    const { organisation, context, handler, stopAt } = world();
    organisation.addSource();
    withJob("failed", organisation);
    stopAt(GET, 2);
    await stoppedIn(handler.update(context, "job:job-1", unfinished({ sourceId: "src-1" }), inputsWith()));
  });

  test("where it was deleted", async () => {
    const { organisation, context, handler, stopAt } = world();
    organisation.addSource();
    organisation.on(/^DELETE/, () => ({ status: 204, body: {} }));
    stopAt(GET, 2);
    await stoppedIn(handler.delete(context, "src-1", stateWith()));
  });
});

describe("what is shown need not be how it stands", () => {
  test("where no read shows a change yet", async () => {
    const { organisation, context, handler, stopAt } = world({ changeAnswer: "empty" });
    organisation.addSource();
    organisation.on(/^PUT/, () => ({ status: 204, body: {} }));
    stopAt(GET);
    await stoppedIn(handler.update(context, "src-1", stateWith(), inputsWith({ description: "new" })));
  });

  test("where it is not yet what was asked for", async () => {
    const { organisation, context, handler, stopAt } = world({ createAnswer: "source" });
    organisation.keeps = (sent) => ({ ...sent, status: "draft" });
    organisation.statusOnceMade = "draft";
    stopAt(GET, 2);
    await stoppedIn(handler.create(context, inputsWith()));
  });

  test("where a read lags behind what the state knows", async () => {
    const { organisation, context, handler, stopAt } = world();
    organisation.addSource({ version: 1, description: "of yesterday" });
    stopAt(GET, 2);
    await stoppedIn(handler.read(context, "src-1", stateWith({ version: 2 })));
  });
});
