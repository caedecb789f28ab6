/** For how long reads that lag behind a change are doubted, before what they show is believed. */
import { expect, test } from "vitest";
import { INTEGRATION } from "../../../../provider/src/eventBridgeIntegration/kind.js";
import { GenesysError } from "../../../../provider/src/genesys/errors.js";
import type { Inputs } from "../../../../provider/src/lifecycle/inputs.js";
import { beginOn, type KindStep } from "../../../../provider/src/lifecycle/kind.js";
import type { Observed } from "../../../../provider/src/lifecycle/kindApi.js";
import { untilReached } from "../../../../provider/src/lifecycle/reach.js";
import { fakeContext, inTime, useVirtualTime } from "../support/context.js";

useVirtualTime();

const shown = (intendedState: string, reportedState: string): Observed => ({
  fields: { enabled: intendedState === "ENABLED" },
  outputs: { intendedState, reportedState },
  unshown: [],
  version: 1,
});
const ACTIVATING = shown("ENABLED", "ACTIVATING");
const ACTIVE = shown("ENABLED", "ACTIVE");
const OTHERWISE = shown("DISABLED", "INACTIVE");
const WANTED = { eventSourceSuffix: "voice", name: "voice", enabled: true } as unknown as Inputs;

/**
 * Waits for an integration to be ACTIVE.
 *
 * @param reads what they show, each until so many seconds are over; `missing` is a 404.
 */
async function waitingFor(reads: [until: number, Observed | "missing"][]) {
  const begun = Date.now();
  const seconds = () => (Date.now() - begun) / 1_000;
  const step = beginOn(INTEGRATION, fakeContext().context, "10m");
  const get = async () => {
    const [, read = "missing"] = reads.find(([until]) => seconds() < until) ?? [];
    if (read !== "missing") return read;
    throw new GenesysError({ method: "GET", path: "/i", status: 404, code: "not.found", message: "no" });
  };
  const ended = await inTime(
    untilReached(ACTIVATING, "id", WANTED, { ...step, api: { ...step.api, get } } as KindStep).catch(
      (error: unknown) => error,
    ),
  );
  return { ended, seconds: seconds() };
}

test.each<[string, [number, Observed | "missing"][]]>([
  ["is not found at first", [[20, "missing"]]],
  ["is shown as it stood before", [[20, OTHERWISE]]],
  [
    "is shown as it stood before once it is found",
    [
      [25, "missing"],
      [45, OTHERWISE],
    ],
  ],
  [
    "stands elsewhere on its way, twice",
    [
      [20, OTHERWISE],
      [40, ACTIVATING],
      [60, OTHERWISE],
    ],
  ],
])("what %s gets there", async (_, before) => {
  expect((await waitingFor([...before, [Number.POSITIVE_INFINITY, ACTIVE]])).ended).toBe(ACTIVE);
});

test.each<[string, [number, Observed | "missing"], RegExp]>([
  ["not found", [600, "missing"], /was answered 404/],
  ["shown as it was not asked for", [600, OTHERWISE], /is disabled and not enabled in time/],
])("what is %s for half a minute is told then, not when the step is over", async (_, read, message) => {
  const { ended, seconds } = await waitingFor([read]);
  expect(String(ended)).toMatch(message);
  expect(seconds).toBeGreaterThanOrEqual(30);
  expect(seconds).toBeLessThan(60);
});
