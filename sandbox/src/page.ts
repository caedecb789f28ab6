/** Pages of a list, in the platform's envelope. */
import { badRequest } from "./platformError.js";
import type { Variants } from "./variants.js";

/** A list's query string, as parsed from the URL. */
export type Query = Record<string, string | string[] | undefined>;

/** The values of an array parameter: repeated, joined by commas, or both. */
export function listIn(query: Query, key: string): string[] {
  return [query[key] ?? []].flat().flatMap((text) => text.split(",").filter((value) => value !== ""));
}

/**
 * One page of a list, in the platform's envelope.
 * @param largest the largest page that may be asked for
 */
export function pageOf(all: unknown[], path: string, query: Query, variants: Variants, largest = 100) {
  const asked = wholeNumber(query, "pageSize", 25, variants.listPageSize === "refusedOver25" ? 25 : largest);
  const pageSize = variants.listPageSize === "always25" ? 25 : asked;
  const pageNumber = wholeNumber(query, "pageNumber", 1, Number.MAX_SAFE_INTEGER);
  const pageCount = Math.ceil(all.length / pageSize);
  const { pageSize: _, pageNumber: __, ...others } = query;
  const uri = (page: number) => {
    const pairs = Object.entries({ pageSize: `${pageSize}`, pageNumber: `${page}`, ...others });
    // Each value is encoded, also a comma: a URI that bears a filter must lead to the same filter.
    const written = pairs.flatMap(([key, value = []]) =>
      [value].flat().map((text) => `${encodeURIComponent(key)}=${encodeURIComponent(text)}`),
    );
    return `${path}?${written.join("&")}`;
  };
  const lastWithNext = variants.nextUri === "untilEmptyPage" ? pageCount : pageCount - 1;
  return {
    entities: entitiesOn(pageNumber, all, pageSize, variants),
    pageSize,
    pageNumber,
    ...(variants.pageCount && { total: all.length, pageCount, lastUri: uri(Math.max(pageCount, 1)) }),
    firstUri: uri(1),
    selfUri: uri(pageNumber),
    ...(variants.nextUri && pageNumber <= lastWithNext && { nextUri: uri(pageNumber + 1) }),
    ...(pageNumber > 1 && { previousUri: uri(pageNumber - 1) }),
  };
}

/** What is on a page. A list that shifts has lost or got an object at its beginning since the page before. */
function entitiesOn(
  pageNumber: number,
  all: unknown[],
  pageSize: number,
  { listPages }: Variants,
): unknown[] {
  const shift = listPages === "steady" || pageNumber === 1 ? 0 : pageNumber % 2 === 0 ? -1 : 1;
  const first = (pageNumber - 1) * pageSize + shift;
  return all.slice(first, first + pageSize);
}

function wholeNumber(query: Query, key: string, usual: number, most: number): number {
  const text = query[key];
  if (text === undefined) return usual;
  const value = typeof text === "string" && /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 1 && value <= most) return value;
  throw badRequest(
    `The value '${text}' of '${key}' must be a whole number from 1 to ${most}.`,
    "invalid.value",
  );
}
