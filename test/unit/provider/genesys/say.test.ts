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
])("%d ms are said as %s", (milliseconds, words) => expect(sayDuration(milliseconds)).toBe(words));
