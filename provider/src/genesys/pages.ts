import { z } from "zod";
import { aList, inShape } from "./body.js";
import type { GenesysClient } from "./client.js";
import type { StepBudget } from "./retry.js";

/** Objects a page, as the specification gives it. */
const PAGE_SIZE = 25;

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
): Promise<Page<Entity>> {
  const request = { method: "GET", path, query: { ...query, pageSize: PAGE_SIZE, pageNumber } } as const;
  const { body } = await client.send(request, budget);
  return inShape(PAGE, body, request) as Page<Entity>;
}

/** Every page of a list: to `pageCount`, as long as there is a `nextUri`, to `total`, or to a short page. */
export async function* everyPage<Entity>(
  client: GenesysClient,
  path: string,
  query: Record<string, string | number>,
  budget: StepBudget,
): AsyncGenerator<Page<Entity>> {
  let seen = 0;
  for (let pageNumber = 1; pageNumber <= MOST_PAGES; pageNumber++) {
    const page = await getPage<Entity>(client, path, query, pageNumber, budget);
    const entities = page.entities ?? [];
    yield page;
    seen += entities.length;
    if (isLast(page, { length: entities.length, pageNumber, seen })) return;
  }
  throw new Error(`GET ${path}: the list did not end after ${MOST_PAGES} pages.`);
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

function isLast(page: Page<unknown>, at: { length: number; pageNumber: number; seen: number }): boolean {
  if (at.length === 0) return true;
  if (page.pageCount !== undefined) return at.pageNumber >= page.pageCount;
  if (page.nextUri !== undefined) return false;
  if (page.total !== undefined) return at.seen >= page.total;
  return at.length < (page.pageSize ?? PAGE_SIZE);
}
