/** What a refresh finds of a source, and the only grounds on which the state lets go of one. */
import { describe, expect, test } from "vitest";
import type { SourceState } from "../../../../provider/src/eventBridgeSource/model.js";
import { errorOf, fakeContext, inTime, useVirtualTime } from "../support/context.js";
import { FakeOrganisation } from "../support/fakeOrganisation.js";
import { ARGS, createSourceHandler, entryWith, inputsWith, stateWith, URN } from "../support/source.js";
import { FORMS, unfinished } from "../support/world.js";

useVirtualTime();

const GET = "GET /sources/src-1";
const GET_ONE = /^GET \/sources\/src-1/;
const FIND = "GET /sources?page=1&name=orders";

function world() {
  const organisation = new FakeOrganisation();
  const { context, lines } = fakeContext(organisation);
  const handler = createSourceHandler();
  const read = (id: string, state?: SourceState) => inTime(handler.read(context, id, state));
  return { organisation, context, lines, handler, read };
}

test("a source is read by one call; inputs and outputs are told apart", async () => {
  const { organisation, read } = world();
  organisation.addSource({ description: "drifted", version: 3 });
  const known = stateWith({ jobId: "job-1", latencySeconds: 2, retryCount: 1, timeouts: { create: "1m" } });
  const found = await read("src-1", known);
  expect(organisation.calls).toEqual([GET]);
  const inputs = { ...inputsWith({ description: "drifted" }), timeouts: { create: "1m" } };
  expect(found).toStrictEqual({
    id: "src-1",
    inputs,
    state: {
      ...inputs,
      sourceId: "src-1",
      version: 3,
      jobId: "job-1",
      latencySeconds: 2,
      retryCount: 1,
      dateCreated: "2030-01-01T00:00:00Z",
      dateModified: "2030-01-01T00:00:00Z",
      selfUri: "/api/v2/eventbridge/sources/src-1",
    },
  });
});

test("an existing source of which nothing is known is read by its id", async () => {
  const { organisation, read } = world();
  organisation.addSource({ webhook_url: "https://h.example" });
  const found = await read("src-1");
  const { __urn, ...inputs } = inputsWith({ webhookUrl: "https://h.example" });
  expect(found?.inputs).toStrictEqual(inputs);
  expect(found?.state).toMatchObject({ sourceId: "src-1", webhookUrl: "https://h.example" });
});

test("an address of 40 kB that somebody has set is kept, gets no notices, and is said once, without it", async () => {
  const { organisation, context, lines, handler, read } = world();
  const address = `https://hooks.example/${"planted-".repeat(5_000)}`;
  organisation.addSource({ webhook_url: address });
  const found = await read("src-1", stateWith());
  // It is a difference, which the next update puts right.
  expect(found?.state.webhookUrl).toBe(address);
  expect(handler.diff(found?.state as SourceState, inputsWith()).inputs).toBe(true);
  expect(handler.summary(found?.state as SourceState)).toMatchObject({ webhookUrl: undefined });
  expect(lines).toEqual([
    `warn ${URN}: the webhook address that EventBridge source "orders" has in the organisation gets no notices: it must be an http or https address of at most 2048 characters (its value is secret and not shown). "pulumi up" sets the program's`,
  ]);
  const checked = await handler.check(context, undefined, { ...ARGS, webhookUrl: address });
  expect(checked).toEqual({
    problems: [
      { path: "webhookUrl", reason: expect.stringMatching(/^must be .* of at most 2048 characters/) },
    ],
  });
});

test("of a source that was only just made, not found may mean not yet", async () => {
  const { organisation, read } = world();
  organisation.addSource();
  organisation.fail(GET_ONE, 404, {}, 3);
  expect((await read("src-1", stateWith({ __unfinished: "why" })))?.id).toBe("src-1");
  organisation.sources.clear();
  expect(await read("src-1", stateWith({ __unfinished: "why" }))).toBeUndefined();
});

test.each([{ message: "welcome to the gateway" }, { name: "orders" }])(
  "an answer that is no source is an error, not a source without fields: %j",
  async (body) => {
    const { organisation, handler, context } = world();
    organisation.on(GET_ONE, () => ({ status: 200, body }));
    expect(await errorOf(handler.read(context, "src-1", stateWith()))).toMatchObject({
      code: "answer.malformed",
    });
  },
);

