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

/** One page of a list. */
export async function getPage<Entity>(
  client: GenesysClient,
  path: string,
  query: Record<string, string | number>,
  pageNumber: number,
  budget: StepBudget,
): Promise<Page<Entity>> {
  const { body } = await client.send<Page<Entity>>(
    { method: "GET", path, query: { ...query, pageSize: PAGE_SIZE, pageNumber } },
    budget,
  );
  // null says as much as leaving out.
  const { pageCount, nextUri, total, pageSize } = body;
  return {
    ...body,
    pageCount: pageCount ?? undefined,
    nextUri: nextUri ?? undefined,
    total: total ?? undefined,
    pageSize: pageSize ?? undefined,
  };
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
