/** The way of the webhook's notices to a receiver, whatever it does, and the addresses to which none goes. */
import dns from "node:dns/promises";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Webhook } from "standardwebhooks";
import { expect, onTestFinished, test, vi } from "vitest";
import type { LifecycleStep, Outcome } from "../../provider/src/hooks/lifecycle.js";
import { post } from "../../provider/src/hooks/webhook/attempt.js";
import { tryOut } from "../../provider/src/hooks/webhook/deliver.js";
import type { StoredNotice } from "../../provider/src/hooks/webhook/outbox.js";
import { createWebhookHook } from "../../provider/src/hooks/webhook/webhookHook.js";
import type { Settings } from "../../provider/src/settings.js";
import type { Behaviour } from "../support/receiver.js";
import { fakeContext } from "../unit/provider/support/context.js";
import { type Receiver, startReceiver } from "./receiver.js";

const KEYS = [1, 2].map((byte) => `whsec_${Buffer.alloc(32, byte).toString("base64")}`);

const ALLOWING = { allowPrivate: true, timeoutMs: 15_000 };
const REFUSING = { ...ALLOWING, allowPrivate: false };

/** A process that takes steps of sources, whose notices go to a receiver. */
function steps(
  receiver: Pick<Receiver, "url">,
  settings: Partial<Settings> = {},
  folder = temporaryFolder(),
) {
  const { context, lines } = fakeContext(undefined, { webhookAllowPrivate: true, ...settings });
  Object.assign(context, { projectFolder: folder });
  const hook = createWebhookHook(() => ({ seq: 7, hash: "abc" }));
  let version = 0;
  async function take(name = "orders", more: Partial<Outcome> = {}, url = receiver.url) {
    const before = { id: `id-${name}`, name, key: name, urn: `urn:${name}`, version, webhookUrl: url };
    version += 1;
    const about = { ...before, version };
    const step: LifecycleStep = {
      operation: "update",
      kind: "EventBridge source",
      about: before,
      digest: `${version}`,
    };
    const outcome: Outcome = { about, finalStatus: "active", latencySeconds: 1, retryCount: 0, ...more };
    await hook.record?.(context, step, outcome);
    return hook.after?.(context, step, outcome);
  }
  const box = join(folder, "audit_logs.outbox");
  const waiting = () => readdirSync(box).map((file) => readFileSync(join(box, file), "utf8"));
  return { take, lines, waiting, folder, box };
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "eventbridge-webhook-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A monotonic clock that stands still until it is moved. */
function standingClock() {
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  onTestFinished(() => void vi.restoreAllMocks());
  return (milliseconds: number) => {
    now += milliseconds;
  };
}

test("a notice is signed with every secret, and an independent library verifies it", async () => {
  const receiver = await startReceiver();
  const { take, lines, waiting } = steps(receiver, { webhookSecrets: KEYS });
  expect(await take()).toBeUndefined();
  const [{ headers, body } = { headers: {}, body: "" }] = receiver.received;
  for (const key of KEYS)
    expect(new Webhook(key).verify(body, headers as Record<string, string>)).toMatchObject({
      source_id: "id-orders",
      operation: "update",
      audit_head: "7:abc",
    });
  expect(headers["content-type"]).toBe("application/json");
  expect(waiting()).toEqual([]);
  expect(lines).toEqual([]);
});

test("without an address there is no notice and no outbox", async () => {
  const { take, folder } = steps({ url: undefined as never });
  await take();
  expect(readdirSync(folder)).toEqual([]);
});

test("what passes is tried again under the same id, until it is accepted", async () => {
  const receiver = await startReceiver();
  const { take, lines, waiting } = steps(receiver);
  receiver.behave(
    500,
    (response) => response.writeHead(429, { "retry-after": "0" }).end(),
    (response) => response.socket?.resetAndDestroy(),
    201,
  );
  expect(await take()).toBeUndefined();
  expect(receiver.received).toHaveLength(4);
  expect(new Set(receiver.received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
  expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
  expect([waiting(), lines]).toEqual([[], []]);
});

test.each<[string, Parameters<Receiver["behave"]>[0], RegExp]>([
  ["a refusal", 400, /answered 400\. It waits in .*audit_logs\.outbox/],
  [
    "an upgrade of the protocol",
    (r) => r.writeHead(101, { connection: "upgrade", upgrade: "x" }).end(),
    /answered 101/,
  ],
  [
    "a redirect, which is not followed",
    (r) => r.writeHead(307, { location: "/elsewhere" }).end(),
    /answered 307, a redirect/,
  ],
  ["410", 410, /answered 410: it wants no more notices/],
  [
    "a wait longer than a step should take",
    (r) => r.writeHead(503, { "retry-after": "3600" }).end(),
    /answered 503/,
  ],
])("%s is one warning, one attempt, and the notice stays", async (_, behaviour, warning) => {
  const receiver = await startReceiver();
  receiver.behave(behaviour);
  const { take, lines, waiting } = steps(receiver);
  expect(await take()).toBeUndefined();
  expect(receiver.received).toHaveLength(1);
  expect(lines).toEqual([expect.stringMatching(warning)]);
  expect(lines[0]).toMatch(/^warn urn:orders: the notice of this update was not delivered/);
  expect(waiting()).toHaveLength(1);
});

test("a receiver that accepts and then answers ten megabytes, or never ends, is accepted and left", async () => {
  const receiver = await startReceiver();
  const { take, lines } = steps(receiver);
  const cut = new Promise((resolve) => {
    receiver.behave((response) => {
      response.on("close", () => resolve(response.writableFinished));
      response.writeHead(200);
      response.write(Buffer.alloc(10 * 1024 * 1024));
    });
  });
  expect(await take()).toBeUndefined();
  expect(lines).toEqual([]);
  expect(await cut).toBe(false);
});

test("a receiver that hangs is given 15 seconds, and then left alone for a while", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const pass = standingClock();
  const receiver = await startReceiver();
  receiver.behave(() => {});
  const { take, lines, waiting } = steps(receiver);
  const taken = take();
  await receiver.next();
  await vi.advanceTimersByTimeAsync(14_999);
  expect(lines).toEqual([]);
  pass(15_000);
  await vi.advanceTimersByTimeAsync(1);
  await taken;
  expect(lines).toEqual([expect.stringContaining("no answer within 15 s")]);
  await take("another");
  expect(lines).toHaveLength(2);
  expect(receiver.received).toHaveLength(1);
  expect(waiting()).toHaveLength(2);
});

test("what waits of a source goes out before its next notice, in order; other sources do not wait for it", async () => {
  const receiver = await startReceiver();
  const folder = temporaryFolder();
  receiver.behave(() => {});
  const down = await startReceiver();
  down.behave((response) => response.writeHead(503, { "retry-after": "3600" }).end());
  const before = steps(down, {}, folder);
  await before.take("a");
  await before.take("a");
  await before.take("b");
  expect(before.waiting()).toHaveLength(3);

  // The next run, when the receiver answers again.
  down.behave(204);
  down.received.length = 0;
  const after = steps(down, {}, folder);
  await after.take("c");
  await after.take("a", { finalStatus: "inactive" });
  const names = down.received.map(({ body }) => `${JSON.parse(body).name} ${JSON.parse(body).status}`);
  expect(names).toEqual(["c active", "a active", "a active", "a inactive"]);
  expect(after.waiting().map((text) => JSON.parse(text).name)).toEqual(["b"]);
});

test("what was refused holds nothing up, and is not sent again by itself", async () => {
  const receiver = await startReceiver();
  receiver.behave(400, 204);
  const { take, lines, waiting } = steps(receiver);
  await take();
  await take();
  await take();
  expect(receiver.received).toHaveLength(3);
  expect(new Set(receiver.received.map(({ headers }) => headers["webhook-id"])).size).toBe(3);
  expect(lines).toHaveLength(1);
  expect(waiting()).toHaveLength(1);
});

test("what waits for a receiver that is gone keeps nothing from the one that is there now", async () => {
  const [dead, alive] = [await startReceiver(), await startReceiver()];
  dead.behave((response) => response.writeHead(503, { "retry-after": "3600" }).end());
  const { take, lines, waiting } = steps(dead);
  await take("a");
  for (const name of ["a", "b"]) expect(await take(name, {}, alive.url)).toBeUndefined();
  expect(alive.received.map(({ body }) => JSON.parse(body).name)).toEqual(["a", "b"]);
  expect(lines).toHaveLength(1);
  expect(waiting()).toHaveLength(1);
});

test("what waits for an address that takes all the time goes behind what goes to the one of now", async () => {
  const pass = standingClock();
  const [dead, alive] = [await startReceiver(), await startReceiver()];
  dead.behave((response) => {
    pass(15_000);
    response.writeHead(503).end();
  });
  const folder = temporaryFolder();
  await steps(dead, {}, folder).take();
  alive.behave(UNAVAILABLE);
  await steps(alive, {}, folder).take("orders", { latencySeconds: 2, finalStatus: "inactive" });
  alive.behave(204);
  for (const each of [dead, alive]) each.received.length = 0;

  const { take, lines, waiting } = steps(alive, {}, folder);
  expect(await take("orders", { latencySeconds: 3, finalStatus: "failed" })).toBeUndefined();
  expect(alive.received.map(({ body }) => JSON.parse(body).latency_seconds)).toEqual([2, 3]);
  expect([dead.received.length, waiting().length, lines]).toEqual([1, 1, []]);
});

test("what can no longer be read, since the stack's secrets are others, keeps nothing from being sent", async () => {
  const receiver = await startReceiver();
  const folder = temporaryFolder();
  receiver.behave((response) => response.writeHead(503, { "retry-after": "3600" }).end());
  const credentials = (accessToken: string) => ({ credentials: { accessToken } });
  await steps(receiver, credentials("of yesterday"), folder).take();
  receiver.behave(204);
  const today = steps(receiver, credentials("of today"), folder);
  await today.take("orders", { finalStatus: "inactive" });
  expect(receiver.received.map(({ body }) => JSON.parse(body).status)).toEqual(["active", "inactive"]);
  expect([today.waiting().length, today.lines]).toEqual([1, []]);
});

test("an address that answered 410 is left alone; where notices are required, each step still has its own attempt", async () => {
  const receiver = await startReceiver();
  receiver.behave(410);
  const { take, lines } = steps(receiver);
  await take("a");
  await take("b");
  expect(receiver.received).toHaveLength(1);
  expect(lines[1]).toContain("an earlier one was not delivered: the receiver answered 410");

  const folder = temporaryFolder();
  const required = { webhookRequired: true };
  const first = steps(receiver, required, folder);
  expect(await first.take("c")).toContain("answered 410");
  // The same step, taken again when the receiver has thought better of it.
  receiver.behave(204);
  const again = steps(receiver, required, folder);
  expect(await again.take("c")).toBeUndefined();
  expect(again.waiting()).toEqual([]);
});

/** A delete whose notice has the same id wherever it goes. */
async function takeDelete(url: string, folder: string) {
  const { context, lines } = fakeContext(undefined, { webhookAllowPrivate: true, webhookRequired: true });
  Object.assign(context, { projectFolder: folder });
  const hook = createWebhookHook(() => undefined);
  const about = { id: "id-orders", name: "orders", key: "orders", urn: "urn:orders", webhookUrl: url };
  const step: LifecycleStep = { operation: "delete", kind: "EventBridge source", about, digest: "1" };
  const outcome: Outcome = { about, finalStatus: "deleted", latencySeconds: 1, retryCount: 0 };
  await hook.record?.(context, step, outcome);
  return { trouble: await hook.after?.(context, step, outcome), lines };
}

test("a delete that is taken again, with another address, is told there and no longer to the first one", async () => {
  const [wrong, right] = [await startReceiver(), await startReceiver()];
  wrong.behave(404);
  const folder = temporaryFolder();
  expect((await takeDelete(wrong.url, folder)).trouble).toContain("answered 404");
  expect((await takeDelete(right.url, folder)).trouble).toBeUndefined();
  expect([wrong.received.length, right.received.length]).toEqual([1, 1]);
  expect(right.received[0]?.headers["webhook-id"]).toBe(wrong.received[0]?.headers["webhook-id"]);
  expect(readdirSync(join(folder, "audit_logs.outbox"))).toEqual([]);
});

test("a notice that was damaged where it lay is sent all the same when its step is taken again", async () => {
  const receiver = await startReceiver();
  receiver.behave(404, 204);
  const folder = temporaryFolder();
  await takeDelete(receiver.url, folder);
  const box = join(folder, "audit_logs.outbox");
  for (const file of readdirSync(box)) writeFileSync(join(box, file), "{");
  expect(await takeDelete(receiver.url, folder)).toEqual({ trouble: undefined, lines: [] });
  expect(receiver.received).toHaveLength(2);
  expect(readdirSync(box)).toEqual([]);
});

test("an update that changed nothing at the source is nothing to tell of", async () => {
  const receiver = await startReceiver();
  const { take, folder } = steps(receiver);
  const unchanged = {
    id: "id-orders",
    name: "orders",
    key: "orders",
    urn: "urn:orders",
    version: 0,
    webhookUrl: receiver.url,
  };
  await take("orders", { about: unchanged });
  expect(receiver.received).toEqual([]);
  expect(readdirSync(folder)).toEqual([]);
  // One that was made again may have the same version.
  await steps(receiver).take("orders", { about: { ...unchanged, id: "id-of-another" } });
  expect(receiver.received).toHaveLength(1);
  // An integration that is enabled or disabled keeps its version.
  await steps(receiver).take("orders", { about: { ...unchanged, status: "INACTIVE" } });
  expect(receiver.received).toHaveLength(2);
});

const UNAVAILABLE = (response: ServerResponse) =>
  void response.writeHead(503, { "retry-after": "3600" }).end();

/** A folder in which this many notices of one source wait. */
async function folderWithWaiting(receiver: Receiver, count: number): Promise<string> {
  const folder = temporaryFolder();
  receiver.behave(UNAVAILABLE);
  const { take } = steps(receiver, {}, folder);
  for (let each = 0; each < count; each++) await take("orders", { latencySeconds: each });
  receiver.received.length = 0;
  return folder;
}

test.each([false, true])(
  "a slow receiver gets what 15 seconds have room for; the rest goes in order with the next steps (required: %s)",
  async (webhookRequired) => {
    const pass = standingClock();
    const receiver = await startReceiver();
    const folder = await folderWithWaiting(receiver, 16);
    receiver.behave((response) => {
      pass(3_000);
      response.writeHead(204).end();
    });
    const seconds = () => receiver.received.map(({ body }) => JSON.parse(body).latency_seconds);
    const { take, lines, waiting } = steps(receiver, { webhookRequired }, folder);
    const first = await take("orders", { latencySeconds: 16, finalStatus: "inactive" });
    expect(seconds()).toEqual([0, 1, 2, 3, 4]);
    expect(waiting()).toHaveLength(12);
    expect(webhookRequired ? first : lines[0]).toContain("there was no time for it");
    // A source that nothing waits of is served at once: the receiver is slow, and not down.
    await take("another", { latencySeconds: 99 });
    expect(seconds().at(-1)).toBe(99);
    for (let each = 17; waiting().length > 0; each++)
      await take("orders", { latencySeconds: each, finalStatus: "inactive" });
    const all = seconds().filter((each) => each !== 99);
    expect(all).toEqual(all.toSorted((a, b) => a - b));
    expect(new Set(all).size).toBe(all.length);
  },
);

test("what is tried again within the budget shares it with what waits", async () => {
  const pass = standingClock();
  const receiver = await startReceiver();
  const folder = await folderWithWaiting(receiver, 3);
  // Each attempt takes eight of the fifteen seconds, and is worth another.
  receiver.behave((response) => {
    pass(8_000);
    response.writeHead(503, { "retry-after": "0" }).end();
  });
  await steps(receiver, {}, folder).take("orders", { finalStatus: "inactive" });
  expect(receiver.received).toHaveLength(2);
});

test("an attempt that is cut short by the budget does not make the receiver one that is down", async () => {
  const pass = standingClock();
  const receiver = await startReceiver();
  const folder = await folderWithWaiting(receiver, 2);
  const { take, lines } = steps(receiver, {}, folder);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  receiver.behave(
    (response) => {
      pass(8_000);
      response.writeHead(204).end();
    },
    () => {},
  );
  const second = receiver.next().then(() => receiver.next());
  const taken = take("orders", { finalStatus: "inactive" });
  await second;
  await vi.advanceTimersByTimeAsync(6_999);
  expect(lines).toEqual([]);
  pass(7_000);
  await vi.advanceTimersByTimeAsync(1);
  await taken;
  expect(lines).toEqual([expect.stringContaining("there was no time for it")]);
  receiver.behave(204);
  await take("another");
  expect(lines).toHaveLength(1);
});

/** Ways to change what waits: two notices of a source, the second one's address another receiver's. */
const ALTERATIONS: [string, (first: StoredNotice, second: StoredNotice) => void][] = [
  [
    "the address of another notice",
    (first, second) => {
      first.address = second.address;
    },
  ],
  [
    "another body",
    (first) => {
      first.body = JSON.stringify({ status: "forged" });
    },
  ],
  [
    "the body of another notice",
    (first, second) => {
      first.body = second.body;
    },
  ],
  [
    "another content type",
    (first) => {
      first.contentType = "text/html";
    },
  ],
  [
    "another name",
    (first) => {
      first.name = "payroll";
    },
  ],
];

test.each(ALTERATIONS)(
  "a waiting notice that was given %s is sent nowhere, and the others are",
  async (_, alter) => {
    const [ours, theirs] = [await startReceiver(), await startReceiver()];
    for (const each of [ours, theirs]) each.behave(UNAVAILABLE);
    const folder = temporaryFolder();
    const before = steps(ours, {}, folder);
    await before.take();
    await before.take("orders", {}, theirs.url);
    const paths = readdirSync(before.box).map((file) => join(before.box, file));
    const [first, second] = paths.map((path) => JSON.parse(readFileSync(path, "utf8"))) as [
      StoredNotice,
      StoredNotice,
    ];
    alter(first, second);
    writeFileSync(paths[0] as string, JSON.stringify(first));
    for (const each of [ours, theirs]) {
      each.received.length = 0;
      each.behave(204);
    }

    const { take, lines } = steps(ours, {}, folder);
    expect(await take("orders", { finalStatus: "inactive" })).toBeUndefined();
    expect(ours.received.map(({ body }) => JSON.parse(body).status)).toEqual(["inactive"]);
    expect(theirs.received.map(({ headers }) => headers["webhook-id"])).toEqual([second.id]);
    expect(lines).toEqual([
      expect.stringMatching(/^warn: .* is not sent, because it is not what this package wrote there/),
    ]);
    expect(readdirSync(before.box)).toEqual([expect.stringMatching(/\.json\.corrupt$/)]);
  },
);

test("where notices are required, an undelivered one makes the step unfinished, and is tried every time", async () => {
  const receiver = await startReceiver();
  receiver.behave((response) => response.writeHead(503, { "retry-after": "3600" }).end());
  const { take, lines } = steps(receiver, { webhookRequired: true });
  const unfinished = await take();
  expect(unfinished).toMatch(
    /"orders" is as the program asks \(active\), but the notice .* was not delivered: .*503/,
  );
  expect(unfinished).toContain("run the same command again");
  await take("another");
  expect(receiver.received).toHaveLength(2);
  expect(lines).toEqual([]);
  // A step that failed has its own error.
  expect(await take("third", { failure: { status: 400, code: "c", message: "m" } })).toBeUndefined();
  expect(lines).toHaveLength(1);
});

test("where notices are required, an outbox that cannot be read makes a step without one unfinished", async () => {
  const receiver = await startReceiver();
  const { take, folder } = steps(receiver, { webhookRequired: true });
  writeFileSync(join(folder, "audit_logs.outbox"), "");
  const about = { id: "id-orders", name: "orders", key: "orders", urn: "urn:orders" };
  expect(await take("orders", { about })).toMatch(
    /^EventBridge source "orders" is as .* the outbox cannot be used/,
  );
});

test("no message names the address, and no file holds it or a secret in plain", async () => {
  const { take, lines, waiting } = steps(
    { url: "http://planted-host.invalid:1/planted-key" },
    { webhookSecrets: KEYS, credentials: { clientId: "id", clientSecret: "planted-secret" } },
  );
  await take();
  await take("b");
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/no connection to the receiver \(E\w+\)/);
  expect(lines.join() + waiting().join()).not.toMatch(/planted|whsec_/);
});

/** Ways to write addresses that are none of a public receiver's, `PORT` standing for the port of a real listener. */
const SSRF = [
  ...[
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "0x7f.1",
    "0x7f000001",
    "0x7f.0x0.0x0.0x1",
    "2130706433",
    "017700000001",
  ],
  ...["0177.0.0.1", "0177.0.0.01", "127.000.000.001", "127.0.0.1.", "127.255.255.254", "0", "0.0.0.0", "0x0"],
  ...["localhost", "LOCALHOST", "LocalHost", "%6c%6f%63%61%6c%68%6f%73%74", "%31%32%37.0.0.1"],
  ...[
    "①②⑦.⓪.⓪.①",
    "１２７.０.０.１",
    "127。0。0。1",
    "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
    "user@127.0.0.1",
    "example.com:80@127.0.0.1",
  ],
  ...["[::1]", "[0:0:0:0:0:0:0:1]", "[0000:0000:0000:0000:0000:0000:0000:0001]", "[::]", "[::127.0.0.1]"],
  ...[
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:127.0.0.1]",
    "[::FFFF:127.1.2.3]",
    "[::ffff:0:127.0.0.1]",
  ],
  ...["[64:ff9b::127.0.0.1]", "[64:ff9b::a00:1]", "[64:ff9b:1::1]", "[2002:7f00:1::]", "[2001:0:7f00:1::]"],
  ...["[fe80::1]", "[fec0::1]", "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]", "[2001:db8::1]", "[100::1]"],
  ...[
    "169.254.169.254",
    "0xA9FEA9FE",
    "2852039166",
    "[::ffff:169.254.169.254]",
    "10.0.0.1",
    "10.1",
    "172.16.0.1",
  ],
  ...["172.31.255.255", "192.168.0.1", "192.168.1", "100.64.0.1", "192.0.0.1", "198.18.0.1", "203.0.113.1"],
  ...["224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"],
];

