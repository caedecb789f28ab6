/** How a length of time is said to a person. */
import { expect, test } from "vitest";
import { sayDuration } from "../../../../provider/src/genesys/say.js";

test.each([
  [-5, "0 ms"],
  [850, "850 ms"],
  [1_000, "1 s"],
  [12_400, "12 s"],
  [59_900, "1 min"],
  [200_000, "3 min 20 s"],
  [600_000, "10 min"],
  [3_600_000, "1 h"],
  [7_530_000, "2 h 5 min"],
  [3_599_900, "1 h"],
  [100_000_000, "27 h 46 min"],
  [190_800_000, "2 days 5 h"],
  [1_790_000_000_000, "20717 days 14 h"],
])("%d ms are said as %s", (milliseconds, words) => expect(sayDuration(milliseconds)).toBe(words));