test("what somebody deleted is forgotten by the journal, so that a create does not look for it", async () => {
  const { organisation, context, read } = world();
  const entry = entryWith({ objectId: "src-1", phase: "returned" });
  await context.journal.write(entry);
  organisation.fail(GET_ONE, 403);
  await read("src-1", stateWith()).catch(() => {});
  expect(await context.journal.find(URN)).toEqual(entry);
  await read("src-1", stateWith());
  expect(await context.journal.find(URN)).toBeUndefined();
});

test("only a 404 means gone", async () => {
  const { organisation, handler, context, read } = world();
  expect(await read("src-1", stateWith())).toBeUndefined();
  expect(await read("src-1")).toBeUndefined();
  for (const status of [401, 403, 500, 0]) {
    organisation.fail(/^GET/, status);
    expect(await errorOf(handler.read(context, "src-1", stateWith()))).toMatchObject({ status });
  }
});

test.each<[string, { webhook_url?: string | null }, boolean, string | undefined]>([
  ["another one", { webhook_url: "https://other" }, true, "https://other"],
  ["null: it was removed", { webhook_url: null }, true, undefined],
  ["left out: the server keeps it to itself", { webhook_url: "https://other" }, false, "https://known"],
])("a webhook address that is %s", async (_, source, shown, expected) => {
  const { organisation, read } = world();
  organisation.addSource(source);
  organisation.showsWebhook = shown;
  const found = await read("src-1", stateWith({ webhookUrl: "https://known" }));
  expect(found?.state.webhookUrl).toBe(expected);
  expect(found?.inputs.webhookUrl).toBe(expected);
  expect("webhookUrl" in (found?.inputs ?? {})).toBe(expected !== undefined);
});

describe.each(FORMS)("a resource that is called after its job, as its state tells %s", (_form, inForm) => {
  const begun = { postedAt: Date.parse("2029-12-31T23:59:00Z") };
  const known = inForm(unfinished({ __unfinished: "why" }, begun));

  test.each(["queued", "running"])("stays as it is while the job is %s", async (status) => {
    const { organisation, read } = world();
    organisation.jobs.set("job-1", { shows: [{ status }] });
    const found = await read("job:job-1", known);
    expect(organisation.calls).toEqual(["GET /jobs/job-1"]);
    expect(found).toEqual({ id: "job:job-1", state: known, inputs: inputsWith() });
  });

  test("becomes the source once the job is over, and remembers that it is unfinished", async () => {
    const { organisation, read } = world();
    organisation.jobs.set("job-1", { shows: [{ status: "completed", source_id: "src-1" }] });
    organisation.addSource({ status: "draft" });
    const found = await read("job:job-1", known);
    expect(organisation.calls).toEqual(["GET /jobs/job-1", GET]);
    expect(found).toMatchObject({ id: "src-1", state: { sourceId: "src-1", __unfinished: "why" } });
  });

  test("is found by its name where the job does not tell", async () => {
    const { organisation, read } = world();
    organisation.jobs.set("job-1", { shows: [{ status: "active", source_id: null }] });
    organisation.addSource({ description: "drifted" });
    expect((await read("job:job-1", known))?.id).toBe("src-1");
    expect(organisation.calls).toEqual(["GET /jobs/job-1", FIND, GET]);
  });

  test("is gone when the job failed and made nothing", async () => {
    const { organisation, read } = world();
    organisation.jobs.set("job-1", { shows: [{ status: "failed" }] });
    expect(await read("job:job-1", known)).toBeUndefined();
  });

  test.each(["failed", "forgotten"])(
    "is found by its name, the job %s, where it is what was sent",
    async (job) => {
      const { organisation, read } = world();
      if (job === "failed") organisation.jobs.set("job-1", { shows: [{ status: "failed" }] });
      organisation.addSource({ status: "draft" });
      expect((await read("job:job-1", known))?.id).toBe("src-1");
    },
  );

  test.each(["failed", "forgotten"])("is not another's source of that name, the job %s", async (job) => {
    const { organisation, read } = world();
    if (job === "failed") organisation.jobs.set("job-1", { shows: [{ status: "failed" }] });
    organisation.addSource({ description: "theirs" });
    expect(await read("job:job-1", known)).toBeUndefined();
  });

  test("asks for the job of the state: the resource's id may be that of an older one", async () => {
    const { organisation, read } = world();
    organisation.jobs.set("job-1", { shows: [{ status: "failed" }] });
    organisation.jobs.set("job-2", { shows: [{ status: "running" }] });
    const state = inForm(unfinished({ jobId: "job-2" }, begun));
    expect(await read("job:job-1", state)).toMatchObject({ id: "job:job-1", state });
    expect(organisation.calls).toEqual(["GET /jobs/job-2"]);
  });

  test("is kept while its job is in a status that is unknown, and fails when it must not ask", async () => {
    const { organisation, handler, context, read } = world();
    organisation.jobs.set("job-1", { shows: [{ status: "paused" }] });
    expect(await read("job:job-1", known)).toMatchObject({ id: "job:job-1", state: known });
    organisation.fail(/jobs/, 403);
    expect(await errorOf(handler.read(context, "job:job-1", known))).toMatchObject({ status: 403 });
  });

  test("without a state, is none while there is nothing but a job", async () => {
    const { organisation, read } = world();
    organisation.jobs.set("job-1", { shows: [{ status: "running" }] });
    expect(await read("job:job-1")).toBeUndefined();
  });
});

