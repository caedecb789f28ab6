/** What a test can see and change of the simulated organisation behind its API's back. */
import { expect, test } from "vitest";
import { send, startWithToken } from "./harness.js";

test("without the switch there is no control plane", async () => {
  const { control } = await startWithToken({ control: false });
  const answer = await control("GET", "/health");
  expect([answer.status, answer.body.code]).toEqual([404, "not.found"]);
});

test("every request is logged in order, without the token itself", async () => {
  const { url, api, post, control } = await startWithToken();
  await api("GET", "/eventbridge/topics?pageSize=1");
  await post({ name: 7 });
  await send(url, "GET", "/nowhere");
  await api("GET", "/eventbridge/topics/%zz");
  const { body } = await control("GET", "/requests");
  const at = "2030-01-01T00:00:00.000Z";
  const token = expect.stringMatching(/^[0-9a-f]{8}$/);
  const root = "/api/v2/eventbridge";
  expect(body).toEqual([
    { method: "POST", path: "/oauth/token", route: "/oauth/token", status: 200, at, token: null },
    {
      method: "GET",
      path: `${root}/topics?pageSize=1`,
      route: `${root}/topics`,
      status: 200,
      at,
      token,
    },
    { method: "POST", path: `${root}/sources`, route: `${root}/sources`, status: 400, at, token },
    { method: "GET", path: "/nowhere", status: 404, at, token: null },
    { method: "GET", path: `${root}/topics/%zz`, status: 400, at, token },
  ]);
  await control("DELETE", "/requests");
  expect((await control("GET", "/requests")).body).toEqual([]);
});

test("settings take effect at once, and a wrong one is refused", async () => {
  const { control, post, job, advance } = await startWithToken();
  const changed = await control("PATCH", "/settings", { jobDurationMs: 5000, rateLimit: { allowed: 9 } });
  expect(changed.body).toEqual({
    jobDurationMs: 5000,
    stateChangeMs: 0,
    offers: "both",
    rateLimit: { allowed: 9, windowSeconds: 60 },
    expiresIn: 86_400,
    scopes: null,
    permissions: null,
  });
  const { body } = await post();
  advance(4999);
  expect(await job(body.job_id)).toMatchObject({ status: "running", progress: 99 });
  for (const wrong of [
    { nope: 1 },
    { jobDurationMs: -1 },
    { stateChangeMs: "soon" },
    { offers: "none" },
    { permissions: [7] },
    { expiresIn: "x" },
    { scopes: "all" },
    { rateLimit: { windowSeconds: 0 } },
  ]) {
    expect((await control("PATCH", "/settings", wrong)).status).toBe(400);
  }
});

test("job outcomes fall on the next jobs, in order", async () => {
  const { control, post, job, advance, list } = await startWithToken();
  const error = { code: "topic.gone", message: "The topic is gone." };
  await control("POST", "/jobOutcomes", { status: "failed", error, times: 2, afterMs: 100 });
  await control("POST", "/jobOutcomes", { status: "cancelled" });
  await control("POST", "/jobOutcomes", { status: "paused", sourceMade: true });
  await control("POST", "/jobOutcomes", { status: "stuck" });
  const jobs: string[] = [];
  for (const name of ["a", "b", "c", "d", "e", "f"]) jobs.push((await post({ name })).body.job_id);

  expect(await job(jobs[0] as string)).not.toHaveProperty("error");
  advance(100);
  expect(await job(jobs[0] as string)).toMatchObject({ status: "failed", error });
  expect(await job(jobs[1] as string)).toMatchObject({ status: "failed", error });
  expect(await job(jobs[2] as string)).toMatchObject({ status: "queued" });
  advance(500);
  const statuses = await Promise.all(jobs.map(async (id) => (await job(id)).status));
  expect(statuses).toEqual(["failed", "failed", "cancelled", "paused", "running", "completed"]);
  expect((await list()).map(({ name }: { name: string }) => name)).toEqual(["d", "f"]);
  advance(1e9);
  const { body } = await control("GET", "/state");
  expect(body.jobs[4]).toMatchObject({ status: "running", progress: 50, kind: "create", name: "e" });
});

