/** Which lengths of time a program or a setting may write, and how long each is. */
import { expect, test } from "vitest";
import { parseDuration } from "../../../provider/src/duration.js";

test.each([
  ["90s", 90_000],
  ["10m", 600_000],
  ["1h", 3_600_000],
  ["24h", 86_400_000],
  ["1440m", 86_400_000],
  ["1d", 86_400_000],
  ["1h30m", 5_400_000],
  ["1h0m0.5s", 3_600_500],
  ["1.5h", 5_400_000],
  ["250ms", 250],
])("%s is %d ms", (text, milliseconds) => expect(parseDuration(text)).toBe(milliseconds));

test.each([
  "",
  "10",
  "m",
  "0s",
  "0m",
  "25h",
  "1441m",
  "-1s",
  "1 m",
  "1M",
  " 1m",
  "1h 30m",
  "1h30",
  ".5h",
  "1.h",
  "1d1s",
  "0.0001s",
  "1e3s",
  "1us",
  "1m\n",
])("%j is no duration", (text) => expect(parseDuration(text)).toBeUndefined());
