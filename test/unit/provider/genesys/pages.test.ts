/** How a list is read to its end, whichever way its pages tell where that is. */
import { expect, test } from "vitest";
import type { GenesysClient, Request } from "../../../../provider/src/genesys/client.js";
import { everyEntity, type Page } from "../../../../provider/src/genesys/pages.js";
import { budgetOf } from "../support/context.js";

interface Entity {
  n: number;
}

/** Entities of these numbers. */
const of = (...numbers: number[]): Entity[] => numbers.map((n) => ({ n }));

/** A client that answers these pages, and what it was asked. */
function pages(answer: (pageNumber: number) => Page<Entity> | object) {
  const asked: Request[] = [];
  const client = {
    send: async (request: Request) => {
      asked.push(request);
      return { status: 200, body: answer(Number(request.query?.pageNumber)) };
    },
  } as unknown as GenesysClient;
  const all = async () => {
    const entities: number[] = [];
    for await (const entity of everyEntity<Entity>(client, "/list", { name: "n" }, budgetOf(60_000)))
      entities.push(entity.n);
    return entities;
  };
  return { all, asked, client };
}

const full = of(...Array(25).keys());

test("pages of 100 are asked for one after the other, up to pageCount, with the query each time", async () => {
  const { all, asked } = pages((pageNumber) => ({ entities: of(pageNumber), pageCount: 3 }));
  expect(await all()).toEqual([1, 2, 3]);
  expect(asked).toEqual(
    [1, 2, 3].map((pageNumber) => ({
      method: "GET",
      path: "/list",
      query: { name: "n", pageSize: 100, pageNumber },
    })),
  );
});

test.each<[string, (pageNumber: number) => object, number]>([
  ["pageCount says so, though the page is full", () => ({ entities: full, pageCount: 1 }), 1],
  [
    "total is reached, on pages smaller than asked for",
    (n) => ({ entities: n < 3 ? of(1, 2) : of(3), total: 5 }),
    3,
  ],
  [
    "the page is shorter than the server's own",
    (n) => ({ entities: n < 3 ? of(1, 2) : of(3), pageSize: 2 }),
    3,
  ],
  ["the page is empty, whatever pageCount says", () => ({ entities: [], pageCount: 9 }), 1],
  ["there are no entities at all", () => ({ total: 0 }), 1],
  [
    "no nextUri is left, on a short page",
    (n) => (n < 3 ? { entities: of(1), nextUri: "/next" } : { entities: of(1) }),
    3,
  ],
  ["a page is short", (n) => ({ entities: n < 3 ? full : of(1) }), 3],
  ["the page after a full last one is empty", (n) => ({ entities: n < 3 ? full : [] }), 3],
  [
    "null says as much as leaving out",
    (n) => ({ entities: n < 3 ? full : of(1), pageCount: null, nextUri: null }),
    3,
  ],
])("the list is over when %s", async (_, answer, requests) => {
  const { all, asked } = pages(answer);
  await all();
  expect(asked).toHaveLength(requests);
});

test("pages after the one that was wanted are not asked for", async () => {
  const { asked, client } = pages(() => ({ entities: of(1), pageCount: 9 }));
  for await (const entity of everyEntity<Entity>(client, "/list", {}, budgetOf(60_000)))
    if (entity.n === 1) break;
  expect(asked).toHaveLength(1);
});

test("a list that never ends is an error in the end", async () => {
  const { all, asked } = pages(() => ({ entities: of(1), nextUri: "/again" }));
  await expect(all()).rejects.toThrow("GET /list: the list did not end after 10000 pages.");
  expect(asked).toHaveLength(10_000);
});

test.each([{}, { message: "welcome to the gateway" }, { entities: null }])(
  "an answer that is no page is not an empty list: %j",
  async (body) => {
    await expect(pages(() => body).all()).rejects.toThrow("the answer is no page of a list");
  },
);
