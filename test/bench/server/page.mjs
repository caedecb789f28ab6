/** A page of a list, in the platform's envelope. */

/** The largest page that a list gives. */
const LARGEST = 100;

/**
 * @param {unknown[]} all
 * @param {string} path
 * @param {URLSearchParams} query
 */
export function pageOf(all, path, query) {
  const pageSize = Math.min(LARGEST, Number(query.get("pageSize") ?? 25));
  const pageNumber = Number(query.get("pageNumber") ?? 1);
  const pageCount = Math.ceil(all.length / pageSize);
  return {
    entities: all.slice((pageNumber - 1) * pageSize, pageNumber * pageSize),
    pageSize,
    pageNumber,
    total: all.length,
    pageCount,
    ...(pageNumber < pageCount && {
      nextUri: `${path}?pageSize=${pageSize}&pageNumber=${pageNumber + 1}`,
    }),
  };
}
