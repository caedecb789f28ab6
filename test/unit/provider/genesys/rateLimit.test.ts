/** Requests of many steps keep within the platform's rate limit, and none waits longer than it has to. */
import { setMaxListeners } from "node:events";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Admission, rateHeaders } from "../../../../provider/src/genesys/allowance.js";
import {
  createRateGovernor,
  NotAdmittedError,
  type Priority,
  type RateGovernor,
} from "../../../../provider/src/genesys/rateLimit.js";
import { RateLimiter } from "../../../../sandbox/src/rateLimit.js";

const never = new AbortController().signal;
setMaxListeners(0, never);
/** Far away, and still what a timer can hold. */
const FOREVER = 2_000_000_000;

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  refusedOfOurs = 0;
});
afterEach(() => {
  vi.useRealTimers();
});

/** A platform that counts in fixed windows, whoever asks. */
function platform(allowed: number, windowMs: number, rounding: (seconds: number) => number = Math.ceil) {
  const counts = new Map<number, number>();
  return {
    counts,
    take() {
      const window = Math.floor(Date.now() / windowMs);
      const count = (counts.get(window) ?? 0) + 1;
      counts.set(window, count);
      return { allowed, count, reset: rounding(((window + 1) * windowMs - Date.now()) / 1_000) };
    },
  };
}

const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail("expected a failure"),
    (error: unknown) => error,
  );

const after = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

let refusedOfOurs = 0;

/** One request through the governor: to the platform, and back. */
async function request(
  governor: RateGovernor,
  server: ReturnType<typeof platform>,
  { priority = "change" as Priority, there = 10, back = 10 } = {},
) {
  const admission = await governor.admit(priority, FOREVER, never);
  await after(there);
  const said = server.take();
  if (said.count > said.allowed) refusedOfOurs += 1;
  await after(back);
  admission.ended(said);
}

describe("a governor alone with its token", () => {
  test("lets a burst pass at once while there is room, and the rest when the window is over", async () => {
    const server = platform(300, 60_000);
    const governor = createRateGovernor(Date.now);
    let done = 0;
    const all = Promise.all(
      Array.from({ length: 620 }, () =>
        request(governor, server).then(() => {
          done += 1;
        }),
      ),
    );
    await vi.advanceTimersByTimeAsync(1_000);
    expect(done).toBe(300);
    await vi.advanceTimersByTimeAsync(62_000);
    expect(done).toBe(600);
    await vi.advanceTimersByTimeAsync(60_000);
    await all;
    expect(refusedOfOurs).toBe(0);
    expect([...server.counts.values()]).toEqual([300, 300, 20]);
  });

  test("sends one request ahead, because what others have used is not known before its answer", async () => {
    const server = platform(300, 60_000);
    for (let i = 0; i < 298; i++) server.take();
    const governor = createRateGovernor(Date.now);
    for (let i = 0; i < 10; i++) void request(governor, server);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(server.counts.get(0)).toBe(300);
    await vi.advanceTimersByTimeAsync(40_000);
    expect(refusedOfOurs).toBe(0);
    expect(server.counts.get(1)).toBe(8);
  });

  test("does not pace a server that says nothing of an allowance", async () => {
    const governor = createRateGovernor(Date.now);
    (await governor.admit("lookup", FOREVER, never)).ended("nothing");
    const all = await Promise.all(
      Array.from({ length: 1_000 }, () => governor.admit("lookup", FOREVER, never)),
    );
    expect(all).toHaveLength(1_000);
  });

  test("a scout that gets no answer is followed by another", async () => {
    const governor = createRateGovernor(Date.now);
    const scout = await governor.admit("lookup", FOREVER, never);
    const next = governor.admit("lookup", FOREVER, never);
    scout.ended("no answer");
    await expect(next).resolves.toBeDefined();
  });

  test("a request that hangs since the last window holds nobody up in the next", async () => {
    const server = platform(300, 60_000);
    const governor = createRateGovernor(Date.now);
    await Promise.all([request(governor, server), vi.advanceTimersByTimeAsync(20)]);
    const hanging = await governor.admit("poll", FOREVER, never);
    await vi.advanceTimersByTimeAsync(70_000);
    await Promise.all([request(governor, server), vi.advanceTimersByTimeAsync(20)]);
    hanging.ended("no answer");
    expect(server.counts.get(1)).toBe(1);
  });
});

