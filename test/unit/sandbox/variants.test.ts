/** The switches of the sources API, each turned from its default. */
import { expect, test } from "vitest";
import { startWithToken } from "./harness.js";

/** A sandbox with variants set. */
async function startWith(variants: object) {
  const sandbox = await startWithToken();
  const { status } = await sandbox.control("PATCH", "/variants", variants);
  expect(status).toBe(200);
  const create = async (change?: object) => {
    const { body } = await sandbox.post(change);
    sandbox.advance(600);
    const { sources } = (await sandbox.control("GET", "/state")).body;
    return { jobId: body.job_id, id: sources.at(-1).source_id };
  };
  return { ...sandbox, create };
}

test("createAnswer: jobWithSourceId bears the id the source will have", async () => {
  const { post, advance, get } = await startWith({ createAnswer: "jobWithSourceId" });
  const { status, body } = await post();
  expect([status, body.status]).toEqual([202, "queued"]);
  expect((await get(body.source_id)).status).toBe(404);
  advance(600);
  expect((await get(body.source_id)).status).toBe(200);
});

test.each([200, 201])("createAnswer: source%i makes the source at once, without a job", async (status) => {
  const { post, get, control } = await startWith({ createAnswer: `source${status}` });
  const made = await post();
  expect(made.status).toBe(status);
  expect(made.body).toMatchObject({ version: 1, status: "active" });
  expect((await get(made.body.source_id)).body).toEqual(made.body);
  expect((await control("GET", "/state")).body.jobs).toEqual([]);
});

test("updateAnswer: job changes the source when the job is done", async () => {
  const { create, put, job, advance, get } = await startWith({ updateAnswer: "job" });
  const { id } = await create();
  const accepted = await put(id, 1, { description: "new" });
  expect([accepted.status, accepted.body.status]).toEqual([202, "queued"]);
  expect((await get(id)).body.version).toBe(1);
  advance(600);
  expect(await job(accepted.body.job_id)).toMatchObject({ status: "completed", source_id: id });
  expect((await get(id)).body).toMatchObject({ version: 2, description: "new" });
});

test("deleteAnswer: job deletes the source when the job is done", async () => {
  const { create, remove, advance, get } = await startWith({ deleteAnswer: "job" });
  const { id } = await create();
  expect((await remove(id)).status).toBe(202);
  expect((await get(id)).status).toBe(200);
  advance(600);
  expect((await get(id)).status).toBe(404);
});

test("sourceVisible: atOnce shows a draft while the job runs", async () => {
  const { post, list, advance, api } = await startWith({ sourceVisible: "atOnce" });
  await post();
  expect(await list()).toMatchObject([{ name: "vip", status: "draft" }]);
  advance(600);
  expect(await list()).toMatchObject([{ name: "vip", status: "active", version: 1 }]);
  expect((await api("GET", "/eventbridge/sources")).body.total).toBe(1);
});

test("sourceVisible: atOnce takes the draft away when the job fails", async () => {
  const { post, list, advance, control } = await startWith({ sourceVisible: "atOnce" });
  await control("POST", "/jobOutcomes", { status: "failed" });
  await post();
  expect(await list()).toHaveLength(1);
  advance(600);
  expect(await list()).toEqual([]);
});

test("statusAfterJob: draft leaves the source a draft until a PUT", async () => {
  const { create, get, put } = await startWith({ statusAfterJob: "draft" });
  const { id } = await create();
  expect((await get(id)).body.status).toBe("draft");
  await put(id, 1, { status: "active" });
  expect((await get(id)).body.status).toBe("active");
});

test("jobSuccessStatus: active ends the job with that status", async () => {
  const { create, job } = await startWith({ jobSuccessStatus: "active" });
  const { id, jobId } = await create();
  expect(await job(jobId)).toMatchObject({ status: "active", source_id: id });
});

test.each([
  ["jobSourceId", "never", ["source_id"]],
  ["jobProgress", false, ["progress"]],
  ["jobDates", false, ["date_created", "date_completed"]],
])("%s: %s leaves out of the job %j", async (variant, value, keys) => {
  const usual = await startWith({});
  const before = Object.keys(await usual.job((await usual.create()).jobId));
  const { create, job } = await startWith({ [variant]: value });
  const after = Object.keys(await job((await create()).jobId));
  expect(before.filter((key) => !after.includes(key)).sort()).toEqual([...keys].sort());
});

test("listName: ignored lists every source", async () => {
  const { create, list, control } = await startWith({});
  await create();
  await create({ name: "other" });
  expect(await list("?name=vip")).toHaveLength(1);
  await control("PATCH", "/variants", { listName: "ignored" });
  expect(await list("?name=vip")).toHaveLength(2);
});

test("pageCount and nextUri can be missing from pages", async () => {
  const { api } = await startWith({ pageCount: false, nextUri: false });
  const page = (await api("GET", "/eventbridge/topics")).body;
  expect(Object.keys(page).sort()).toEqual(["entities", "firstUri", "pageNumber", "pageSize", "selfUri"]);
});

test("listDelaySeconds and readDelaySeconds let lists and reads lag behind", async () => {
  const { create, list, get, advance, remove } = await startWith({
    listDelaySeconds: 10,
    readDelaySeconds: 5,
  });
  const { id } = await create();
  const seen = async () => [(await list()).length, (await get(id)).status];
  expect(await seen()).toEqual([0, 404]);
  advance(5_000);
  expect(await seen()).toEqual([0, 200]);
  advance(5_000);
  expect(await seen()).toEqual([1, 200]);
  expect((await remove(id)).status).toBe(204);
  expect(await seen()).toEqual([1, 200]);
  expect((await remove(id)).status).toBe(404);
  advance(5_000);
  expect(await seen()).toEqual([1, 404]);
  advance(5_000);
  expect(await seen()).toEqual([0, 404]);
});