test("a failed job frees its name, a stuck one keeps it until the job is deleted", async () => {
  const { control, post, advance } = await startWithToken();
  await control("POST", "/jobOutcomes", { status: "failed" });
  await post();
  expect((await post()).status).toBe(409);
  advance(600);
  await control("POST", "/jobOutcomes", { status: "stuck" });
  const stuck = await post();
  expect(stuck.status).toBe(202);
  advance(60_000);
  expect((await post()).status).toBe(409);
  await control("DELETE", `/jobs/${stuck.body.job_id}`);
  expect((await post()).status).toBe(202);
});

test("a job of an update or delete can fail too", async () => {
  const { control, post, advance, list, put, remove, get, job } = await startWithToken();
  await post();
  advance(600);
  const [{ source_id: id }] = await list();
  await control("PATCH", "/variants", { updateAnswer: "job", deleteAnswer: "job" });
  await control("POST", "/jobOutcomes", { status: "failed", times: 2 });
  const updating = await put(id, 1, { description: "new" });
  const deleting = await remove(id);
  advance(600);
  expect((await job(updating.body.job_id)).status).toBe("failed");
  expect((await job(deleting.body.job_id)).status).toBe("failed");
  expect((await get(id)).body).toMatchObject({ version: 1, description: "Conversations of VIPs" });
});

test("sources change behind the API's back", async () => {
  const { control, get, list, advance } = await startWithToken();
  const made = await control("POST", "/sources", { name: "by hand", targets: [] });
  expect(made.status).toBe(201);
  const id = made.body.source_id;
  advance(1000);
  await control("PATCH", `/sources/${id}`, { description: "console" });
  expect((await get(id)).body).toMatchObject({
    description: "console",
    version: 2,
    date_modified: "2030-01-01T00:00:01.000Z",
  });
  await control("PATCH", `/sources/${id}?keepVersion=1`, { description: "silent" });
  expect((await get(id)).body).toMatchObject({ description: "silent", version: 2 });
  expect((await control("DELETE", `/sources/${id}`)).status).toBe(204);
  expect(await list()).toEqual([]);
  expect((await control("DELETE", `/sources/${id}`)).status).toBe(404);
  expect((await control("PATCH", `/sources/${id}`, {})).status).toBe(404);
});

test.each([
  ["topics", "topic_id", "topic-vip 100%/priority"],
  ["targets", "target_id", "target-eu/central 1"],
])("%s change behind the API's back", async (list, idKey, id) => {
  const { control, api } = await startWithToken();
  const path = `/${list}/${encodeURIComponent(id)}`;
  await control("PATCH", path, { status: "inactive" });
  expect((await api("GET", `/eventbridge${path}`)).body.status).toBe("inactive");
  await control("DELETE", path);
  expect((await api("GET", `/eventbridge${path}`)).status).toBe(404);
  expect((await control("POST", `/${list}`, {})).status).toBe(400);
  await control("POST", `/${list}`, { [idKey]: id });
  expect((await api("GET", `/eventbridge${path}`)).body).toEqual({ [idKey]: id, status: "active" });
});

test("a reset returns to the first day, and keeps tokens unless told otherwise", async () => {
  const { control, api, post, advance, list } = await startWithToken();
  await post();
  advance(600);
  await control("DELETE", "/topics/topic-audits");
  await control("PATCH", "/variants", { listName: "ignored" });
  await control("PATCH", "/settings", { jobDurationMs: 1, scopes: ["asyncapi:job:read"] });
  await control("POST", "/faults", { action: { kind: "hang" } });
  await control("POST", "/jobOutcomes", { status: "failed" });

  await control("POST", "/reset");
  expect(await list()).toEqual([]);
  expect((await api("GET", "/eventbridge/topics/topic-audits")).status).toBe(200);
  expect((await control("GET", "/requests")).body).toHaveLength(2);
  expect((await control("GET", "/variants")).body.listName).toBe("exact");
  expect((await control("GET", "/settings")).body).toMatchObject({ jobDurationMs: 600, scopes: null });
  expect((await control("GET", "/faults")).body).toEqual([]);
  expect((await control("GET", "/jobOutcomes")).body).toEqual([]);

  await control("POST", "/reset?tokens=revoke");
  expect((await api("GET", "/eventbridge/topics")).status).toBe(401);
});
