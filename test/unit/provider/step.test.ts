/** How long a step may take and wait, and what it counts meanwhile. */
import { expect, test } from "vitest";
import { beginStep, eventually, unlessMissing, unlessStopped } from "../../../provider/src/step.js";
import { SETTLES_WITHIN_MS } from "../../../provider/src/waits.js";
import { errorOf, fakeContext, inTime, useVirtualTime } from "./support/context.js";
import { failure } from "./support/fakeOrganisation.js";

useVirtualTime();

test("a step has until its time-out, and tells how long it took and what it repeated", async () => {
  const { context } = fakeContext();
  const step = beginStep(context, "10m");
  expect(step.budget.left()).toBe(600_000);
  await inTime(new Promise((resolve) => setTimeout(resolve, 1_234)));
  step.budget.retryCount += 2;
  expect(step.spent()).toEqual({ latencySeconds: 1.234, retryCount: 2 });
});

test("a time-out that is none is a mistake of ours", () => {
  expect(() => beginStep(fakeContext().context, "soon")).toThrow('"soon" is no duration');
});

test("eventually returns what is there at once without waiting", async () => {
  const begun = Date.now();
  const step = beginStep(fakeContext().context, "10m");
  expect(await inTime(eventually(step, async () => "here"))).toEqual({ end: "reached", value: "here" });
  expect(Date.now()).toBe(begun);
});

test("eventually looks at growing intervals, once more at the end, and then gives up", async () => {
  const begun = Date.now();
  const looks: number[] = [];
  const step = beginStep(fakeContext().context, "10m");
  const look = async () => {
    looks.push(Date.now() - begun);
    return undefined;
  };
  expect(await inTime(eventually(step, look))).toEqual({ end: "timed out" });
  expect(looks).toEqual([0, 250, 750, 1_750, 3_750, 7_750, 15_750, SETTLES_WITHIN_MS]);
});

test("eventually takes half of what the step has left, and stops when the provider is stopped", async () => {
  const begun = Date.now();
  await inTime(eventually(beginStep(fakeContext().context, "2s"), async () => undefined));
  expect(Date.now() - begun).toBe(1_000);

  const stop = new AbortController();
  const { context } = fakeContext(undefined, {}, stop.signal);
  setTimeout(() => stop.abort(), 1_000);
  const ended = await inTime(eventually(beginStep(context, "10m"), async () => undefined));
  expect(ended).toEqual({ end: "aborted" });
  expect(Date.now() - begun).toBe(2_000);
});

test("what was not seen is not there where it had its time, and is not known where the run was stopped", () => {
  expect(unlessStopped({ end: "reached", value: 0 }, "it")).toBe(0);
  expect(unlessStopped({ end: "timed out" }, "it")).toBeUndefined();
  expect(() => unlessStopped({ end: "aborted" }, "whether it is gone")).toThrow(
    "The run was stopped before it was seen whether it is gone.",
  );
});

test("only a 404 means missing", async () => {
  expect(await unlessMissing(Promise.resolve(1))).toBe(1);
  expect(await unlessMissing(Promise.reject(failure(404)))).toBeUndefined();
  for (const error of [failure(403), failure(410), failure(0), new Error("404")])
    expect(await errorOf(unlessMissing(Promise.reject(error)))).toBe(error);
});
