/** The three ends of waiting, and what it leaves behind: nothing. */
import { expect, test, vi } from "vitest";
import { doubling, reachedIn, sleep, waitFor } from "../../../provider/src/waitFor.js";
import { errorOf, inTime, useVirtualTime } from "./support/context.js";

useVirtualTime();

/** Looks that are taken at these moments; the one of that number finds something. */
function looksUntil(found: number) {
  const begun = Date.now();
  const at: number[] = [];
  const look = async () => {
    at.push(Date.now() - begun);
    return at.length === found ? "it" : undefined;
  };
  return { look, at };
}

test("it is reached at the look that finds it", async () => {
  const { look, at } = looksUntil(3);
  const pauses: number[] = [];
  const ended = await inTime(
    waitFor(look, { pause: (looks) => looks * 100, onPause: (ms) => void pauses.push(ms) }),
  );
  expect(ended).toEqual({ end: "reached", value: "it" });
  expect(at).toEqual([0, 100, 300]);
  expect(pauses).toEqual([100, 200]);
});

test("it times out where there is no further pause", async () => {
  const { look, at } = looksUntil(9);
  const ended = await inTime(waitFor(look, { pause: (looks) => (looks < 2 ? 50 : undefined) }));
  expect(ended).toEqual({ end: "timed out" });
  expect(at).toEqual([50, 100]);
});

test("it is aborted: a pause ends early, and the look after it is the last", async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 130);
  const { look, at } = looksUntil(9);
  const ended = await inTime(waitFor(look, { signal: stop.signal, pause: () => 100 }));
  expect(ended).toEqual({ end: "aborted" });
  expect(at).toEqual([100, 130]);
  expect(await waitFor(look, { signal: stop.signal, pause: () => 100 })).toEqual({ end: "aborted" });
  expect(at).toHaveLength(2);
  expect(vi.getTimerCount()).toBe(0);
});

test("what a look throws ends it", async () => {
  const trouble = new Error("no");
  expect(await errorOf(waitFor(() => Promise.reject(trouble), { pause: () => 0 }))).toBe(trouble);
});

test("only what was reached has a value", () => {
  expect(reachedIn({ end: "reached", value: 1 })).toBe(1);
  expect(reachedIn({ end: "timed out" })).toBeUndefined();
  expect(reachedIn({ end: "aborted" })).toBeUndefined();
});

test("pauses double, up to the longest", () => {
  expect([1, 2, 3, 4].map((looks) => doubling(looks, 250, 1_500))).toEqual([250, 500, 1_000, 1_500]);
});

test("sleep leaves neither a timer nor a listener behind", async () => {
  const stop = new AbortController();
  const remove = vi.spyOn(stop.signal, "removeEventListener");
  const slept = sleep(60_000, stop.signal);
  stop.abort();
  await slept;
  expect(vi.getTimerCount()).toBe(0);
  expect(remove).toHaveBeenCalledOnce();
  await sleep(60_000, stop.signal);
  expect(vi.getTimerCount()).toBe(0);
});
