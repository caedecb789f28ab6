/** Whether a source's topic and targets exist and fit, and in how few calls that is found out. */
import { describe, expect, test } from "vitest";
import { checkReferences, refersElsewhere } from "../../../../provider/src/eventBridgeSource/references.js";
import { UNKNOWN } from "../../../../provider/src/unknown.js";
import { budgetOf, errorOf } from "../support/context.js";
import { FakeOrganisation } from "../support/fakeOrganisation.js";
import { inputsWith } from "../support/source.js";

const TOPICS = "GET /topics?page=1";
const TARGETS = "GET /targets?page=1";

/** An organisation with that many topics and targets, `topic-1` and so on. */
function organisationOf(topics: number, targets: number): FakeOrganisation {
  const organisation = new FakeOrganisation();
  for (let index = 1; index <= topics; index++) organisation.addTopic(`topic-${index}`);
  for (let index = 1; index <= targets; index++) organisation.addTarget(`target-${index}`);
  return organisation;
}

const check = (organisation: FakeOrganisation, eventTopicId: string, ...ids: string[]) =>
  checkReferences(
    organisation,
    { eventTopicId, targets: ids.map((targetId) => ({ targetId })) },
    budgetOf(60_000),
  );

test("what is on the first pages takes two calls, and none the next time", async () => {
  const organisation = organisationOf(3, 3);
  expect(await check(organisation, "topic-1", "target-1", "target-3")).toEqual([]);
  expect(organisation.calls.toSorted()).toEqual([TARGETS, TOPICS]);
  expect(await check(organisation, "topic-2", "target-2")).toEqual([]);
  expect(organisation.calls).toHaveLength(2);
});

describe("what is not on the first page", () => {
  test("is asked for one by one, three times at the most; then the rest of the list is fetched at once", async () => {
    const organisation = organisationOf(1, 120);
    for (const id of [30, 31, 32]) await check(organisation, "topic-1", `target-${id}`);
    expect(organisation.calls).toEqual([
      TOPICS,
      TARGETS,
      "GET /targets/target-30",
      "GET /targets/target-31",
      "GET /targets/target-32",
    ]);
    organisation.calls = [];
    for (let id = 33; id <= 120; id++)
      expect(await check(organisation, "topic-1", `target-${id}`)).toEqual([]);
    expect(organisation.calls).toEqual([2, 3, 4, 5].map((page) => `GET /targets?page=${page}`));
  });

  test("is asked for like that also when one source has all of it", async () => {
    const organisation = organisationOf(1, 60);
    const ids = Array.from({ length: 30 }, (_, index) => `target-${index + 26}`);
    expect(await check(organisation, "topic-1", ...ids)).toEqual([]);
    expect(organisation.calls.filter((call) => !call.includes("?"))).toHaveLength(3);
    expect(organisation.calls.filter((call) => call.includes("?"))).toEqual([
      TOPICS,
      TARGETS,
      "GET /targets?page=2",
      "GET /targets?page=3",
    ]);
  });

  test("is asked for one by one where the list is too long to be fetched", async () => {
    const organisation = organisationOf(1, 25 * 40 + 1);
    for (let id = 30; id < 40; id++) await check(organisation, "topic-1", `target-${id}`);
    expect(organisation.calls).toHaveLength(12);
    expect(organisation.calls.filter((call) => call.includes("?page="))).toEqual([TOPICS, TARGETS]);
  });

  test("may be missing from the list, which can lag behind: its own address decides, once", async () => {
    const organisation = organisationOf(1, 1);
    organisation.on(/^GET \/targets\?page=1$/, () => ({ status: 200, body: { entities: [], pageCount: 1 } }));
    for (let time = 0; time < 3; time++) {
      expect(await check(organisation, "topic-1", "target-1")).toEqual([]);
      expect(await check(organisation, "topic-1", "nowhere")).toHaveLength(1);
    }
    expect(organisation.calls).toEqual([TOPICS, TARGETS, "GET /targets/target-1", "GET /targets/nowhere"]);
  });

  test("a list whose entries bear no status does not decide", async () => {
    const organisation = organisationOf(1, 0).addTarget("target-1", { status: "inactive" });
    organisation.on(/^GET \/targets\?page=1$/, () => ({
      status: 200,
      body: { entities: [{ target_id: "target-1" }] },
    }));
    expect(await check(organisation, "topic-1", "target-1")).toEqual([
      expect.objectContaining({ reason: expect.stringContaining("is inactive") }),
    ]);
    expect(organisation.calls).toContain("GET /targets/target-1");
  });
});

