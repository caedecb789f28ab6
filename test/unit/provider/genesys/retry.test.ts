/** Which failures are worth another request, when it is sent, and when that ends. */
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { GenesysError } from "../../../../provider/src/genesys/errors.js";
import { parseRetryAfter, retryAfterIn, withRetry } from "../../../../provider/src/genesys/retry.js";
import { budgetOf, errorOf, inTime, useVirtualTime } from "../support/context.js";
import { failure } from "../support/fakeOrganisation.js";

useVirtualTime();

/** A request that fails with these errors in turn, and then succeeds; and when it was sent. */
function request(...errors: Error[]) {
  const begun = Date.now();
  const sentAt: number[] = [];
  const send = async () => {
    sentAt.push(Date.now() - begun);
    const error = errors[sentAt.length - 1];
    if (error !== undefined) throw error;
    return "answer";
  };
  return { send, sentAt };
}

const options = { maxRetries: 5, idempotent: true, elapsed: () => Date.now() };
const longestJitter = () => vi.spyOn(Math, "random").mockReturnValue(1);

describe("what is repeated", () => {
  test.each([
    [429, true, true],
    [429, false, true],
    [0, true, true],
    [502, true, true],
    [503, true, true],
    [504, true, true],
    [0, false, false],
    [502, false, false],
    [503, false, false],
    [504, false, false],
    [500, true, false],
    [400, true, false],
    [401, true, false],
    [403, true, false],
    [404, true, false],
    [409, true, false],
  ])("%d, where doing it twice does no harm: %s — repeated: %s", async (status, idempotent, repeated) => {
    const { send, sentAt } = request(failure(status));
    const sent = withRetry(budgetOf(60_000), { ...options, idempotent }, send);
    if (repeated) expect(await inTime(sent)).toBe("answer");
    else expect((await errorOf(sent)).status).toBe(status);
    expect(sentAt).toHaveLength(repeated ? 2 : 1);
  });

  test("an error that is not ours is never repeated", async () => {
    for (const error of [new Error("boom"), new TypeError("fetch failed")]) {
      const { send, sentAt } = request(error);
      expect(await errorOf(withRetry(budgetOf(60_000), options, send))).toBe(error);
      expect(sentAt).toHaveLength(1);
    }
  });
});

test("the pauses double, up to half a minute, each a random part of it, one half at least", async () => {
  longestJitter();
  const { send, sentAt } = request(...Array.from({ length: 9 }, () => failure(503)));
  await inTime(withRetry(budgetOf(3_600_000), { ...options, maxRetries: 9 }, send));
  const pauses = sentAt.slice(1).map((at, index) => at - (sentAt[index] ?? 0));
  expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
});

describe.each([429, 503])("a %d whose Retry-After is nothing, or over", (status) => {
  test.each([0, 1])(
    "is not repeated faster than without one: a limit of three seconds is outlasted",
    async (retryAfterMs) => {
      vi.spyOn(Math, "random").mockReturnValue(0);
      const { send, sentAt } = request(...Array.from({ length: 5 }, () => failure(status, { retryAfterMs })));
      await inTime(withRetry(budgetOf(60_000), options, send));
      expect(sentAt).toEqual([0, 250, 750, 1_750, 3_750, 7_750]);
    },
  );
});

test("each pause is told as it begins, with its reason", async () => {
  const told: [number, number][] = [];
  const errors = [failure(429, { retryAfterMs: 42_000 }), failure(503)];
  longestJitter();
  const onPause = (milliseconds: number, { status }: GenesysError) => void told.push([milliseconds, status]);
  await inTime(withRetry(budgetOf(60_000), { ...options, onPause }, request(...errors).send));
  expect(told).toEqual([
    [42_000, 429],
    [1_000, 503],
  ]);
});

test("a certificate that was refused is not repeated: it does not get better by waiting", async () => {
  const { send, sentAt } = request(failure(0, { code: "network.certificate" }));
  await errorOf(withRetry(budgetOf(60_000), options, send));
  expect(sentAt).toEqual([0]);
});

test("after the allowed number of repetitions the last error counts, and knows how many there were", async () => {
  const errors = [failure(503), failure(503), failure(502)];
  const { send, sentAt } = request(...errors);
  const budget = budgetOf(60_000);
  const error = await errorOf(withRetry(budget, { ...options, maxRetries: 2 }, send));
  expect(error.message).toMatch(/message 502 \(repeated 2 times over .*\)/);
  expect(error.retryCount).toBe(2);
  expect(budget.retryCount).toBe(2);
  expect(sentAt).toHaveLength(3);
});

test("with no repetitions allowed a request is sent once", async () => {
  const { send, sentAt } = request(failure(503));
  await errorOf(withRetry(budgetOf(60_000), { ...options, maxRetries: 0 }, send));
  expect(sentAt).toHaveLength(1);
});

test("the budget counts what all its requests repeated", async () => {
  const budget = budgetOf(60_000);
  await inTime(withRetry(budget, options, request(failure(429)).send));
  await inTime(withRetry(budget, options, request(failure(503), failure(503)).send));
  expect(budget.retryCount).toBe(3);
});

