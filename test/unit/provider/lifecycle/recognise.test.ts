/** Where ownership is hard to tell: adopted sources, look-alikes of a later day, and names posted earlier. */
import { describe, expect, test } from "vitest";
import type { CreateRecord } from "../../../../provider/src/createRecord.js";
import { checkCreates } from "../../../../provider/src/doctor/creates.js";
import { SOURCE } from "../../../../provider/src/eventBridgeSource/kind.js";
import type { SourceInputs } from "../../../../provider/src/eventBridgeSource/model.js";
import type { WireSource } from "../../../../provider/src/eventBridgeSource/wire.js";
import { fingerprintOf } from "../../../../provider/src/lifecycle/recognise.js";
import { done, errorOf, inTime, stateAfter, useVirtualTime } from "../support/context.js";
import { entryWith, inputsWith, stateWith, URN } from "../support/source.js";
import { FORMS, now, passes, unfinished, world } from "../support/world.js";

useVirtualTime();

const HOUR = 3_600_000;
const at = (time: number): string => new Date(time).toISOString();

describe("what was adopted although a POST of its name had never arrived, and the engine has lost,", () => {
  /** The run that adopts it is killed before the engine writes that down; the next one asks for something else. */
  async function afterwards(first: Partial<SourceInputs>, then: Partial<SourceInputs>) {
    const { organisation, run, entry } = world([entryWith({ until: Date.now() + 600_000 })]);
    const theirs = organisation.addSource({ source_id: "theirs", date_created: "2029-01-01T00:00:00Z" });
    const before = structuredClone(theirs);
    const one = run();
    await inTime(done(one.handler.create(one.context, inputsWith(first))));
    expect(entry()).toMatchObject({ objectId: "theirs", phase: "stored" });
    const two = run();
    await inTime(done(two.handler.create(two.context, inputsWith(then))).catch(() => {}));
    return { before, after: organisation.sources.get("theirs") };
  }

  test.each<[string, Partial<SourceInputs>, Partial<SourceInputs>]>([
    ["adopted, and asked for with another topic", { onConflict: "adopt" }, { eventTopicId: "topic-2" }],
    ["imported, and asked for with another topic", { __import: "theirs" }, { eventTopicId: "topic-2" }],
    ["adopted, and asked for under another name", { onConflict: "adopt" }, { name: "mine" }],
  ])("%s, is another's", async (_, first, then) => {
    const { before, after } = await afterwards(first, then);
    expect(after).toEqual(before);
  });

  test("after a job that failed, too", async () => {
    const { organisation, run } = world();
    organisation.endings = [{ status: "failed", error: { code: "no.capacity" } }, { status: "completed" }];
    const zero = run();
    await errorOf(zero.handler.create(zero.context, inputsWith()));
    await passes(HOUR);
    const theirs = structuredClone(organisation.addSource({ source_id: "theirs" }));
    const one = run();
    await inTime(done(one.handler.create(one.context, inputsWith({ __import: "theirs" }))));
    const two = run();
    const news = inputsWith({ eventTopicId: "topic-2", name: "mine" });
    await inTime(done(two.handler.create(two.context, news)));
    expect(organisation.sources.get("theirs")).toEqual(theirs);
  });
});

describe.each(FORMS)(
  "a source of that name and content which was made long after what a state tells of %s",
  (_form, inForm) => {
    const DAY = 24 * HOUR;
    const times = () => ({ postedAt: Date.now() - DAY - HOUR, until: Date.now() - DAY });
    const state = () => inForm(unfinished({}, times()));
    function later() {
      const made = world();
      made.organisation.addSource({ source_id: "theirs", date_created: at(Date.now() - HOUR) });
      return made;
    }

    test.each([
      ["its job is forgotten", undefined],
      ["its failed job does not tell when it was over", { status: "failed" }],
    ])("is left alone by a destroy, and not taken by a refresh, where %s", async (_, job) => {
      const { organisation, run } = later();
      if (job !== undefined) organisation.jobs.set("job-1", { shows: [job] });
      const { handler, context } = run(["job:job-1"]);
      expect(await inTime(handler.read(context, "job:job-1", state()))).toBeUndefined();
      expect(await inTime(handler.delete(context, "job:job-1", state()))).toBe("deleted");
      expect([...organisation.sources.keys()]).toEqual(["theirs"]);
    });

    test("is not taken by a create that goes on with what the journal tells", async () => {
      const { journal, run } = later();
      await journal.write(entryWith({ jobId: "job-1", ...times() }));
      const { handler, context } = run();
      const error = await errorOf(handler.create(context, inputsWith()));
      expect(error.message).toContain("exists already: its id is theirs");
    });

    test("is what is looked for, where its job was at work until then", async () => {
      const { organisation, run } = world();
      const posted = state();
      const { handler, context } = run(["job:job-1"]);
      organisation.jobs.set("job-1", { shows: [{ status: "running" }] });
      const news = inputsWith({ timeouts: { create: "30s" } });
      const { state: known } = await errorOf(handler.update(context, "job:job-1", posted, news));
      expect(known.__create.until).toBeGreaterThan(Date.now());
      organisation.addSource({ source_id: "late", date_created: now() });
      organisation.jobs.delete("job-1");
      const next = run(["job:job-1"]);
      const unfinishedYet = { ...known, __unfinished: "job job-1 was not over" };
      expect(await inTime(next.handler.read(next.context, "job:job-1", unfinishedYet))).toMatchObject({
        id: "late",
      });
    });
  },
);

