/** How the organisation's time is known, however far its clock is from this machine's. */
import { expect, test } from "vitest";
import { createPlatformClock } from "../../../../provider/src/genesys/clock.js";

const NOW = Date.parse("2030-01-01T00:00:00Z");
const MINUTE = 60_000;

test("the organisation's clock is known by what its answers say, however far it is from this machine's", () => {
  for (const ahead of [-10 * MINUTE, 0, 10 * MINUTE]) {
    const clock = createPlatformClock(() => NOW);
    clock.hear(new Date(NOW + ahead).toUTCString());
    const { earliest, latest } = clock.at(NOW + MINUTE);
    expect(earliest).toBe(NOW + MINUTE + ahead - 2_000);
    expect(latest).toBe(NOW + MINUTE + ahead + 2_000);
  }
});

test("as long as nothing was heard, or no date, clocks may be minutes apart", () => {
  const clock = createPlatformClock(() => NOW);
  for (const heard of [undefined, 7, "7", "no date 2001"]) clock.hear(heard);
  expect(clock.at(NOW)).toEqual({ earliest: NOW - 5 * MINUTE, latest: NOW + 5 * MINUTE });
});