test("a state is told from bare arguments by its outputs", () => {
  const { handler } = world();
  expect(handler.isState({ sourceId: "src-1" })).toBe(true);
  expect(handler.isState({ jobId: "job-1" })).toBe(true);
  expect(handler.isState({ name: "n", targets: [] })).toBe(false);
  expect(handler.secrets).toEqual(["webhookUrl", "__asked"]);
  expect(handler.kind).toBe("EventBridge source");
});

test("a source that is not there yet, because its job is at work, is not gone, although its id is known", async () => {
  const { organisation, read } = world();
  organisation.jobs.set("job-1", { shows: [{ status: "running" }] });
  const known = stateWith({ jobId: "job-1", __unfinished: "time-out" });
  expect(await read("src-1", known)).toMatchObject({ id: "src-1", state: known });
  expect(organisation.calls).toEqual(["GET /jobs/job-1"]);
});

test("a read that lags behind, and then none, is waited for: what was made just now is not gone", async () => {
  const { organisation, context, read } = world();
  organisation.addSource({ version: 2 });
  organisation.on(GET_ONE, (_, proceed) => {
    const answer = proceed();
    return { ...answer, body: { ...answer.body, version: 1 } };
  });
  organisation.fail(GET_ONE, 404);
  await context.journal.write(entryWith({ objectId: "src-1", phase: "stored" }));
  const known = stateWith({ version: 2, __madeAt: Date.now() });
  expect(await read("src-1", known)).toMatchObject({ id: "src-1", state: { version: 2 } });
  expect(await context.journal.find(URN)).toMatchObject({ objectId: "src-1" });
});

test("the stack is told what was read of its own: a name, or that it is gone", async () => {
  const { context, organisation, read } = world();
  const told: unknown[] = [];
  context.stack.hasRead = (...what) => void told.push(what);
  expect(await read("src-1", stateWith())).toBeUndefined();
  expect(await read("job:job-1", unfinished())).toBeUndefined();
  organisation.addSource({ name: "by hand" });
  await read("src-1", stateWith());
  await read("src-1");
  expect(told).toEqual([
    ["src-1", undefined],
    ["job:job-1", undefined],
    ["src-1", "by hand"],
  ]);
});

test("an answer that is about another source tells nothing of this one", async () => {
  const { organisation, read } = world();
  organisation.addSource();
  organisation.on(GET_ONE, (_, proceed) => {
    const answer = proceed();
    return { ...answer, body: { ...answer.body, source_id: "src-2" } };
  });
  const error = await errorOf(read("src-1", stateWith()));
  expect(error.message).toContain("the answer is about another source");
});