test("changes go before polls, polls before look-ups, each in their order", async () => {
  const governor = createRateGovernor(Date.now);
  const scout = await governor.admit("lookup", FOREVER, never);
  const order: string[] = [];
  const wait = (priority: Priority, name: string) =>
    governor.admit(priority, FOREVER, never).then((admission: Admission) => {
      order.push(name);
      admission.ended({ allowed: 10, count: order.length + 1, reset: 60 });
    });
  const all = [
    wait("lookup", "l1"),
    wait("poll", "p1"),
    wait("change", "c1"),
    wait("poll", "p2"),
    wait("change", "c2"),
  ];
  scout.ended({ allowed: 10, count: 1, reset: 60 });
  await Promise.all(all);
  expect(order).toEqual(["c1", "c2", "p1", "p2", "l1"]);
});

test("a 429 that comes all the same pauses everybody until it is over", async () => {
  const governor = createRateGovernor(Date.now);
  const first = await governor.admit("change", FOREVER, never);
  governor.pause(5_000);
  first.ended("nothing");
  let letOut = 0;
  for (let i = 0; i < 5; i++)
    void governor.admit("change", FOREVER, never).then(() => {
      letOut += 1;
    });
  await vi.advanceTimersByTimeAsync(4_999);
  expect(letOut).toBe(0);
  await vi.advanceTimersByTimeAsync(1);
  expect(letOut).toBe(5);
});

