/** The life of a source in the simulated organisation, with every switch at its default. */
import { expect, test } from "vitest";
import { sourceBody, startWithToken } from "./harness.js";

test("a source is created by a job, read, listed, replaced and deleted", async () => {
  const { advance, post, job, get, put, remove, list } = await startWithToken();

  const accepted = await post();
  expect(accepted.status).toBe(202);
  expect(accepted.body).toEqual({ job_id: expect.any(String), status: "queued" });
  expect(await list()).toEqual([]);

  expect(await job(accepted.body.job_id)).toMatchObject({ status: "queued", progress: 0 });
  advance(300);
  const running = await job(accepted.body.job_id);
  expect(running).toMatchObject({ status: "running", progress: 50 });
  expect(running).not.toHaveProperty("source_id");
  expect(running).not.toHaveProperty("date_completed");
  advance(300);
  const done = await job(accepted.body.job_id);
  expect(done).toEqual({
    job_id: accepted.body.job_id,
    status: "completed",
    source_id: expect.any(String),
    progress: 100,
    date_created: "2030-01-01T00:00:00.000Z",
    date_completed: "2030-01-01T00:00:00.600Z",
  });

  const id = done.source_id;
  const created = (await get(id)).body;
  expect(created).toEqual({
    source_id: id,
    ...sourceBody(),
    status: "active",
    version: 1,
    date_created: "2030-01-01T00:00:00.600Z",
    date_modified: "2030-01-01T00:00:00.600Z",
    self_uri: `/api/v2/eventbridge/sources/${id}`,
  });
  expect(await list()).toEqual([created]);

  advance(1000);
  const replaced = await put(id, 1, { description: undefined, filters: undefined, status: "inactive" });
  expect(replaced.status).toBe(200);
  expect(replaced.body).toEqual({
    ...created,
    description: "",
    filters: [],
    status: "inactive",
    version: 2,
    date_modified: "2030-01-01T00:00:01.600Z",
  });
  expect((await get(id)).body).toEqual(replaced.body);

  const deleted = await remove(id);
  expect([deleted.status, deleted.text]).toEqual([204, ""]);
  expect((await get(id)).body).toMatchObject({ status: 404, code: "not.found", entityId: id });
  expect((await remove(id)).status).toBe(404);
  expect((await put(id, 2)).status).toBe(404);
  expect(await list()).toEqual([]);
});

test("a name is taken from the moment its job is accepted until its source is deleted", async () => {
  const { advance, post, list, remove } = await startWithToken();
  await post();
  const meanwhile = await post();
  expect(meanwhile.status).toBe(409);
  expect(meanwhile.body).toMatchObject({
    code: "name.already.exists",
    message: "A source with the name 'vip' already exists.",
    messageWithParams: "A {entity} with the name '{name}' already exists.",
    messageParams: { entity: "source", name: "vip" },
    entityId: null,
  });
  advance(600);
  expect((await post()).status).toBe(409);
  expect((await post({ name: "VIP" })).status).toBe(202);

  const [source] = await list();
  await remove(source.source_id);
  expect((await post()).status).toBe(202);
});

test("a PUT can't take another source's name, but keeps its own", async () => {
  const { advance, post, list, put } = await startWithToken();
  await post();
  await post({ name: "other" });
  advance(600);
  const [vip] = await list("?name=vip");
  expect((await put(vip.source_id, 1, { name: "other" })).status).toBe(409);
  expect((await put(vip.source_id, 1)).status).toBe(200);
});

test("a PUT must know the current version, and can't change what is fixed", async () => {
  const { advance, post, list, put, api, get } = await startWithToken();
  await post();
  advance(600);
  const [{ source_id: id }] = await list();

  const old = await put(id, 7);
  expect([old.status, old.body.code]).toEqual([409, "general.conflict"]);
  expect(old.body.message).toContain("does not match the current version 1");
  const { version: _, ...withoutVersion } = (await get(id)).body;
  expect((await api("PUT", `/eventbridge/sources/${id}`, withoutVersion)).body.code).toBe("version.required");
  const moved = await put(id, 1, { event_topic_id: "topic-conversation-end" });
  expect([moved.status, moved.body.code]).toEqual([400, "event_topic_id.immutable"]);
  expect((await get(id)).body.version).toBe(1);
});

