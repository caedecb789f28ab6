/** What the journal remembers or forgets once a create, update or delete is over. */
import { expect, test } from "vitest";
import type { CreateRecord } from "../../../../provider/src/createRecord.js";
import { journalHook } from "../../../../provider/src/hooks/journalHook.js";
import type { LifecycleStep, Outcome } from "../../../../provider/src/hooks/lifecycle.js";
import { fakeContext, fakeJournal } from "../support/context.js";

const URN = "urn:a";
const entry: CreateRecord = {
  urn: URN,
  name: "orders",
  phase: "accepted",
  postedAt: 1,
  fingerprints: ["f"],
  objectId: "src-2",
};

async function after(
  operation: LifecycleStep["operation"],
  id: string,
  entries: CreateRecord[],
  more: Partial<Outcome> = {},
): Promise<CreateRecord | undefined> {
  const { context } = fakeContext();
  const journal = fakeJournal(entries);
  Object.assign(context, { journal });
  const about = { id, name: "All orders", key: "orders", urn: URN };
  const outcome = { about, finalStatus: "active", latencySeconds: 1, retryCount: 0, ...more };
  await journalHook.after?.(context, { operation, kind: "EventBridge source", about, digest: "d" }, outcome);
  return journal.entries.get(URN);
}

test("what was deleted is forgotten, and not what has taken its place", async () => {
  expect(await after("delete", "src-2", [entry])).toBeUndefined();
  expect(await after("delete", "src-1", [entry])).toEqual(entry);
  const failure = { status: 403, code: "c", message: "m" };
  expect(await after("delete", "src-2", [entry], { failure })).toEqual(entry);
});

test("a create is remembered as returned, also when it was no POST that made the source", async () => {
  expect(await after("create", "src-2", [entry])).toEqual({ ...entry, jobId: undefined, phase: "returned" });
  // What was there already is the stack's only as long as the stack says so.
  const found = { urn: URN, objectId: "src-3", phase: "stored" };
  expect(await after("create", "src-3", [])).toMatchObject(found);
  expect(await after("create", "src-3", [{ ...entry, phase: "stored" }])).toMatchObject(found);
  // What another create has begun is still to be known.
  expect(await after("create", "src-3", [entry])).toEqual(entry);
  expect(await after("create", "src-2", [entry], { finalStatus: "unfinished" })).toMatchObject({
    phase: "returned",
  });
});

test("what is updated the stack has, and it says nothing of what was to take its place", async () => {
  const stored: CreateRecord = { ...entry, phase: "stored" };
  expect(await after("update", "src-2", [entry])).toEqual({ ...stored, jobId: undefined });
  expect(await after("update", "src-2", [stored])).toBe(stored);
  expect(await after("update", "src-2", [])).toBeUndefined();
  expect(await after("update", "src-1", [entry])).toBe(entry);
});