test("a pause of months is kept by timers that Node can hold: a longer one would go off at once", async () => {
  const timers = vi.spyOn(globalThis, "setTimeout");
  const governor = createRateGovernor(Date.now);
  const first = await governor.admit("change", FOREVER, never);
  governor.pause(90 * 24 * 3_600_000);
  first.ended("nothing");
  const outcome = Promise.allSettled([governor.admit("change", 60_000, never)]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect((await outcome)[0]).toMatchObject({ status: "rejected" });
  for (const [, delay] of timers.mock.calls) expect(delay).toBeLessThan(2 ** 31);
  timers.mockRestore();
});

describe("what cannot go before its deadline", () => {
  test("fails at once, while the rest waits: a pause of an hour is for whoever has one", async () => {
    const told: string[] = [];
    const governor = createRateGovernor(Date.now, (line) => told.push(line));
    const first = await governor.admit("change", FOREVER, never);
    const early = Array.from({ length: 3 }, () => errorOf(governor.admit("change", 600_000, never)));
    const patient = governor.admit("change", 2 * 3_600_000, never);
    governor.pause(3_600_000);
    governor.pause(3_600_001);
    const late = errorOf(governor.admit("poll", 600_000, never));
    first.ended("no answer");
    for (const error of await Promise.all([...early, late]))
      expect(error).toMatchObject({ closedMs: expect.closeTo(3_600_000, -1) });
    expect(Date.now()).toBe(0);
    expect(told).toEqual(["Genesys Cloud asks to wait 1 h (429): nothing is sent until then"]);
    await vi.advanceTimersByTimeAsync(3_600_001);
    await expect(patient).resolves.toBeDefined();
  });

  test("fails at once where a window has no room and is not over by then", async () => {
    const told: string[] = [];
    const governor = createRateGovernor(Date.now, (line) => told.push(line));
    (await governor.admit("change", FOREVER, never)).ended({ allowed: 0, count: 1, reset: 3_600 });
    const errors = await Promise.all(
      Array.from({ length: 5 }, () => errorOf(governor.admit("change", 600_000, never))),
    );
    for (const error of errors) expect(error).toMatchObject({ closedMs: 3_601_000 });
    expect(told).toEqual([]);
    const patient = governor.admit("change", 2 * 3_600_000, never);
    expect(told).toEqual([
      "the rate limit of the OAuth client (0 requests) is used up: the next request goes in 1 h",
    ]);
    await vi.advanceTimersByTimeAsync(3_601_000);
    await expect(patient).resolves.toBeDefined();
  });

  test("waits while what is on its way may still make room", async () => {
    const governor = createRateGovernor(Date.now);
    (await governor.admit("change", FOREVER, never)).ended({ allowed: 2, count: 1, reset: 60 });
    const underWay = await governor.admit("change", FOREVER, never);
    const waits = governor.admit("change", 10_000, never);
    await vi.advanceTimersByTimeAsync(1_000);
    underWay.ended({ allowed: 300, count: 2, reset: 60 });
    await expect(waits).resolves.toBeDefined();
  });
});

test("an allowance of nothing without end stops nobody for ever: a scout goes a second", async () => {
  const governor = createRateGovernor(Date.now);
  const sentAt: number[] = [];
  for (let i = 0; i < 3; i++) {
    void governor.admit("change", FOREVER, never).then((admission) => {
      sentAt.push(Date.now());
      admission.ended({ allowed: 0, count: 1, reset: 0 });
    });
  }
  await vi.advanceTimersByTimeAsync(10_000);
  expect(sentAt).toEqual([0, 1_000, 2_000]);
});

test("of a pause that nobody notices nothing is said", async () => {
  const told: string[] = [];
  const governor = createRateGovernor(Date.now, (line) => told.push(line));
  governor.pause(2_000);
  expect(told).toEqual([]);
});

test("an answer from something before the platform does not lift the limit", async () => {
  const governor = createRateGovernor(Date.now);
  const scout = await governor.admit("change", FOREVER, never);
  let letOut = 0;
  for (let i = 0; i < 5; i++)
    void governor.admit("change", FOREVER, never).then(() => {
      letOut += 1;
    });
  scout.ended("no answer");
  await vi.advanceTimersByTimeAsync(0);
  expect(letOut).toBe(1);
});

test("who waits gives up at the deadline, or when the provider is told to stop, and leaves no trace", async () => {
  const governor = createRateGovernor(Date.now);
  (await governor.admit("change", FOREVER, never)).ended({ allowed: 1, count: 1, reset: 60 });
  const stop = new AbortController();
  const late = governor.admit("change", 1_000, never);
  const stopped = governor.admit("change", FOREVER, stop.signal);
  const outcomes = Promise.allSettled([late, stopped]);
  stop.abort();
  await vi.advanceTimersByTimeAsync(1_000);
  const [one, two] = await outcomes;
  expect(one).toMatchObject({ status: "rejected", reason: expect.any(NotAdmittedError) });
  expect(two).toMatchObject({ status: "rejected", reason: expect.any(NotAdmittedError) });
  await vi.advanceTimersByTimeAsync(61_000);
  await expect(governor.admit("change", FOREVER, never)).resolves.toBeDefined();
});

test("never more in a window than allowed, however long requests take, however windows are rounded", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        allowed: fc.integer({ min: 1, max: 30 }),
        windowMs: fc.integer({ min: 1_500, max: 20_000 }),
        rounding: fc.constantFrom(Math.ceil, Math.floor, Math.round, (seconds: number) => seconds),
        startsAt: fc.integer({ min: 0, max: 20_000 }),
        requests: fc.array(
          fc.record({
            after: fc.integer({ min: 0, max: 3_000 }),
            there: fc.integer({ min: 0, max: 400 }),
            back: fc.integer({ min: 0, max: 900 }),
          }),
          { maxLength: 60 },
        ),
      }),
      async ({ allowed, windowMs, rounding, startsAt, requests }) => {
        vi.setSystemTime(startsAt);
        refusedOfOurs = 0;
        const server = platform(allowed, windowMs, rounding);
        const governor = createRateGovernor(Date.now);
        const all = requests.map(async (each) => {
          await after(each.after);
          await request(governor, server, each);
        });
        await vi.runAllTimersAsync();
        await Promise.all(all);
        expect(refusedOfOurs).toBe(0);
      },
    ),
    { numRuns: 500 },
  );
});

