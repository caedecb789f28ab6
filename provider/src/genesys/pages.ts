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
  return { ...body, pageCount: body.pageCount ?? undefined, nextUri: body.nextUri ?? undefined };
}

/** Every object of a list, page after page: to `pageCount`, to the page without `nextUri`, or to a short page. */
export async function* everyEntity<Entity>(
  client: GenesysClient,
  path: string,
  query: Record<string, string | number>,
  budget: StepBudget,
): AsyncGenerator<Entity> {
  for (let pageNumber = 1; pageNumber <= MOST_PAGES; pageNumber++) {
    const page = await getPage<Entity>(client, path, query, pageNumber, budget);
    const entities = page.entities ?? [];
    yield* entities;
    if (isLast(page, entities.length, pageNumber)) return;
  }
  throw new Error(`GET ${path}: the list did not end after ${MOST_PAGES} pages.`);
}

function isLast(page: Page<unknown>, length: number, pageNumber: number): boolean {
  if (length === 0) return true;
  if (page.pageCount !== undefined) return pageNumber >= page.pageCount;
  if (page.nextUri !== undefined) return false;
  return length < PAGE_SIZE;
}
