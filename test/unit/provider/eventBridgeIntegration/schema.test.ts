/** What a program may write of an integration, and what it is told where it is wrong. */
import { expect, test } from "vitest";
import { parseInputs } from "../../../../provider/src/eventBridgeIntegration/schema.js";
import { UNKNOWN } from "../../../../provider/src/unknown.js";

const RIGHT = {
  awsAccountId: "012345678901",
  awsAccountRegion: "eu-central-1",
  eventSourceSuffix: "prod.voice_1",
  eventFilter: ["v2.users.{id}.presence"],
};

const problemsOf = (news: Record<string, unknown>) => {
  const parsed = parseInputs(news);
  return "problems" in parsed ? parsed.problems : [];
};

test("what is left out, or null, has its default", () => {
  expect(parseInputs({ ...RIGHT, notes: null, eventSourceSuffix: undefined })).toEqual({
    inputs: {
      awsAccountId: RIGHT.awsAccountId,
      awsAccountRegion: RIGHT.awsAccountRegion,
      eventFilter: RIGHT.eventFilter,
      notes: "",
      enabled: true,
    },
  });
});

test("every problem is told at once, at its path, and no value is", () => {
  const problems = problemsOf({
    awsAccountId: 12345678901,
    awsAccountRegion: "Frankfurt-value",
    eventSourceSuffix: "a b-value",
    eventFilter: ["x-value", "y", "x-value"],
    enabled: "yes-value",
    note: "a-value",
    timeouts: { create: "soon-value" },
  });
  expect(problems.map(({ path }) => path)).toEqual([
    "awsAccountId",
    "awsAccountRegion",
    "eventSourceSuffix",
    "eventFilter[2]",
    "enabled",
    "timeouts.create",
    "note",
  ]);
  expect(JSON.stringify(problems)).not.toMatch(/-value|12345678901/);
  expect(problems[0]?.reason).toMatch(/12 digits, as a string/);
  expect(problems[6]?.reason).toContain('did you mean "notes"?');
});

test.each([
  ["awsAccountId", "12345678901"],
  ["awsAccountId", "0123456789012"],
  ["awsAccountId", "01234567890a"],
  ["awsAccountRegion", "eucentral1"],
  ["awsAccountRegion", "EU-central-1"],
  ["eventSourceSuffix", ""],
  ["eventSourceSuffix", "x".repeat(65)],
  ["eventSourceSuffix", "a/b"],
  ["eventFilter", []],
  ["eventFilter", "v2.users.{id}.presence"],
  ["eventFilter", undefined],
])("%s %j is refused", (field, value) => {
  expect(problemsOf({ ...RIGHT, [field]: value }).map(({ path }) => path)).toEqual([field]);
});

test.each([
  ["awsAccountId", "000000000000"],
  ["awsAccountRegion", "us-gov-east-1"],
  ["awsAccountRegion", "ap-southeast-2"],
  ["eventSourceSuffix", "-sample-eb"],
  ["eventSourceSuffix", "gc-"],
  ["eventSourceSuffix", "x".repeat(64)],
])("%s %j is taken", (field, value) => {
  expect(problemsOf({ ...RIGHT, [field]: value })).toEqual([]);
});

test("unknown values pass wherever they stand", () => {
  expect(problemsOf(Object.fromEntries(Object.keys(RIGHT).map((key) => [key, UNKNOWN])))).toEqual([]);
  expect(problemsOf({ ...RIGHT, eventFilter: [UNKNOWN, UNKNOWN], notes: UNKNOWN, enabled: UNKNOWN })).toEqual(
    [],
  );
});