test(`none of ${SSRF.length} spellings of addresses that are not public is reached`, async () => {
  const listeners = [
    await startReceiver("127.0.0.1"),
    await startReceiver("::1"),
    await startReceiver("0.0.0.0"),
  ];
  const message = { headers: {}, body: "{}" };
  for (const host of SSRF)
    for (const { port } of listeners)
      await expect(post(`http://${host}:${port}/`, message, REFUSING), host).rejects.toThrow(
        /^its address leads to a [\w -]+ one, which is refused unless genesyscloud:webhookAllowPrivate is true$/,
      );
  // Whether this name leads anywhere is up to the machine's resolver.
  await expect(post(`http://localhost.:${listeners[0]?.port}/`, message, REFUSING)).rejects.toThrow();
  expect(listeners.map((each) => each.connections())).toEqual([0, 0, 0]);
  expect(SSRF.length).toBeGreaterThanOrEqual(60);

  // They would have been: the list is not refused for another reason.
  await post(`http://0x7f.1:${listeners[0]?.port}/`, message, ALLOWING);
  expect(listeners[0]?.connections()).toBe(1);
});

test("one name is looked up at a time, and who asks for the same one waits for the same answer", async () => {
  const receiver = await startReceiver();
  let underWay = 0;
  let most = 0;
  const lookup = vi.spyOn(dns, "lookup").mockImplementation((async () => {
    underWay += 1;
    most = Math.max(most, underWay);
    await new Promise(setImmediate);
    underWay -= 1;
    return [{ address: "127.0.0.1", family: 4 }];
  }) as never);
  onTestFinished(() => lookup.mockRestore());
  const message = { headers: {}, body: "{}" };
  const posts = ["a", "a", "a", "b", "c"].map((host) =>
    post(`http://${host}.example:${receiver.port}/`, message, ALLOWING),
  );
  expect((await Promise.all(posts)).map(({ status }) => status)).toEqual(Array(5).fill(204));
  expect([lookup.mock.calls.length, most]).toEqual([3, 1]);
});

