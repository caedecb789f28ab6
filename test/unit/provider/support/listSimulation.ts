/** An organisation whose list is read on a virtual clock, and runs that look for many of its objects: what they call. */
import type { GenesysError } from "../../../../provider/src/genesys/errors.js";
import type { StepBudget } from "../../../../provider/src/genesys/retry.js";
import { machineTime } from "../../../../provider/src/genesys/time.js";
import type { Since } from "../../../../provider/src/lifecycle/entries.js";
import type { KindApi, Observed, Shown, ShownPage } from "../../../../provider/src/lifecycle/kindApi.js";
import { Listing } from "../../../../provider/src/lifecycle/listing.js";
import { randomFrom } from "../../../support/random.js";
import { budgetOf } from "./context.js";

/** There and back, in milliseconds. */
const ROUND_TRIP = 50;

/** How a list is. */
export interface ListOptions {
  pageSize?: number;
  /** Whether pages tell how many there are: objects and pages, or nothing. */
  tells?: boolean;
  /** What entries leave out, all alike or each its own, and what an object's own address does. */
  lacks?: readonly string[] | ((id: string) => readonly string[]);
  lacksItself?: readonly string[];
}

/** The ids of so many objects, in an order that is nobody's. */
export function shuffled(count: number, prefix = "id"): string[] {
  const random = randomFrom(11);
  const all = Array.from({ length: count }, (_, index) => ({ id: `${prefix}-${index}`, at: random() }));
  return all.toSorted((one, other) => one.at - other.at).map(({ id }) => id);
}

const trip = () => new Promise((resolve) => setTimeout(resolve, ROUND_TRIP));

/** An organisation of these objects. Entries may be taken away while it is read. */
export function listOf(ids: string[], options: ListOptions = {}) {
  const { pageSize = 100, tells = true, lacks = [], lacksItself = [] } = options;
  const calls = { pages: 0, gets: 0 };
  const shown = (id: string, without: readonly string[]): Shown => ({
    id,
    name: id,
    lacks: without,
    observe: async () => ({ id, fields: {}, unshown: [], outputs: {} }),
  });
  const trouble: { pages?: GenesysError; at?: (pageNumber: number) => void } = {};
  /** How long the rate limit holds a page back; whether calls are short, and how many jobs are waited for. */
  const limit = { heldBackMs: 0, worth: undefined as number | undefined, jobs: 0 };
  let asker: StepBudget | undefined;
  const api = {
    async *pages(_?: string, from = { pageNumber: 1, seen: 0 }): AsyncGenerator<ShownPage> {
      const { pageNumber } = from;
      const budget = asker;
      if (limit.heldBackMs > 0) await new Promise((resolve) => setTimeout(resolve, limit.heldBackMs));
      budget?.onSend?.();
      calls.pages += 1;
      trouble.at?.(pageNumber);
      await trip();
      if (trouble.pages !== undefined) throw trouble.pages;
      const on = ids.slice((pageNumber - 1) * pageSize, pageNumber * pageSize);
      const isLast = pageNumber * pageSize >= ids.length;
      yield {
        shown: on.map((id) => shown(id, typeof lacks === "function" ? lacks(id) : lacks)),
        ids: on,
        ...(tells ? { total: ids.length, pages: Math.ceil(ids.length / pageSize) } : {}),
        ...(isLast ? {} : { next: { pageNumber: pageNumber + 1, seen: pageNumber * pageSize } }),
      };
    },
    async show(id: string, budget?: StepBudget): Promise<Shown> {
      budget?.onSend?.();
      calls.gets += 1;
      await trip();
      return shown(id, lacksItself);
    },
    async get(id: string): Promise<Observed> {
      return (await api.show(id)).observe();
    },
  };
  const within = (budget: StepBudget) => {
    asker = budget;
    return { ...api, show: (id: string) => api.show(id, budget) } as unknown as KindApi;
  };
  const pace = { worthOfALook: () => limit.worth, waiting: () => limit.jobs };
  const listing = new Listing(machineTime.elapsed, within, pace);
  /** One look, and a read of the object's own where that is to be. */
  const read = async (id: string, since: Since = "kept") => {
    const seen = await listing.look(id, since, budgetOf(300_000));
    if (seen === "ask") await api.show(id);
    return typeof seen === "string" ? seen : "shown";
  };
  return { listing, calls, trouble, limit, read, api };
}

/** So many at once, as the engine asks: the next is asked for when one is answered. */
export async function inParallel<T>(all: readonly T[], atOnce: number, step: (one: T) => Promise<unknown>) {
  let next = 0;
  const worker = async (number: number) => {
    // They do not begin in the same moment.
    await new Promise((resolve) => setTimeout(resolve, number));
    while (next < all.length) {
      const one = all[next] as T;
      next += 1;
      await step(one);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, (_, number) => worker(number)));
}