/**
 * A busy machine: every timer of ours goes off late, answers take long, some are lost although the platform has counted
 * their requests, and the simulated organisation's own limiter counts.
 */
test("on a busy machine nothing is refused: late timers, slow answers, answers that are lost", async () => {
  const aRequest = fc.record({
    starts: fc.nat(8_000),
    there: fc.nat(9_000),
    back: fc.nat(9_000),
    isLost: fc.constantFrom(false, false, false, true),
    timeout: fc.constantFrom(12_000, 60_000),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        allowed: fc.integer({ min: 10, max: 30 }),
        windowSeconds: fc.integer({ min: 1, max: 20 }),
        requests: fc.array(aRequest, { minLength: 60, maxLength: 120 }),
        late: fc.array(fc.nat(3_000), { minLength: 1, maxLength: 20 }),
      }),
      async ({ allowed, windowSeconds, requests, late }) => {
        vi.setSystemTime(0);
        const timer = globalThis.setTimeout;
        const limiter = new RateLimiter();
        const governor = createRateGovernor(Date.now);
        let refused = 0;
        const all = requests.map(async ({ starts, there, back, isLost, timeout }) => {
          await after(starts);
          const admission = await governor.admit("change", FOREVER, never);
          // It is on the platform's side before ours gives it up.
          const taken = after(there).then(() =>
            limiter.count("token", Date.now(), { allowed, windowSeconds }),
          );
          const given = taken.then((said) => after(back).then(() => said));
          const gone = taken.then(() => new Promise<"no answer">((end) => timer(end, timeout, "no answer")));
          const { count } = await taken;
          if (count > allowed) refused += 1;
          const said = await Promise.race([given, gone]);
          admission.ended(isLost ? "no answer" : said);
        });
        let timers = 0;
        const slowly = vi
          .spyOn(globalThis, "setTimeout")
          .mockImplementation(((act: () => void, ms: number) =>
            timer(act, ms + (late[timers++ % late.length] ?? 0))) as typeof setTimeout);
        await vi.runAllTimersAsync();
        slowly.mockRestore();
        await Promise.all(all);
        expect(refused).toBe(0);
      },
    ),
    { numRuns: 60, endOnFailure: true },
  );
});

test.each([
  { every: 500, there: 40 },
  { every: 100, there: 300 },
  { every: 230, there: 200 },
])(
  "no request of ours is refused where another client asks every $every ms, too",
  async ({ every, there }) => {
    const server = platform(300, 60_000);
    const governor = createRateGovernor(Date.now);
    const others = setInterval(() => server.take(), every);
    let ours = 0;
    const worker = async () => {
      while (Date.now() < 150_000) {
        await request(governor, server, { there, back: 40 });
        ours += 1;
      }
    };
    const all = Promise.all(Array.from({ length: 8 }, worker));
    await vi.advanceTimersByTimeAsync(250_000);
    clearInterval(others);
    await all;
    expect(refusedOfOurs).toBe(0);
    expect(ours).toBeGreaterThan(100);
  },
);

test("headers are taken only when they say all of it", () => {
  const all = { "inin-ratelimit-allowed": "300", "inin-ratelimit-count": "7", "inin-ratelimit-reset": "42" };
  expect(rateHeaders(all)).toEqual({ allowed: 300, count: 7, reset: 42 });
  expect(rateHeaders({ ...all, "inin-ratelimit-count": undefined })).toBeUndefined();
  expect(rateHeaders({ ...all, "inin-ratelimit-reset": "soon" })).toBeUndefined();
  expect(rateHeaders({})).toBeUndefined();
});
