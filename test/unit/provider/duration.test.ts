import { expect, test } from "vitest";
import { parseDuration } from "../../../provider/src/duration.js";

test.each([
  ["90s", 90_000],
  ["10m", 600_000],
  ["1h", 3_600_000],
  ["24h", 86_400_000],
  ["1440m", 86_400_000],
])("%s is %d ms", (text, milliseconds) => expect(parseDuration(text)).toBe(milliseconds));

test.each([
  "",
  "10",
  "m",
  "0s",
  "0m",
  "25h",
  "1441m",
  "1.5h",
  "-1s",
  "1 m",
  "1M",
  "1d",
  "10ms",
  " 1m",
  "1m\n",
  "1h30m",
])("%j is no duration", (text) => expect(parseDuration(text)).toBeUndefined());