describe("a reference that is no good", () => {
  const organisation = () =>
    organisationOf(1, 2)
      .addTopic("paused", { status: "inactive" })
      .addTopic("untyped", { event_type: undefined })
      .addTopic("null-typed", { event_type: null })
      .addTarget("off", { status: "draft" })
      .addTarget("calls", { event_types: ["call", "callback"] })
      .addTarget("conversations", { event_types: ["conversation"] })
      .addTarget("nothing", { event_types: [] })
      .addTarget("null-types", { event_types: null });

  test.each<[string, string, string, string | undefined]>([
    ["topic-1", "target-1", "", undefined],
    ["topic-1", "conversations", "", undefined],
    ["topic-1", "null-types", "", undefined],
    ["untyped", "calls", "", undefined],
    ["null-typed", "calls", "", undefined],
    [
      "nowhere",
      "target-1",
      "eventTopicId",
      "this topic does not exist in the organisation: use the id of an active topic",
    ],
    ["paused", "target-1", "eventTopicId", "this topic is inactive: only an active topic sends events"],
    [
      "topic-1",
      "nowhere",
      "targets[0].targetId",
      "this target does not exist in the organisation: use the id of an active target",
    ],
    ["topic-1", "off", "targets[0].targetId", "this target is draft: only an active target takes events"],
    [
      "topic-1",
      "calls",
      "targets[0].targetId",
      `this target does not take the topic's events (conversation); it takes call, callback`,
    ],
    [
      "topic-1",
      "nothing",
      "targets[0].targetId",
      `this target does not take the topic's events (conversation); it takes none`,
    ],
  ])("topic %s, target %s", async (topic, target, path, reason) =>
    expect(await check(organisation(), topic, target)).toEqual(
      reason === undefined ? [] : [{ path, reason }],
    ),
  );

  test("all of them are reported, each at its place in the program", async () => {
    const problems = await check(organisation(), "paused", "target-1", "off", "nowhere");
    expect(problems.map(({ path }) => path)).toEqual([
      "eventTopicId",
      "targets[1].targetId",
      "targets[2].targetId",
    ]);
  });
});

describe("unknown references", () => {
  test("are taken on trust, and what is known of the rest is checked", async () => {
    const organisation = organisationOf(1, 1);
    expect(await check(organisation, UNKNOWN, UNKNOWN)).toEqual([]);
    expect(organisation.calls).toEqual([]);
    const problems = await check(organisation, UNKNOWN, UNKNOWN, "nowhere", "target-1");
    expect(problems.map(({ path }) => path)).toEqual(["targets[1].targetId"]);
    expect(organisation.calls.every((call) => call.startsWith("GET /targets"))).toBe(true);
  });

  test.each([[UNKNOWN], [[UNKNOWN]]])("also where the targets are %j as a whole", async (targets) => {
    const organisation = organisationOf(1, 1);
    const inputs = { eventTopicId: "topic-1", targets: targets as never };
    expect(await checkReferences(organisation, inputs, budgetOf(60_000))).toEqual([]);
    expect(organisation.calls).toEqual([TOPICS]);
  });
});

test("trouble is an error, never taken for a missing object", async () => {
  for (const status of [403, 503, 0]) {
    const organisation = organisationOf(1, 0).fail(/^GET \/targets\/x$/, status);
    expect(await errorOf(check(organisation, "topic-1", "x"))).toMatchObject({ status });
  }
});

test("organisations are not mixed up", async () => {
  expect(await check(organisationOf(1, 1), "topic-1", "target-1")).toEqual([]);
  expect(await check(new FakeOrganisation(), "topic-1", "target-1")).toHaveLength(2);
});

test.each<[string, Parameters<typeof refersElsewhere>[0], boolean]>([
  ["there are no olds", undefined, true],
  ["the olds are empty", {}, true],
  ["nothing changed", inputsWith(), false],
  ["other things changed", inputsWith({ name: "n", filters: [], status: "draft" }), false],
  ["the topic changed", inputsWith({ eventTopicId: "topic-2" }), true],
  ["a target changed", inputsWith({ targets: [{ targetId: "target-2", priority: 1 }] }), true],
  [
    "only the order and priorities changed",
    inputsWith({ targets: [{ targetId: "target-1", priority: 9 }] }),
    false,
  ],
])("%s: look up? %#", (_, olds, expected) => expect(refersElsewhere(olds, inputsWith())).toBe(expected));
