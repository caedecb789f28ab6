/** How many calls it takes to look for many objects, and when a page answers for none: on a virtual clock. */
import { describe, expect, test, vi } from "vitest";
import { SOURCE } from "../../../../provider/src/eventBridgeSource/kind.js";
import { GenesysError } from "../../../../provider/src/genesys/errors.js";
import { machineTime } from "../../../../provider/src/genesys/time.js";
import { beginOn } from "../../../../provider/src/lifecycle/kind.js";
import { arePagesWorthIt, type PageOutlook } from "../../../../provider/src/lifecycle/worthPages.js";
import { budgetOf, fakeContext, inTime, useVirtualTime } from "../support/context.js";
import { inParallel, type ListOptions, listOf, shuffled } from "../support/listSimulation.js";
import { inputsWith } from "../support/source.js";
import { passes } from "../support/world.js";

useVirtualTime();

interface Organisation extends ListOptions {
  ours: number;
  others?: number;
}

/** An organisation, its list in nobody's order, and what is ours of it in the order in which a stack has it. */
function organisationOf({ ours, others = 0, ...options }: Organisation) {
  const ids = shuffled(ours + others);
  const mine = Array.from({ length: ours }, (_, index) => `id-${index}`);
  return { ...listOf(ids, options), ids, mine };
}

describe("what a refresh calls", () => {
  test.each([
    { ours: 1_000, atOnce: 8, pages: 10, gets: 1 },
    { ours: 1_000, atOnce: 64, pages: 10, gets: 1 },
    // A server may put fewer on a page than are asked for.
    { ours: 1_000, atOnce: 8, pageSize: 25, pages: 40, gets: 25 },
    { ours: 1_000, atOnce: 64, pageSize: 25, pages: 40, gets: 1 },
    { ours: 1_000, atOnce: 8, tells: false, pages: 10, gets: 1 },
    { ours: 100, atOnce: 8, pages: 1, gets: 1 },
    { ours: 10, atOnce: 8, pages: 1, gets: 1 },
    // Others have thousands there.
    { ours: 1_000, others: 9_000, atOnce: 8, pages: 100, gets: 89 },
    { ours: 1_000, others: 9_000, atOnce: 64, pages: 100, gets: 1 },
    { ours: 100, others: 3_000, atOnce: 8, pages: 31, gets: 17 },
    { ours: 60, others: 10_000, atOnce: 8, pages: 1, gets: 60 },
    { ours: 3, others: 10_000, atOnce: 8, pages: 0, gets: 3 },
    { ours: 1, others: 0, atOnce: 8, pages: 0, gets: 1 },
  ])(
    "$ours of ours beside $others, $atOnce at once: $pages pages, $gets reads",
    async ({ atOnce, pages, gets, ...how }) => {
      const { calls, mine, read } = organisationOf(how);
      await inTime(inParallel(mine, atOnce, (id) => read(id)));
      expect(calls).toEqual({ pages, gets });
    },
  );

  test.each(
    [1, 2, 5, 8, 20, 50, 90, 200, 500].flatMap((ours) =>
      [0, 50, 500, 5_000].flatMap((others) => [1, 8, 64].map((atOnce) => ({ ours, others, atOnce }))),
    ),
  )("is at most twice the better of pages and reads, and one: %o", async ({ ours, others, atOnce }) => {
    const { calls, mine, read } = organisationOf({ ours, others });
    await inTime(inParallel(mine, atOnce, (id) => read(id)));
    const better = Math.min(ours, Math.ceil((ours + others) / 100));
    expect(calls.pages + calls.gets).toBeLessThanOrEqual(Math.min(2 * better + 5, ours * 2));
  });
});

/** Each is deleted, and looked for until it is gone. */
async function destroy({ ours, atOnce, ...how }: Organisation & { atOnce: number }) {
  const { calls, ids, mine, read, listing } = organisationOf({ ours, ...how });
  const ends: string[] = [];
  await inTime(
    inParallel(mine, atOnce, async (id) => {
      await listing.removes(id, async () => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        ids.splice(ids.indexOf(id), 1);
      });
      ends.push(await read(id, "now"));
    }),
  );
  return { calls, ends };
}

