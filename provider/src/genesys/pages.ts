/** Lists, page after page, whatever a server tells of their end. */
import { z } from "zod";
import { aList, inShape, malformed } from "./body.js";
import type { GenesysClient } from "./client.js";
import { GenesysError } from "./errors.js";
import type { StepBudget } from "./retry.js";

/** Objects a page, as the specification gives it. */
const PAGE_SIZE = 25;
/** Objects a page that the platform's lists take. A server may give fewer. */
const LARGE_PAGE_SIZE = 100;

/** More pages than any organisation has: a list that is still not over then never ends. */
const MOST_PAGES = 10_000;

/** A page of the platform; whatever it leaves out is worked out from the rest. */
export interface Page<Entity> {
  entities?: Entity[];
  pageCount?: number;
  total?: number;
  /** As many as the server puts on a page, which may be fewer than asked for. */
  pageSize?: number;
  nextUri?: string;
}

/** A count, also where it is written as a text. Whatever else stands there says nothing. */
const aCount = z
  .unknown()
  .transform((value) => {
    const count = typeof value === "string" && value !== "" ? Number(value) : value;
    return typeof count === "number" && Number.isSafeInteger(count) && count >= 0 ? count : undefined;
  })
  .optional();

const PAGE = z.object({
  entities: aList(z.looseObject({})),
  pageCount: aCount,
  total: aCount,
  pageSize: aCount,
  nextUri: z.string().optional().catch(undefined),
});

/**
 * One page of a list.
 *
 * @throws GenesysError `answer.malformed` where it is no list of objects. What the objects bear is for others to check.
 */
export async function getPage<Entity>(
  client: GenesysClient,
  path: string,
  query: Record<string, string | number>,
  pageNumber: number,
  budget: StepBudget,
  pageSize = PAGE_SIZE,
): Promise<Page<Entity>> {
  const request = { method: "GET", path, query: { ...query, pageSize, pageNumber } } as const;
  const { body } = await client.send(request, budget);
  const page = inShape(PAGE, body, request);
  // It would pass for an empty list.
  if (Object.values(page).every((value) => value === undefined))
    throw malformed(request, "the answer is no page of a list");
  return page as Page<Entity>;
}

/** Where a list goes on. */
export interface Place {
  pageNumber: number;
  /** Objects on the pages before. */
  seen: number;
}

/** A page of a list that is read to its end. */
export interface Leaf<Entity> extends Page<Entity> {
  /** Where the list goes on; absent on its last page. */
  next?: Place;
  /** How many pages the list has, as far as this one tells. */
  pages?: number;
}

/**
 * Every page of a list: to `pageCount`, as long as there is a `nextUri`, to `total`, or to a short page.
 *
 * @param from where it is to go on; default: at the beginning.
 */
export async function* everyPage<Entity>(
  client: GenesysClient,
  path: string,
  query: Record<string, string | number>,
  budget: StepBudget,
  from: Place = { pageNumber: 1, seen: 0 },
): AsyncGenerator<Leaf<Entity>> {
  for (let place: Place | undefined = from; place !== undefined; ) {
    const page: Page<Entity> = await getLargePage(client, path, query, place.pageNumber, budget);
    const { pageNumber } = place;
    place = placeAfter(page, place);
    yield place === undefined
      ? { ...page, pages: pageNumber }
      : { ...page, next: place, pages: pagesOf(page) };
    if (place !== undefined && place.pageNumber > MOST_PAGES)
      throw new Error(`GET ${path}: the list did not end after ${MOST_PAGES} pages.`);
  }
}

/** Lists that have refused a large page. */
const refusing = new WeakMap<GenesysClient, Set<string>>();

/** A large page; where a list refuses that, one of the specification's size, from then on. */
async function getLargePage<Entity>(
  client: GenesysClient,
  path: string,
  query: Record<string, string | number>,
  pageNumber: number,
  budget: StepBudget,
): Promise<Page<Entity>> {
  const refused = refusing.get(client) ?? new Set();
  refusing.set(client, refused);
  const get = (size: number) => getPage<Entity>(client, path, query, pageNumber, budget, size);
  if (refused.has(path)) return get(PAGE_SIZE);
  try {
    return await get(LARGE_PAGE_SIZE);
  } catch (error) {
    // In the middle of a list the pages of another size would not go on where these end.
    const isOfSize = error instanceof GenesysError && error.status === 400 && pageNumber === 1;
    if (!isOfSize) throw error;
    refused.add(path);
    return get(PAGE_SIZE);
  }
}

/** Every object of a list, page after page. */
export async function* everyEntity<Entity>(
  client: GenesysClient,
  path: string,
  query: Record<string, string | number>,
  budget: StepBudget,
): AsyncGenerator<Entity> {
  for await (const page of everyPage<Entity>(client, path, query, budget)) yield* page.entities ?? [];
}

/** Every page but the last is as long as this one. */
const pagesOf = ({ pageCount, total, entities = [] }: Page<unknown>): number | undefined =>
  pageCount ?? (total === undefined ? undefined : Math.ceil(total / entities.length));

function placeAfter(
  { entities = [], ...page }: Page<unknown>,
  { pageNumber, seen }: Place,
): Place | undefined {
  const next = { pageNumber: pageNumber + 1, seen: seen + entities.length };
  if (entities.length === 0) return undefined;
  if (page.pageCount !== undefined) return pageNumber < page.pageCount ? next : undefined;
  if (page.nextUri !== undefined) return next;
  if (page.total !== undefined) return next.seen < page.total ? next : undefined;
  // Who ignores the size that is asked for may repeat it all the same.
  return entities.length < Math.min(PAGE_SIZE, page.pageSize ?? PAGE_SIZE) ? undefined : next;
}
