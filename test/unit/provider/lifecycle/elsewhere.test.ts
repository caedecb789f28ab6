/** What is not found under another organisation's settings is not gone: the step fails and names both places. */
import { expect, test } from "vitest";
import type { SourceState } from "../../../../provider/src/eventBridgeSource/model.js";
import type { Context } from "../../../../provider/src/resourceHandler.js";
import { done, errorOf, fakeContext, inTime, stateAfter, useVirtualTime } from "../support/context.js";
import { FakeOrganisation } from "../support/fakeOrganisation.js";
import { inputsWith, stateWith } from "../support/source.js";
import { type Run, unfinished, world } from "../support/world.js";

useVirtualTime();

const THERE = { __host: "mypurecloud.ie" };
const HERE = { __host: "mypurecloud.de" };

type Step = (run: Run, state: SourceState) => Promise<unknown>;
const read: Step = ({ handler, context }, state) =>
  handler.read(context, state.sourceId ?? "job:job-1", state);
const update: Step = ({ handler, context }, state) =>
  stateAfter(
    handler.update(context, state.sourceId ?? "job:job-1", state, inputsWith({ description: "new" })),
  );
const remove: Step = ({ handler, context }, state) =>
  handler.delete(context, state.sourceId ?? "job:job-1", state);

test.each<[string, Step, SourceState]>([
  ["a refresh", read, stateWith(THERE)],
  ["a refresh of what is in the making", read, unfinished(THERE)],
  ["an update", update, stateWith(THERE)],
  ["an update that goes on with a create", update, unfinished(THERE)],
  [
    "an update that goes on with a source",
    update,
    unfinished({ ...THERE, jobId: undefined, sourceId: "src-1" }),
  ],
  ["an update that goes on with a job and its source", update, unfinished({ ...THERE, sourceId: "src-1" })],
  ["a delete", remove, stateWith(THERE)],
  ["a delete of what is in the making", remove, unfinished(THERE)],
])(
  "%s in another organisation forgets nothing, makes nothing, and names both places",
  async (_, step, state) => {
    const { organisation, run } = world();
    const error = await errorOf(step(run(), state));
    expect(error.message).toMatch(
      /EventBridge source "orders" \((id src-1|job job-1)\) is not found at mypurecloud\.de: it was made or changed at mypurecloud\.ie, and stays .*genesyscloud:region.*"pulumi state delete"/,
    );
    expect(organisation.calls.filter((call) => call.startsWith("POST"))).toEqual([]);
    // What the engine keeps of it still says where it is.
    if (error.state !== undefined) expect(error.state).toMatchObject(THERE);
  },
);

test.each<[string, Step]>([
  ["a refresh", read],
  ["an update", update],
  ["a delete", remove],
])(
  "%s of what is in the making does not take another organisation's source of that name for it",
  async (_, step) => {
    const { organisation, run } = world();
    const theirs = structuredClone(organisation.addSource());
    await errorOf(step(run(), unfinished(THERE, { postedAt: Date.now() - 1_000 })));
    expect(organisation.sources.get("src-1")).toEqual(theirs);
  },
);

test.each<[string, Partial<SourceState>]>([
  ["whose job is known", {}],
  ["whose job is forgotten, and whose source is there", { jobId: "job-0", sourceId: "src-1" }],
])("a create %s is gone on with, whatever way leads to it", async (_, more) => {
  const { organisation, run } = world();
  organisation.jobs.set("job-1", { shows: [{ status: "completed", source_id: "src-1" }] });
  organisation.addSource({ source_id: "src-1" });
  expect(await inTime(update(run(), unfinished({ ...THERE, ...more })))).toMatchObject({
    sourceId: "src-1",
    ...HERE,
  });
  expect(organisation.calls.filter((call) => call.startsWith("POST"))).toEqual([]);
});

test.each([
  ["which says that it was here", HERE],
  ["which does not say where it was", {}],
])("what is gone, and of a state %s, is gone", async (_, where) => {
  const { run } = world();
  expect(await inTime(read(run(), stateWith(where)))).toBeUndefined();
  expect(await inTime(remove(run(), stateWith(where)))).toBe("deleted");
});

test("what is found is the stack's, whatever way leads to it: a gateway may stand before the region", async () => {
  const { organisation, run } = world();
  organisation.addSource();
  expect(await inTime(read(run(), stateWith(THERE)))).toMatchObject({ id: "src-1", state: THERE });
  expect(await inTime(update(run(), stateWith(THERE)))).toMatchObject(HERE);
  expect(await inTime(remove(run(), stateWith(THERE)))).toBe("deleted");
  expect(organisation.sources.size).toBe(0);
});

test("a state says where its source is: the gateway's host where there is one", async () => {
  const { handler } = world().run();
  const gateway = { protocol: "https", host: "gw.example.com", loginPath: "", apiPath: "" } as const;
  const organisation = new FakeOrganisation();
  const made = async (context: Context) => (await inTime(done(handler.create(context, inputsWith())))).state;
  expect(await made(fakeContext(organisation).context)).toMatchObject(HERE);
  organisation.sources.clear();
  const { context } = fakeContext(organisation, { gateway });
  expect(await made(context)).toMatchObject({ __host: "gw.example.com" });
});

test("a refresh adds nothing to a state that does not say where it is", async () => {
  const { organisation, run } = world();
  organisation.addSource();
  const found = (await inTime(read(run(), stateWith()))) as { state: object };
  expect(found.state).not.toHaveProperty("__host");
});