describe("what the confirmations of a destroy call", () => {
  test.each([
    { ours: 100, atOnce: 8, most: 15 },
    { ours: 100, atOnce: 64, most: 5 },
    { ours: 10, atOnce: 8, most: 3 },
    // Eight at once, and ten pages to see whether they are gone: by reads, until the list has got shorter.
    { ours: 1_000, atOnce: 8, most: 650 },
    { ours: 1_000, atOnce: 64, most: 200 },
    { ours: 20, others: 5_000, atOnce: 8, most: 21 },
  ])("$ours of ours, $atOnce at once: $most at the most", async ({ most, ...how }) => {
    const { calls } = await destroy(how);
    expect(calls.pages + calls.gets).toBeLessThanOrEqual(most);
  });

  test("eight at once are one page: who is the first is not alone where others are being deleted", async () => {
    const { calls } = await destroy({ ours: 8, atOnce: 8 });
    expect(calls).toEqual({ pages: 1, gets: 0 });
    expect((await destroy({ ours: 1, atOnce: 1 })).calls).toEqual({ pages: 0, gets: 1 });
  });

  test("a list that does not tell how much there is shows of nothing that it is not there", async () => {
    const { ends } = await destroy({ ours: 60, atOnce: 8, tells: false });
    expect(new Set(ends)).toEqual(new Set(["ask"]));
  });
});

/** An organisation whose list was read, so that its pages answer. */
async function listed(how: Organisation) {
  const organisation = organisationOf(how);
  await inTime(inParallel(organisation.mine, 8, (id) => organisation.read(id)));
  organisation.calls.pages = 0;
  organisation.calls.gets = 0;
  return organisation;
}

