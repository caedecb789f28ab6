import { describe, expect, test } from "vitest";
import { type LifecycleHook, withHooks } from "../../../../provider/src/hooks/withHooks.js";
import type { ResourceHandler } from "../../../../provider/src/resourceHandler.js";
import { errorOf, fakeContext } from "../support/context.js";

type Handler = ResourceHandler<object, object>;

const STATE = { made: true };
const trouble = new Error("the step failed");

/** A handler and two hooks that write down what happens; `fails` names what throws. */
function story(...fails: string[]) {
  const events: unknown[] = [];
  const happen = (event: string, ...more: unknown[]) => {
    events.push(more.length === 0 ? event : [event, ...more]);
    if (fails.includes(event)) throw trouble;
  };
  const hook = (name: string): LifecycleHook => ({
    before: async (_, step) => happen(`${name} before`, step),
    after: async (_, step, outcome) => happen(`${name} after`, step.operation, outcome),
  });
  const handler: Handler = {
    kind: "thing",
    secrets: ["s"],
    isState: () => true,
    check: async () => ({ inputs: {} }),
    diff: () => ({ inputs: false, unfinished: false, replaces: [], deleteBeforeReplace: false }),
    read: async () => undefined,
    create: async () => {
      happen("create");
      return { id: "1", state: STATE };
    },
    update: async () => {
      happen("update");
      return STATE;
    },
    delete: async () => happen("delete"),
  };
  return { wrapped: withHooks(handler, [hook("audit"), {}, hook("webhook")]), handler, events };
}

const { context } = fakeContext();

test("around a create, hooks run in the order of the list and learn the id", async () => {
  const { wrapped, events } = story();
  expect(await wrapped.create(context, { name: "n" })).toEqual({ id: "1", state: STATE });
  const step = { operation: "create", kind: "thing", inputs: { name: "n" } };
  const outcome = { id: "1", state: STATE };
  expect(events).toEqual([
    ["audit before", step],
    ["webhook before", step],
    "create",
    ["audit after", "create", outcome],
    ["webhook after", "create", outcome],
  ]);
});

test("around an update they are given the new inputs, around a delete the last state", async () => {
  const { wrapped, events } = story();
  expect(await wrapped.update(context, "1", { old: 1 }, { new: 1 })).toBe(STATE);
  await wrapped.delete(context, "1", { old: 1 });
  expect(events).toContainEqual([
    "audit before",
    { operation: "update", kind: "thing", id: "1", inputs: { new: 1 } },
  ]);
  expect(events).toContainEqual(["audit after", "update", { id: "1", state: STATE }]);
  expect(events).toContainEqual([
    "audit before",
    { operation: "delete", kind: "thing", id: "1", inputs: { old: 1 } },
  ]);
  expect(events).toContainEqual(["audit after", "delete", { id: "1", state: { old: 1 } }]);
});

describe.each(["create", "update", "delete"] as const)("a %s", (operation) => {
  const take = (wrapped: Handler): Promise<unknown> =>
    operation === "create" ? wrapped.create(context, {}) : wrapped[operation](context, "1", {}, {});
  const names = (events: unknown[]) => events.map((event) => (Array.isArray(event) ? event[0] : event));

  test("that fails is told to every hook, and fails with its own error", async () => {
    const { wrapped, events } = story(operation);
    expect(await errorOf(take(wrapped))).toBe(trouble);
    expect(events.slice(-2)).toEqual([
      ["audit after", operation, { error: trouble }],
      ["webhook after", operation, { error: trouble }],
    ]);
  });

  test("is not taken when something before it fails", async () => {
    const { wrapped, events } = story("webhook before");
    expect(await errorOf(take(wrapped))).toBe(trouble);
    expect(names(events)).toEqual(["audit before", "webhook before"]);
  });

  test("that went through is not told a second time, as a failure, when a hook after it fails", async () => {
    const { wrapped, events } = story("webhook after");
    expect(await errorOf(take(wrapped))).toBe(trouble);
    expect(names(events).filter((name) => name === "audit after")).toHaveLength(1);
    expect(names(events).filter((name) => name === "webhook after")).toHaveLength(1);
  });
});

test("check, diff and read run as they are, without hooks", async () => {
  const { wrapped, handler, events } = story();
  for (const key of ["kind", "secrets", "isState", "check", "diff", "read"] as const)
    expect(wrapped[key]).toBe(handler[key]);
  expect(events).toEqual([]);
});
