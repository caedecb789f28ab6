import { badRequest } from "./platformError.js";
import type { Variants } from "./variants.js";

/** A list's query string, as parsed from the URL. */
export type Query = Record<string, string | string[] | undefined>;

/** One page of a list, in the platform's envelope. */
export function pageOf(all: unknown[], path: string, query: Query, variants: Variants) {
  const pageSize = wholeNumber(query, "pageSize", 25, 100);
  const pageNumber = wholeNumber(query, "pageNumber", 1, Number.MAX_SAFE_INTEGER);
  const pageCount = Math.ceil(all.length / pageSize);
  const uri = (page: number) => {
    const name = typeof query.name === "string" ? `&name=${encodeURIComponent(query.name)}` : "";
    return `${path}?pageSize=${pageSize}&pageNumber=${page}${name}`;
  };
  return {
    entities: all.slice((pageNumber - 1) * pageSize, pageNumber * pageSize),
    pageSize,
    pageNumber,
    ...(variants.pageCount && { total: all.length, pageCount, lastUri: uri(Math.max(pageCount, 1)) }),
    firstUri: uri(1),
    selfUri: uri(pageNumber),
    ...(variants.nextUri && pageNumber < pageCount && { nextUri: uri(pageNumber + 1) }),
    ...(pageNumber > 1 && { previousUri: uri(pageNumber - 1) }),
  };
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