describe("a page answers for an object", () => {
  test("for half a minute, and no longer", async () => {
    const { read, calls } = await listed({ ours: 100 });
    expect(await inTime(read("id-7"))).toBe("shown");
    expect(calls).toEqual({ pages: 0, gets: 0 });
    await passes(30_001);
    // The first asks by itself, whatever there is.
    await inTime(read("id-1"));
    await inTime(read("id-7"));
    expect(calls).toEqual({ pages: 1, gets: 1 });
  });

  test("until this process is about to write to it", async () => {
    const { read, listing } = await listed({ ours: 100 });
    listing.writes("id-7");
    expect(await inTime(read("id-7"))).toBe("ask");
    expect(await inTime(read("id-8"))).toBe("shown");
  });

  test("that is to be seen as it is from now on, only if the page was asked for since", async () => {
    const { read, calls, mine } = await listed({ ours: 100 });
    await inTime(inParallel(mine.slice(0, 8), 8, (id) => read(id, "now")));
    expect(calls).toEqual({ pages: 1, gets: 0 });
  });

  test.each([
    { jobs: 0, waits: 1 },
    // Whose jobs are followed may look, too: for 15 ms nobody has come, and nobody comes any more.
    { jobs: 8, waits: 15 },
  ])("that was made just now, without waiting for others where none can come: $jobs jobs", async (how) => {
    const { read, limit } = await listed({ ours: 100 });
    limit.jobs = how.jobs;
    const begun = machineTime.elapsed();
    await inTime(read("id-7", "now"));
    expect(machineTime.elapsed() - begun).toBe(50 + how.waits);
  });

  test("only where it shows all of it, or all that the object's own address shows", async () => {
    const parts = await listed({ ours: 50, lacks: ["targets"] });
    expect(await inTime(parts.read("id-7"))).toBe("ask");
    expect(parts.calls).toEqual({ pages: 0, gets: 1 });
    const empty = await listed({ ours: 50, lacks: ["description"], lacksItself: ["description"] });
    expect(await inTime(empty.read("id-7"))).toBe("shown");
  });

  test("not where it was asked for before, and one object by itself since", async () => {
    const lacks = (id: string) => (id === "id-0" ? [] : ["description"]);
    const { listing, calls, mine, read } = organisationOf({ ours: 50, lacks, lacksItself: ["description"] });
    const late = async () => {
      while (calls.pages === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      // Not in the moment in which it was asked for.
      await new Promise((resolve) => setTimeout(resolve, 10));
      const seen = await listing.glance("id-of-nobody", "now", budgetOf(60_000));
      return { seen, pages: calls.pages };
    };
    const [answered] = await inTime(Promise.all([late(), inParallel(mine.slice(1), 16, (id) => read(id))]));
    expect(answered).toEqual({ seen: "not there", pages: 2 });
  });

  test("never, where it is not on it: that one is asked for by itself", async () => {
    const { read, calls } = await listed({ ours: 100 });
    expect(await inTime(read("id-of-nobody"))).not.toBe("shown");
    expect(calls.pages).toBe(0);
  });
});

test("a step that changes or deletes an object says so before it calls", async () => {
  const { context, organisation } = fakeContext();
  const { api, listing } = beginOn(SOURCE, context, "1m");
  const told = vi.spyOn(listing, "writes").mockImplementation(() => {
    expect(organisation.calls).toHaveLength(told.mock.calls.length - 1);
  });
  organisation.addSource();
  await api.update("src-1", { version: 1 }, inputsWith());
  await api.remove("src-1");
  expect(told.mock.calls).toEqual([["src-1"], ["src-1"]]);
});

describe("where calls are short", () => {
  /** An organisation whose length is known, and a run that follows so many jobs. */
  async function short(jobs: number) {
    const organisation = await listed({ ours: 100 });
    Object.assign(organisation.limit, { worth: 2_500, jobs });
    return organisation;
  }
  const pass = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  test("a page waits for those to come, until all have waited together for what it is worth", async () => {
    const { read, calls } = await short(8);
    const begun = Date.now();
    const looks = [0, 500, 1_000].map(async (ms, index) => {
      await pass(ms);
      return read(`id-${index}`, "now");
    });
    expect(await inTime(Promise.all(looks))).toEqual(["shown", "shown", "shown"]);
    expect(calls).toEqual({ pages: 1, gets: 0 });
    // 1,334 + 834 + 334 ms are 2,500; and the way there and back.
    expect(Date.now() - begun).toBeLessThan(1_334 + 50 + 30);
  });

  test.each([
    { jobs: 0, since: "now" },
    { jobs: 8, since: "kept" },
  ] as const)("it waits for nobody where none is to come, or pages of before count: %o", async (how) => {
    const { read, mine } = await short(how.jobs);
    await passes(31_000);
    const begun = Date.now();
    await inTime(inParallel(mine.slice(0, 9), 9, (id) => read(id, how.since)));
    expect(Date.now() - begun).toBeLessThan(300);
  });

  test("it waits for nobody where the list has more pages than those to come could save", async () => {
    const organisation = await listed({ ours: 1_000 });
    Object.assign(organisation.limit, { worth: 2_500, jobs: 8 });
    const begun = Date.now();
    await inTime(organisation.read("id-1", "now"));
    // No more than ten pages take.
    expect(Date.now() - begun).toBeLessThan(600);
  });

  test("nor for longer than ten seconds, whoever does not come", async () => {
    const organisation = await listed({ ours: 1_000 });
    Object.assign(organisation.limit, { worth: 2_500, jobs: 64 });
    const begun = Date.now();
    await inTime(organisation.read("id-1", "now"));
    expect(Date.now() - begun).toBeLessThan(10_600);
  });

  test("who comes while the rate limit holds a page back is served by it", async () => {
    const { listing, read, limit, calls } = await listed({ ours: 100 });
    limit.heldBackMs = 5_000;
    const looks = [0, 1_000, 4_000].map(async (ms, index) => {
      await pass(ms);
      if (index === 2) return listing.glance("id-of-nobody", machineTime.elapsed(), budgetOf(60_000));
      return read(`id-${index}`, "now");
    });
    expect(await inTime(Promise.all(looks))).toEqual(["shown", "shown", "not there"]);
    expect(calls.pages).toBe(1);
  });

  test("a glance shows whether anything bears a key, and its page answers for that since it was posted", async () => {
    const { listing, ids, calls, read } = await listed({ ours: 100 });
    const posted = machineTime.elapsed();
    ids.push("id-new");
    const glances = ["id-new", "id-of-nobody"].map((key) => listing.glance(key, posted, budgetOf(60_000)));
    expect(await inTime(Promise.all(glances))).toEqual([{ shown: expect.anything() }, "not there"]);
    const pages = calls.pages;
    expect(await inTime(read("id-new", posted))).toBe("shown");
    expect(calls).toEqual({ pages, gets: 0 });
  });
});

describe("a list that fails", () => {
  const failure = (status: number) =>
    new GenesysError({ method: "GET", path: "/list", status, code: "no", message: "no" });

  test.each([403, 404, 500])(
    "with %s keeps nobody waiting, and is left alone for a while",
    async (status) => {
      const { read, calls, mine, trouble } = organisationOf({ ours: 60 });
      trouble.pages = failure(status);
      await inTime(inParallel(mine, 8, (id) => read(id)));
      expect(calls).toEqual({ pages: 1, gets: 60 });
      await passes(31_000);
      trouble.pages = undefined;
      await inTime(inParallel(mine, 8, (id) => read(id)));
      // Who may not see the list never may; anything else may be over.
      expect(calls.pages).toBe(status === 403 ? 1 : 2);
    },
  );

  test("and never answers keeps a look that many share for two seconds, and is left alone then", async () => {
    const { listing, api, read, calls } = organisationOf({ ours: 60 });
    Object.assign(api, {
      pages: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) }),
    });
    const begun = Date.now();
    const glances = ["id-1", "id-2"].map((key) => listing.glance(key, "now", budgetOf(600_000)));
    expect(await inTime(Promise.all(glances))).toEqual(["ask", "ask"]);
    expect(Date.now() - begun).toBe(2_000);
    expect(listing.callsOfAGlance).toBeUndefined();
    await inTime(read("id-3", "now"));
    expect(calls.gets).toBe(1);
  });

  test("and never answers takes no more than half of what a step has", async () => {
    const { listing, api } = organisationOf({ ours: 60 });
    Object.assign(api, {
      pages: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) }),
    });
    const begun = Date.now();
    const looks = Array.from({ length: 8 }, (_, index) =>
      listing.look(`id-${index}`, "kept", budgetOf(10_000)),
    );
    expect(new Set(await inTime(Promise.all(looks)))).toEqual(new Set(["ask"]));
    expect(Date.now() - begun).toBe(5_000);
  });
});