test("a name is resolved once an attempt, and the connection goes to what was checked", async () => {
  const receiver = await startReceiver();
  const answers = [[{ address: "127.0.0.1", family: 4 }], [{ address: "192.0.2.1", family: 4 }]];
  const lookup = vi.spyOn(dns, "lookup").mockImplementation((async () => answers.shift()) as never);
  onTestFinished(() => lookup.mockRestore());
  expect(
    await post(`http://rebinding.example:${receiver.port}/`, { headers: {}, body: "{}" }, ALLOWING),
  ).toEqual({
    status: 204,
    retryAfterMs: undefined,
  });
  expect(answers).toHaveLength(1);
  await expect(post("http://rebinding.example/", { headers: {}, body: "{}" }, REFUSING)).rejects.toThrow(
    "refused",
  );
});

const TRIAL = { headers: { "content-type": "application/json" }, body: "{}" };

test.each<[string, Behaviour, object]>([
  [
    "takes it",
    (response) => response.writeHead(202).end("thank you"),
    { answer: { status: 202, text: "thank you" } },
  ],
  [
    "refuses it",
    (response) => response.writeHead(400, { "retry-after": "7" }).end("no such route"),
    {
      answer: { status: 400, text: "no such route", retryAfterMs: 7_000 },
      trouble: "the receiver answered 400",
    },
  ],
  [
    "sends it elsewhere",
    (response) => response.writeHead(307, { location: "http://127.0.0.1:1/" }).end(),
    {
      answer: { status: 307, text: "" },
      trouble: expect.stringContaining("a redirect, which is not followed"),
    },
  ],
  [
    "breaks off in the middle of its answer",
    (response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("so far", () => response.destroy());
    },
    { answer: { status: 200, text: "so far" } },
  ],
  [
    "answers much",
    (response) => response.writeHead(200).end("x".repeat(100_000)),
    { answer: { status: 200, text: "x".repeat(64) } },
  ],
  [
    "does not answer",
    (response) => response.destroy(),
    { trouble: "no connection to the receiver (ECONNRESET)" },
  ],
])("a receiver that is tried out and %s is seen as it is, with one attempt", async (_, behaviour, seen) => {
  const receiver = await startReceiver();
  receiver.behave(behaviour);
  const tried = await tryOut(receiver.url, TRIAL, { ...ALLOWING, readBytes: 64 });
  expect(tried).toEqual(seen);
  expect(receiver.received).toHaveLength(1);
});

test("a private address is tried out no more than it gets notices", async () => {
  const receiver = await startReceiver();
  const { answer, trouble } = await tryOut(receiver.url, TRIAL, { ...REFUSING, readBytes: 64 });
  expect([answer, receiver.connections()]).toEqual([undefined, 0]);
  expect(trouble).toContain("genesyscloud:webhookAllowPrivate");
});
