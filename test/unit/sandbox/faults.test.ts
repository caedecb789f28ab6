/** Faults that a test can order: what the caller gets, and whether its request was carried out. */
import { expect, test, vi } from "vitest";
import { requestToken, send, sourceBody, startWithToken } from "./harness.js";

const onPost = { method: "POST", path: "/eventbridge/sources$" };
const onRead = { method: "GET", path: "/topics" };

async function startWith(...rules: object[]) {
  const sandbox = await startWithToken();
  const added = await sandbox.control("POST", "/faults", rules);
  expect(added.status).toBe(201);
  await sandbox.control("DELETE", "/requests");
  return {
    ...sandbox,
    read: () => sandbox.api("GET", "/eventbridge/topics"),
    jobs: async () => (await sandbox.control("GET", "/state")).body.jobs,
    statuses: async () =>
      (await sandbox.control("GET", "/requests")).body.map(({ status }: { status: number }) => status),
  };
}

test("answer: the operation is not applied, and the body may be JSON, text or the platform's error", async () => {
  const { post, jobs, statuses } = await startWith(
    { match: onPost, action: { kind: "answer", status: 503, headers: { "Retry-After": "3" } } },
    { match: onPost, action: { kind: "answer", status: 418, body: { kettle: true } } },
    { match: onPost, action: { kind: "answer", status: 500, body: "no JSON" } },
  );
  const first = await post();
  expect(first.headers.get("retry-after")).toBe("3");
  expect(first.body).toMatchObject({ status: 503, code: "service.unavailable", errors: [] });
  expect(first.headers.get("inin-correlation-id")).toBe(first.body.contextId);
  expect((await post()).body).toEqual({ kettle: true });
  expect((await post()).text).toBe("no JSON");
  expect(await jobs()).toEqual([]);
  expect((await post()).status).toBe(202);
  expect(await statuses()).toEqual([503, 418, 500, 202]);
});

test("answerAfter: the operation is applied, its answer replaced", async () => {
  const { post, jobs, statuses } = await startWith({
    match: onPost,
    action: { kind: "answerAfter", status: 504 },
  });
  expect((await post()).body).toMatchObject({ status: 504 });
  expect(await jobs()).toHaveLength(1);
  expect((await post()).status).toBe(409);
  expect(await statuses()).toEqual([504, 409]);
});

test.each([
  ["resetBefore", 0],
  ["resetAfter", 1],
])("%s: the connection is cut with %i jobs accepted", async (kind, accepted) => {
  const { post, jobs, statuses } = await startWith({ match: onPost, action: { kind } });
  await expect(post()).rejects.toThrow("fetch failed");
  expect(await jobs()).toHaveLength(accepted);
  expect(await statuses()).toEqual([null]);
});

test.each([
  [undefined, 0],
  [true, 1],
])("hang with after: %s never answers, with %i jobs accepted", async (after, accepted) => {
  const { url, jobs, statuses } = await startWith({ match: onPost, action: { kind: "hang", after } });
  // A token of its own, so that the request can be given up.
  const { body } = await requestToken(url);
  const giveUp = new AbortController();
  const headers = { authorization: `Bearer ${body.access_token}` };
  const path = "/api/v2/eventbridge/sources";
  const asked = send(url, "POST", path, sourceBody(), headers, giveUp.signal);
  const outcome = asked.then(
    () => "answered",
    () => "given up",
  );
  await vi.waitFor(async () => expect(await statuses()).toEqual([200, null]), 20_000);
  await vi.waitFor(async () => expect(await jobs()).toHaveLength(accepted), 20_000);
  giveUp.abort();
  expect(await outcome).toBe("given up");
  expect(await statuses()).toEqual([200, null]);
});

test("delay: the true answer comes late", async () => {
  const { read } = await startWith({ match: onRead, action: { kind: "delay", ms: 80 } });
  const before = performance.now();
  expect((await read()).status).toBe(200);
  expect(performance.now() - before).toBeGreaterThanOrEqual(79);
});