test("what changes between two pages can hide an object, and is not taken for one that is gone", async () => {
  const { read, ids, trouble, mine } = organisationOf({ ours: 300 });
  // Somebody deletes one of the first page: the first of the second page moves there, and is seen on neither.
  trouble.at = (pageNumber) => {
    if (pageNumber === 2) ids.shift();
  };
  const hidden = ids[100] as string;
  const others = mine.filter((id) => id !== hidden).slice(0, 15);
  const [first, ...rest] = await inTime(Promise.all([...others, hidden].map((id) => read(id, "now"))));
  expect([first, rest.at(-1)]).toEqual(["ask", "ask"]);
});

test("pages are worth it exactly where the rest of them is less than what is asked for, and likely to be", () => {
  const outlooks: PageOutlook[] = [0, 1, 2, 8, 64].flatMap((waiting) =>
    [0, 1, 8, 100].flatMap((toCome) =>
      [0, 1, 5].flatMap((asked) =>
        [undefined, 1, 5, 10, 100].map((pages) => ({ waiting, toCome, asked, pages })),
      ),
    ),
  );
  for (const outlook of outlooks) {
    const { waiting, toCome, asked, pages } = outlook;
    const thought = pages ?? (asked === 5 ? 15 : 7 + asked);
    const rest = Math.max(1, thought - asked);
    const expected = waiting > 0 && waiting + toCome > rest;
    expect(arePagesWorthIt(outlook), JSON.stringify(outlook)).toBe(expected);
  }
});
