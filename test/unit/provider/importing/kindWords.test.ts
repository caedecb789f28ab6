/** Counts of several kinds read the same in whatever order their objects came. */
import { expect, test } from "vitest";
import { sayCounts } from "../../../../provider/src/importing/kindWords.js";

const of = (sources: number, integrations: number) => [
  ...Array.from({ length: sources }, () => "source"),
  ...Array.from({ length: integrations }, () => "integration"),
];

test.each([
  [10, 1, "10 sources and 1 integration"],
  [1, 4, "4 integrations and 1 source"],
  [2, 2, "2 integrations and 2 sources"],
  [0, 1, "1 integration"],
])("%i sources and %i integrations: of what there is most first", (sources, integrations, said) => {
  expect(sayCounts(of(sources, integrations))).toBe(said);
  expect(sayCounts(of(sources, integrations).toReversed())).toBe(said);
});
