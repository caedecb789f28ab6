/** How long a step waits for a collector that is slow, and for one that answers again. */
import { expect, onTestFinished, test, vi } from "vitest";
import { openOtlp } from "../../../../../provider/src/hooks/audit/otlp.js";
import * as packages from "../../../../../provider/src/hooks/audit/otlpPackages.js";
import type { AuditRecord } from "../../../../../provider/src/hooks/audit/record.js";
import { OTLP_PATIENCE_MS } from "../../../../../provider/src/waits.js";

const load = packages.loadOtlpPackages;

/** A collector that answers after a time; the clock moves when it is told to. */
async function collector() {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  onTestFinished(() => void vi.useRealTimers());
  let answersAfterMs = 0;
  class Exporter {
    export(_: unknown, done: (result: { code: number }) => void) {
      setTimeout(() => done({ code: 0 }), answersAfterMs);
    }
    forceFlush = async () => {};
    shutdown = async () => {};
  }
  const spy = vi
    .spyOn(packages, "loadOtlpPackages")
    .mockReturnValue({ ...load({}), exporter: { OTLPLogExporter: Exporter } as never });
  onTestFinished(() => spy.mockRestore());
  const warnings: string[] = [];
  const target = await openOtlp((message) => warnings.push(message));
  /** @returns how long a step has waited for its record. */
  async function step(afterMs: number): Promise<number> {
    answersAfterMs = afterMs;
    const begun = performance.now();
    target.emit({ event_type: "t", timestamp: "2030-01-01T00:00:00.000Z" } as AuditRecord, "{}");
    const flushed = target.flush().then(() => performance.now() - begun);
    await vi.advanceTimersByTimeAsync(60_000);
    return flushed;
  }
  return { step, warnings };
}

test("one slow answer turns waiting off only until the collector is quick again", async () => {
  const { step, warnings } = await collector();
  expect(await step(100)).toBe(100);
  expect(await step(5_000)).toBe(OTLP_PATIENCE_MS);
  // It is in trouble: this step does not wait, and learns that it is no longer.
  expect(await step(100)).toBeLessThan(100);
  expect(await step(100)).toBe(100);
  expect(warnings).toEqual([expect.stringContaining("nothing confirmed within 2 s")]);
});

test("a collector that is always slow is waited for once, and warned of once", async () => {
  const { step, warnings } = await collector();
  expect(await step(5_000)).toBe(OTLP_PATIENCE_MS);
  for (let each = 0; each < 3; each++) expect(await step(5_000)).toBeLessThan(OTLP_PATIENCE_MS);
  expect(warnings).toHaveLength(1);
});