test("versionConflict: 400 says that the version does not match the current version", async () => {
  const { create, put } = await startWith({ versionConflict: 400 });
  const { id } = await create();
  const { status, body } = await put(id, 9);
  expect([status, body.code]).toEqual([400, "bad.request"]);
  expect(body.message).toContain("does not match the current version");
});

test("immutableFields: ignored keeps the topic and changes the rest", async () => {
  const { create, put } = await startWith({ immutableFields: "ignored" });
  const { id } = await create({ targets: [{ target_id: "target-crm", priority: 1 }] });
  const { status, body } = await put(id, 1, {
    event_topic_id: "topic-conversation-end",
    description: "new",
  });
  expect(status).toBe(200);
  expect(body).toMatchObject({ event_topic_id: "topic-conversation-start", description: "new", version: 2 });
});

test("uniqueNames: false lets two sources bear one name; nameConflict: 400 changes the refusal", async () => {
  const { create, post, list, control } = await startWith({ nameConflict: 400 });
  await create();
  const refused = await post();
  expect([refused.status, refused.body.code]).toEqual([400, "name.already.exists"]);
  await control("PATCH", "/variants", { uniqueNames: false });
  await create();
  expect(await list("?name=vip")).toHaveLength(2);
});

test("compatibilityChecked: false takes a target of other event types", async () => {
  const { post } = await startWith({ compatibilityChecked: false });
  expect((await post({ targets: [{ target_id: "target-dialer", priority: 1 }] })).status).toBe(202);
});

test("eventTypes and referenceNames can be missing from topics and targets", async () => {
  const { api } = await startWith({ eventTypes: false, referenceNames: false });
  expect((await api("GET", "/eventbridge/topics/topic-audits")).body).toEqual({
    topic_id: "topic-audits",
    status: "active",
  });
  const targets = (await api("GET", "/eventbridge/targets?pageSize=100")).body.entities;
  expect(new Set(targets.flatMap(Object.keys))).toEqual(new Set(["target_id", "status"]));
});

test("webhookUrlReturned: false hides it everywhere; nullWebhook: false only where there is none", async () => {
  const { create, get, control } = await startWith({});
  const { id: withOne } = await create();
  const { id: withNone } = await create({ name: "silent", webhook_url: null });
  const shown = async () => [
    (await get(withOne)).body.webhook_url,
    (await get(withNone)).body.webhook_url,
    "webhook_url" in (await get(withNone)).body,
  ];
  const url = "https://hooks.example.com/eventbridge";
  expect(await shown()).toEqual([url, null, true]);
  await control("PATCH", "/variants", { nullWebhook: false });
  expect(await shown()).toEqual([url, undefined, false]);
  await control("PATCH", "/variants", { webhookUrlReturned: false, nullWebhook: true });
  expect(await shown()).toEqual([undefined, undefined, false]);
  const { sources } = (await control("GET", "/state")).body;
  expect(sources[0].webhook_url).toBe(url);
});

test("retryAfter: date is an HTTP date that is not too early", async () => {
  const { api, control, advance } = await startWith({ retryAfter: "date" });
  await control("PATCH", "/settings", { rateLimit: { allowed: 0 } });
  // Half a second in, 60 seconds on is 00:01:00.5, which no HTTP date can say.
  advance(500);
  const refused = await api("GET", "/eventbridge/topics");
  expect(refused.status).toBe(429);
  expect(refused.headers.get("retry-after")).toBe("Tue, 01 Jan 2030 00:01:01 GMT");
});

test("an unknown variant or position is refused, and nothing is changed", async () => {
  const { control } = await startWith({});
  const before = (await control("GET", "/variants")).body;
  const unknown = await control("PATCH", "/variants", { nextUri: false, nope: 1 });
  expect([unknown.status, unknown.body.message]).toEqual([400, expect.stringContaining("No variant 'nope'")]);
  expect((await control("PATCH", "/variants", { createAnswer: "maybe" })).body.message).toContain(
    "jobWithSourceId",
  );
  expect((await control("PATCH", "/variants", { listDelaySeconds: -1 })).status).toBe(400);
  expect((await control("GET", "/variants")).body).toEqual(before);
});

test.each([
  ["trimmed", { name: "VIP", description: "By hand" }],
  ["lowerCase", { name: " vip ", description: "by hand\n" }],
  ["filtersSorted", { filters: [{ name: "a" }, { name: "b" }] }],
  ["numbersAsText", { filters: [{ conditions: [{ value: "5" }] }, { name: "a" }] }],
  ["webhookNormalised", { webhook_url: "https://hooks.example.com/" }],
  [
    "all",
    {
      name: "vip",
      description: "by hand",
      filters: [{ name: "a" }, { name: "b", conditions: [{ value: "5" }] }],
      webhook_url: "https://hooks.example.com/",
    },
  ],
])("keeps: what was sent is kept %s, by POST and PUT alike", async (keeps, expected) => {
  const { create, put, get } = await startWith({ keeps });
  const conditions = [{ field: "priority", operator: "equals", value: 5 }];
  const sent = {
    name: " VIP ",
    description: "By hand\n",
    filters: ["b", "a"].map((name) => ({ name, conditions, action: "route" })),
    webhook_url: "https://hooks.example.com",
  };
  const { id } = await create(sent);
  expect((await get(id)).body).toMatchObject(expected);
  expect((await put(id, 1, sent)).body).toMatchObject({ ...expected, version: 2 });
});