test("what a killed run has left in the state, and later ones have seen there, was let go of when it is there no more", async () => {
  const { organisation, run } = world();
  const first = run();
  await inTime(done(first.handler.create(first.context, inputsWith())));
  const second = run(["src-1"]);
  const about = { id: "src-1", state: stateWith(), urn: URN, isReplaced: false };
  await second.handler.inState?.(second.context, about);
  // "pulumi state move" to another stack, which changes it; and its name is used here again.
  Object.assign(organisation.sources.get("src-1") as WireSource, { description: "the other stack's" });
  const third = run();
  const error = await errorOf(third.handler.create(third.context, inputsWith()));
  expect(error.message).toContain("exists already: its id is src-1");
  expect(organisation.sources.get("src-1")).toMatchObject({ description: "the other stack's" });
});

test("of two resources that would adopt the same source at the same time one does, and nothing is kept of the other", async () => {
  const { organisation, run } = world();
  organisation.addSource({ source_id: "found" });
  const { handler, context } = run();
  const adopt = (urn: string, description: string) =>
    handler
      .create(context, inputsWith({ __urn: urn, onConflict: "adopt", description }))
      .catch((error) => error);
  const [one, two] = await inTime(Promise.all([adopt(`${URN}-a`, "a's"), adopt(`${URN}-b`, "b's")]));
  expect(one).toMatchObject({ id: "found", state: { description: "a's" } });
  expect(two.message).toContain("is in the stack already, or in another stack of the project (id found)");
  expect(two).not.toHaveProperty("id");
});

describe("where an API keeps addresses to itself, what was met there gets the program's address", () => {
  const webhookUrl = "https://h.example/secret";
  function hidden(...entries: Parameters<typeof world>[0] & object) {
    const made = world(entries);
    made.organisation.showsWebhook = false;
    made.organisation.addSource({ source_id: "found" });
    return made;
  }
  const addressOf = ({ organisation }: ReturnType<typeof world>) =>
    organisation.sources.get("found")?.webhook_url;

  test.each<[string, Partial<SourceInputs>]>([
    ["an adopted one", { onConflict: "adopt" }],
    ["what an earlier run has made", { __autonamed: true }],
  ])("%s", async (_, more) => {
    const made = hidden();
    const { handler, context } = made.run();
    const created = await inTime(done(handler.create(context, inputsWith({ webhookUrl, ...more }))));
    expect(created).toMatchObject({ id: "found", state: { webhookUrl } });
    expect(addressOf(made)).toBe(webhookUrl);
  });

  test("an adopted one that had another, and is to have none", async () => {
    const made = hidden();
    Object.assign(made.organisation.sources.get("found") as WireSource, {
      webhook_url: "https://theirs.example",
    });
    const { handler, context } = made.run();
    await inTime(done(handler.create(context, inputsWith({ onConflict: "adopt" }))));
    expect(addressOf(made)).toBeNull();
  });

  test("what the journal alone knows of", async () => {
    const made = hidden(entryWith({ objectId: "found" }));
    const { handler, context } = made.run();
    await inTime(done(handler.create(context, inputsWith({ webhookUrl }))));
    expect(addressOf(made)).toBe(webhookUrl);
  });

  test.each(FORMS)(
    "an adopted one whose change failed, by the next update, told %s",
    async (_form, inForm) => {
      const made = hidden();
      const { handler, context } = made.run();
      made.organisation.fail(/^PUT/, 500, {}, 9);
      const { state } = await errorOf(
        handler.create(context, inputsWith({ webhookUrl, onConflict: "adopt", description: "d" })),
      );
      expect(state.__create).toEqual({ phase: "accepted", objectId: "found", isMet: true });
      Object.assign(made.organisation.sources.get("found") as WireSource, { description: "d" });
      const next = made.run(["found"]);
      const news = inputsWith({ webhookUrl, onConflict: "adopt", description: "d" });
      const olds = inForm({ ...state, __unfinished: "500" });
      // The organisation is well again.
      made.organisation.forgetScripts();
      const done = await inTime(stateAfter(next.handler.update(next.context, "found", olds, news)));
      expect(addressOf(made)).toBe(webhookUrl);
      for (const key of ["__create", "__met", "__madeAt"]) expect(done).not.toHaveProperty(key);
    },
  );

  test("one that somebody else has changed meanwhile in other ways", async () => {
    const made = hidden();
    const source = made.organisation.sources.get("found") as WireSource;
    Object.assign(source, { webhook_url: "https://old.example", version: 7 });
    const { handler, context } = made.run(["found"]);
    const olds = stateWith({ sourceId: "found", version: 6, webhookUrl: "https://old.example" });
    await inTime(stateAfter(handler.update(context, "found", olds, inputsWith({ webhookUrl }))));
    expect(addressOf(made)).toBe(webhookUrl);
  });

  test("and what was posted just now needs no second look", async () => {
    const { organisation, run } = world();
    organisation.showsWebhook = false;
    const { handler, context } = run();
    await inTime(done(handler.create(context, inputsWith({ webhookUrl }))));
    expect(organisation.calls.filter((call) => call.startsWith("PUT"))).toEqual([]);
  });
});