test("delay: a client that gives up meanwhile doesn't stop the operation", async () => {
  // Long enough to be met while it lasts, on a busy machine, too.
  const { url, jobs, statuses } = await startWith({ match: onPost, action: { kind: "delay", ms: 1_000 } });
  const { body } = await requestToken(url);
  const giveUp = new AbortController();
  const headers = { authorization: `Bearer ${body.access_token}` };
  const path = "/api/v2/eventbridge/sources";
  const asked = expect(send(url, "POST", path, sourceBody(), headers, giveUp.signal)).rejects.toThrow();
  await vi.waitFor(async () => expect(await statuses()).toEqual([200, null]));
  giveUp.abort();
  await asked;
  await vi.waitFor(async () => expect(await jobs()).toHaveLength(1), { timeout: 10_000 });
  expect(await statuses()).toEqual([200, null]);
});

test("malformed: the true status with half a body, after applying", async () => {
  const { post, jobs } = await startWith({ match: onPost, action: { kind: "malformed" } });
  const answer = await post();
  expect([answer.status, answer.body]).toEqual([202, "not JSON"]);
  expect(answer.text).toMatch(/^\{"job_id":"/);
  expect(await jobs()).toHaveLength(1);
});

test("html, empty and huge: what a gateway may send", async () => {
  const { read, post, jobs } = await startWith(
    { match: onRead, action: { kind: "html", status: 502 } },
    { match: onRead, action: { kind: "empty", status: 200 } },
    { match: onRead, action: { kind: "huge", bytes: 3_000_000 } },
    { match: onPost, action: { kind: "empty", status: 202, after: true } },
  );
  const html = await read();
  expect([html.status, html.headers.get("content-type")]).toEqual([502, "text/html; charset=utf-8"]);
  const empty = await read();
  expect([empty.status, empty.text, empty.headers.get("content-type")]).toEqual([200, "", null]);
  const huge = await read();
  expect([huge.status, huge.text.length]).toEqual([200, 3_000_000]);
  expect(Object.keys(huge.body)).toEqual(["padding"]);
  expect([(await post()).text, (await jobs()).length]).toEqual(["", 1]);
});

test("rules match in order, skip what they are told to, and count their hits", async () => {
  const { read, post, control } = await startWith(
    { match: onRead, skip: 1, times: 2, action: { kind: "answer", status: 500 } },
    { match: { method: "get" }, times: "always", action: { kind: "answer", status: 503 } },
  );
  const seen = [];
  for (let call = 0; call < 5; call += 1) seen.push((await read()).status);
  expect(seen).toEqual([503, 500, 500, 503, 503]);
  expect((await post()).status).toBe(202);
  expect((await control("GET", "/faults")).body).toMatchObject([
    { id: 1, skip: 1, times: 2, hits: 2, skipped: 1 },
    { id: 2, hits: 3 },
  ]);
  await control("DELETE", "/faults");
  expect((await read()).status).toBe(200);
});

test("faults touch the login too, but never the control plane", async () => {
  const { renew, read, control } = await startWith({
    match: { path: "." },
    times: "always",
    action: { kind: "answer", status: 400, body: { error: "rate limit exceeded" } },
  });
  await renew();
  expect((await read()).status).toBe(400);
  expect((await control("GET", "/health")).body).toEqual({ status: "ok" });
});

test.each([
  [{}, "action.kind"],
  [{ action: { kind: "explode" } }, "action.kind"],
  [{ action: { kind: "answer" } }, "needs 'status'"],
  [{ action: { kind: "html", status: 700 } }, "from 200 to 599"],
  [{ action: { kind: "delay" } }, "needs 'ms'"],
  [{ action: { kind: "hang" }, times: -1 }, "'times'"],
  [{ action: { kind: "hang" }, match: { path: "(" } }, "regular expression"],
])("the rule %j is refused", async (rule, message) => {
  const { control } = await startWith();
  const refused = await control("POST", "/faults", rule);
  expect([refused.status, refused.body.message]).toEqual([400, expect.stringContaining(message)]);
  expect((await control("GET", "/faults")).body).toEqual([]);
});
