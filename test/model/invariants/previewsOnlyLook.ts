/** Operations that are there to look send no request that changes anything. */
import { isDeepStrictEqual } from "node:util";
import type { Invariant } from "../observation.js";

/** Previews, refreshes and imports change nothing in the organisation. */
export const previewsOnlyLook: Invariant = ({ operation, before, after, requests, meddled }) => {
  if (operation !== "preview" && operation !== "refresh" && operation !== "import") return [];
  const changes = requests.filter(({ method, path }) => method !== "GET" && path !== "/oauth/token");
  const made = changes.map(({ method, path }) => `${operation} sent ${method} ${path}`);
  const settles = before.jobs.some(({ status }) => status === "queued" || status === "running");
  return meddled || settles || isDeepStrictEqual(before.objects, after.objects)
    ? made
    : [...made, `${operation} changed the organisation`];
};
