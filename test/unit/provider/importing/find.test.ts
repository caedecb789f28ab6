/** Which sources an import finds by all, by name or by id, though the list changes meanwhile. */
import { describe, expect, test } from "vitest";
import { SOURCE } from "../../../../provider/src/eventBridgeSource/kind.js";
import { findObjects, type Wanted } from "../../../../provider/src/importing/find.js";
import { beginOn } from "../../../../provider/src/lifecycle/kind.js";
import { errorOf, fakeContext } from "../support/context.js";
import { FakeOrganisation } from "../support/fakeOrganisation.js";

function organisationOf(...names: string[]) {
  const organisation = new FakeOrganisation();
  for (const name of names) organisation.addSource({ name });
  return organisation;
}

/** What is found, told by name, and how far it was at each page. */
async function find(organisation: FakeOrganisation, wanted: Partial<Wanted>) {
  const progress: (number | undefined)[][] = [];
  const { objects, uncertain, ...rest } = await findObjects(
    [beginOn(SOURCE, fakeContext(organisation).context, "1m")],
    { ids: [], names: [], all: false, ...wanted },
    () => (seen, total) => void progress.push([seen, total]),
  );
  return {
    names: objects.map(({ shown }) => shown.name),
    progress,
    uncertain: uncertain.length > 0,
    ...rest,
  };
}

describe("all", () => {
  test("a thousand sources take forty pages, told one by one", async () => {
    const organisation = organisationOf(...Array.from({ length: 1_000 }, (_, index) => `source ${index}`));
    const { names, progress, uncertain } = await find(organisation, { all: true });
    expect(names).toHaveLength(1_000);
    expect(organisation.calls).toEqual(
      Array.from({ length: 40 }, (_, index) => `GET /sources?page=${index + 1}`),
    );
    expect(progress.at(-1)).toEqual([1_000, undefined]);
    expect(uncertain).toBe(false);
  });

  test("of an empty organisation is nothing", async () => {
    expect((await find(organisationOf(), { all: true })).names).toEqual([]);
  });

  /** Three pages of two, and a total. */
  const steady = () =>
    Object.assign(organisationOf("a", "b", "c", "d", "e", "f"), { pageSize: 2, tellsTotal: true });

  test("a source that vanishes between two pages hides none behind it", async () => {
    const organisation = steady();
    organisation.on(/page=2/, (_, proceed) => {
      organisation.sources.delete("src-1");
      return proceed();
    });
    const { names, uncertain } = await find(organisation, { all: true });
    expect(names.toSorted()).toEqual(["b", "c", "d", "e", "f"]);
    expect(uncertain).toBe(false);
  });

  test("a list that never stands still gives what was seen of it, and says that it is uncertain", async () => {
    const organisation = steady();
    organisation.on(
      /page=2/,
      (_, proceed) => {
        organisation.addSource({ name: `more ${organisation.sources.size}` });
        return proceed();
      },
      10,
    );
    const { names, uncertain } = await find(organisation, { all: true });
    expect(names).toEqual(expect.arrayContaining(["a", "f", "more 6"]));
    expect(uncertain).toBe(true);
  });

  test("a page that fails fails", async () => {
    const error = await errorOf(find(organisationOf("a").fail(/GET/, 401), { all: true }));
    expect(error.message).toContain("401");
  });
});

describe("by name", () => {
  const names = [
    "orders",
    "Orders",
    "orders/eu",
    "vip [1]",
    "vip 1",
    ".hidden",
    "orders (eu)",
    "orders eu",
    "!ord 1",
    "a\n/b",
  ];

  test.each<[string, string[]]>([
    ["orders*", ["orders", "orders (eu)", "orders eu", "orders/eu"]],
    ["*", names.toSorted()],
    ["[oO]rders", ["Orders", "orders"]],
    ["{vip 1,.hidden}", [".hidden", "vip 1"]],
    ["vip ?", ["vip 1"]],
    ["vip [1]", ["vip [1]"]],
    ["vip [12]", ["vip 1"]],
    ["!ord*", ["!ord 1"]],
    ["orders?eu", ["orders eu", "orders/eu"]],
    ["a*b", ["a\n/b"]],
  ])("%s finds %j in the list", async (pattern, expected) => {
    const organisation = organisationOf(...names);
    expect((await find(organisation, { names: [pattern] })).names).toEqual(expected);
    expect(organisation.calls).toEqual(["GET /sources?page=1"]);
  });

  test("a name finds that source alone, in one call, up to the case of its letters", async () => {
    const organisation = organisationOf(...names);
    expect((await find(organisation, { names: ["Orders"] })).names).toEqual(["Orders"]);
    expect(organisation.calls).toEqual(["GET /sources?page=1&name=Orders"]);
  });

  test("a name with parentheses is no pattern", async () => {
    const organisation = organisationOf(...names);
    expect((await find(organisation, { names: ["orders (eu)"] })).names).toEqual(["orders (eu)"]);
    expect(organisation.calls).toEqual(["GET /sources?page=1&name=orders (eu)"]);
  });

  test("what several ask for comes once; what nothing answers to is told", async () => {
    const organisation = organisationOf(...names);
    const wanted = { names: ["orders", "ord*", "nope", "x*"], ids: ["src-1", "src-1", "src-99"] };
    const found = await find(organisation, wanted);
    expect(found.names).toEqual(["orders", "orders (eu)", "orders eu", "orders/eu"]);
    expect(found.missing).toEqual([
      'no source of the name "nope"',
      'no source whose name matches "x*"',
      'no source with the id "src-99"',
    ]);
  });
});

test("an id that is forbidden is not one that is missing", async () => {
  const organisation = organisationOf("a").fail(/GET \/sources\/src-1/, 403);
  const { missing, forbidden } = await find(organisation, { ids: ["src-1"] });
  expect(missing).toEqual([]);
  expect(forbidden.map(({ kind, error }) => [kind.noun, error.status])).toEqual([["source", 403]]);
});
