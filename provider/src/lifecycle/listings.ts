/** The listings of a process: one for a kind. */
import type { GenesysClient } from "../genesys/client.js";
import type { StepBudget } from "../genesys/retry.js";
import type { KindApi } from "./kindApi.js";
import { Listing } from "./listing.js";

const listings = new WeakMap<GenesysClient, Map<string, Listing>>();

/** The listing of a kind in this process. @param api the kind's calls within a step's budget. */
export function listingOf(
  type: string,
  { client, elapsed }: { client: GenesysClient; elapsed: () => number },
  api: (budget: StepBudget) => KindApi,
): Listing {
  const known = listings.get(client) ?? new Map<string, Listing>();
  listings.set(client, known);
  const listing = known.get(type) ?? new Listing(elapsed, api, client.pace);
  known.set(type, listing);
  return listing;
}