test.each([
  [{ event_topic_id: "topic-none" }, "topic 'topic-none' in the field 'event_topic_id' does not exist"],
  [{ event_topic_id: "topic-user-station" }, "is inactive, not active"],
  [{ targets: [{ target_id: "target-none", priority: 1 }] }, "'targets[0].target_id' does not exist"],
  [{ targets: [{ target_id: "target-legacy-erp", priority: 1 }] }, "is inactive, not active"],
  [{ targets: [{ target_id: "target-dialer", priority: 1 }] }, "does not take the event type"],
])("POST and PUT refuse references that can't be used: %j", async (change, message) => {
  const { advance, post, list, put } = await startWithToken();
  const refused = await post(change);
  expect(refused.status).toBe(400);
  expect(refused.body.message).toContain(message);
  if ("event_topic_id" in change) return;

  await post();
  advance(600);
  const [{ source_id: id }] = await list();
  const notReplaced = await put(id, 1, change);
  expect(notReplaced.status).toBe(400);
  expect(notReplaced.body.message).toContain(message);
});

test("topics and targets are read by id, whatever characters it has", async () => {
  const { api } = await startWithToken();
  const topic = await api("GET", `/eventbridge/topics/${encodeURIComponent("topic-vip 100%/priority")}`);
  expect(topic.body).toMatchObject({ topic_id: "topic-vip 100%/priority", status: "active" });
  const target = await api("GET", "/eventbridge/targets/target-eu%2Fcentral%201");
  expect(target.body).toMatchObject({ target_id: "target-eu/central 1" });
  expect(target.body).not.toHaveProperty("event_types");
  for (const path of ["/eventbridge/topics/none", "/eventbridge/targets/none", "/asyncapi/jobs/none"]) {
    expect((await api("GET", path)).body).toMatchObject({ status: 404, entityId: "none" });
  }
});

test.each(["topics", "targets"])("%s come in two pages of the usual size", async (list) => {
  const { api } = await startWithToken();
  const path = `/eventbridge/${list}`;
  const first = (await api("GET", path)).body;
  expect(first).toMatchObject({ pageSize: 25, pageNumber: 1, total: 31, pageCount: 2 });
  expect(first.entities).toHaveLength(25);
  expect(first).not.toHaveProperty("previousUri");
  const second = (await api("GET", first.nextUri.replace("/api/v2", ""))).body;
  expect(second.entities).toHaveLength(6);
  expect(second).not.toHaveProperty("nextUri");
  const whole = (await api("GET", `${path}?pageSize=100`)).body.entities;
  expect([...first.entities, ...second.entities]).toEqual(whole);
  expect((await api("GET", `${path}?pageNumber=3`)).body.entities).toEqual([]);
  for (const query of [
    "pageSize=101",
    "pageSize=0",
    "pageNumber=0",
    "pageNumber=x",
    "pageSize=1&pageSize=2",
  ]) {
    expect((await api("GET", `${path}?${query}`)).status).toBe(400);
  }
});

test("an empty list is one empty page, and a filter stays in the page's addresses", async () => {
  const { api, post, advance } = await startWithToken();
  const empty = (await api("GET", "/eventbridge/sources")).body;
  expect(empty).toMatchObject({ entities: [], total: 0, pageCount: 0 });
  expect(empty).not.toHaveProperty("nextUri");
  await post({ name: "a & b" });
  await post({ name: "c" });
  advance(600);
  const found = (await api("GET", "/eventbridge/sources?name=a%20%26%20b")).body;
  expect(found.entities).toHaveLength(1);
  expect(found.selfUri).toContain("name=a%20%26%20b");
});