test("Retry-After is waited out in full, also when it is longer than any pause of ours", async () => {
  const { send, sentAt } = request(failure(429, { retryAfterMs: 42_000 }));
  await inTime(withRetry(budgetOf(60_000), options, send));
  expect(sentAt).toEqual([0, 42_000]);
});

test("a Retry-After that reaches past the deadline fails at once", async () => {
  const begun = Date.now();
  const error = failure(429, { retryAfterMs: 60_000 });
  expect(await errorOf(withRetry(budgetOf(60_000), options, request(error).send))).toBe(error);
  expect(Date.now()).toBe(begun);
});

test("a stop ends the pause, and nothing more is sent", async () => {
  const stop = new AbortController();
  const { send, sentAt } = request(failure(429, { retryAfterMs: 30_000 }));
  setTimeout(() => stop.abort(), 1_000);
  expect((await errorOf(withRetry(budgetOf(60_000, stop.signal), options, send))).status).toBe(429);
  expect(sentAt).toEqual([0]);
});

test("whatever fails and how: the deadline is never passed, Retry-After never shortened", async () => {
  const anError = fc.record({
    status: fc.constantFrom(0, 429, 502, 503, 504),
    retryAfterMs: fc.option(fc.integer({ min: 0, max: 40_000 }), { nil: undefined }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(anError, { maxLength: 8 }),
      fc.integer({ min: 1, max: 90_000 }),
      fc.integer({ min: 0, max: 7 }),
      async (errors, allowed, maxRetries) => {
        const { send, sentAt } = request(...errors.map(({ status, ...more }) => failure(status, more)));
        const budget = budgetOf(allowed);
        await inTime(
          withRetry(budget, { ...options, maxRetries }, send).catch((error: unknown) => {
            if (!(error instanceof GenesysError)) throw error;
          }),
        );
        expect(sentAt.length).toBeLessThanOrEqual(maxRetries + 1);
        expect(budget.retryCount).toBe(sentAt.length - 1);
        for (const [index, at] of sentAt.entries()) {
          expect(at).toBeLessThan(allowed);
          const asked = errors[index - 1]?.retryAfterMs ?? 0;
          if (index > 0) expect(at - (sentAt[index - 1] ?? 0)).toBeGreaterThanOrEqual(asked);
        }
      },
    ),
  );
});

describe("Retry-After", () => {
  const now = Date.parse("2030-01-01T00:00:00Z");
  test.each([
    ["42", 42_000],
    [" 42 ", 42_000],
    [42, 42_000],
    ["0", 0],
    ["1.5", 1_500],
    ["0.0001", 1],
    ["Tue, 01 Jan 2030 00:00:10 GMT", 10_000],
    ["Tuesday, 01-Jan-30 00:00:10 GMT", 10_000],
    ["Tue Jan  1 00:00:10 2030", 10_000 + new Date(now).getTimezoneOffset() * 60_000],
    ["Mon, 31 Dec 2029 23:59:00 GMT", 0],
  ])("%j is %d ms", (header, milliseconds) => expect(parseRetryAfter(header, now)).toBe(milliseconds));

  test("as a date is measured by the clock that wrote it, however far this machine's is from that", () => {
    const date = "Tue, 01 Jan 2030 00:00:00 GMT";
    const headers = { date, "retry-after": "Tue, 01 Jan 2030 00:00:40 GMT" };
    for (const apart of [-3_600_000, -120_000, 0, 120_000, 3_600_000])
      expect(retryAfterIn(headers, now + apart)).toBe(40_000);
    expect(retryAfterIn({ ...headers, date: undefined }, now - 2_000)).toBe(42_000);
    expect(retryAfterIn({ ...headers, date: "7" }, now - 2_000)).toBe(42_000);
    expect(retryAfterIn({ ...headers, "retry-after": "9" }, now + 120_000)).toBe(9_000);
    expect(retryAfterIn({ date }, now)).toBeUndefined();
  });

  test("of whatever length is a number that can be reckoned with", () => {
    expect(parseRetryAfter("9".repeat(400), now)).toBe(Number.MAX_SAFE_INTEGER);
  });

  test.each([undefined, null, "", "soon", "-1", "1e3", "5 seconds", "soon 1", {}, ["42"], true, Number.NaN])(
    "%j says nothing, so the backoff decides",
    (header) => expect(parseRetryAfter(header, now)).toBeUndefined(),
  );

  test("whatever the header, the answer is a length of time or nothing", () =>
    fc.assert(
      fc.property(fc.anything(), fc.integer(), (header, at) => {
        const milliseconds = parseRetryAfter(header, at);
        expect(milliseconds === undefined || milliseconds >= 0).toBe(true);
      }),
    ));

  test("seconds are never rounded down", () =>
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), (seconds) => {
        const header = seconds.toFixed(6);
        expect(parseRetryAfter(header, now)).toBeGreaterThanOrEqual(Number(header) * 1_000 - 1e-6);
      }),
    ));
});