describe("what an earlier run has posted under another name, and may still come about,", () => {
  const posted = (until: number) => {
    const fingerprints = [fingerprintOf(SOURCE, inputsWith({ name: "older" }))];
    return world([entryWith({ name: "older", fingerprints, until })]);
  };

  test("is named while the create goes on, and by doctor once it is there", async () => {
    const made = posted(Date.now() + 600_000);
    const { handler, context, lines } = made.run();
    await inTime(done(handler.create(context, inputsWith({ name: "newer" }))));
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^warn .*posted EventBridge source "older", and what became of that is not certain.* doctor/,
      ),
    );
    const look = () => checkCreates(made.run(["src-1"]).context, { stack: "dev", project: "shop" });
    expect((await look()).map(({ state }) => state)).toEqual(["ok"]);
    made.organisation.addSource({ source_id: "late", name: "older", date_created: now() });
    const found = await look();
    expect(found.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^the source of the name "older" \(id late\), .*: delete the source, or import it$/,
      ),
    ]);
  });

  test("is not said of what nothing more can come of", async () => {
    const made = posted(Date.now() - HOUR);
    const { handler, context, lines } = made.run();
    await inTime(done(handler.create(context, inputsWith({ name: "newer" }))));
    expect(lines.filter((line) => line.startsWith("warn"))).toEqual([]);
    expect(await made.journal.all()).toHaveLength(1);
  });
});

test("what is to be adopted, and no list shows yet, is waited for", async () => {
  const { organisation, run, lag } = world();
  organisation.addSource({ source_id: "src-1", description: "of a run on another machine" });
  lag(10_000);
  const { handler, context } = run();
  const { id, state } = await inTime(done(handler.create(context, inputsWith({ onConflict: "adopt" }))));
  expect([id, state.description]).toEqual(["src-1", "Managed by Pulumi"]);
  expect(organisation.calls.filter((call) => call.startsWith("POST"))).toHaveLength(1);
});

describe.each([
  ["an automatic name, where no journal is kept", { __autonamed: true }, undefined],
  ["a create that the journal knows of", {}, { phase: "accepted", objectId: "src-1" }],
])("what another stack of the project has: %s", (_, more, known) => {
  test("is not taken, though the URN proves it to be ours", async () => {
    const { organisation, journal, run } = world();
    organisation.addSource({ source_id: "src-1" });
    const record = { urn: URN, name: "orders", postedAt: 0, fingerprints: [] };
    if (known !== undefined) await journal.write({ ...record, ...known } as CreateRecord);
    const { handler, context } = run();
    context.stack.lookUpInOthers = async (_urn, id) => id === "src-1";
    const error = await errorOf(handler.create(context, inputsWith(more)));
    expect(error.message).toContain("in another stack of the project (id src-1)");
    expect([...organisation.sources.keys()]).toEqual(["src-1"]);
  });
});
