/** What hooks learn of each step and when, and what they can do about its outcome. */
import { describe, expect, test } from "vitest";
import type { LifecycleHook, LifecycleStep, Outcome } from "../../../../provider/src/hooks/lifecycle.js";
import { withHooks } from "../../../../provider/src/hooks/withHooks.js";
import type { Context, Made, ResourceHandler } from "../../../../provider/src/resourceHandler.js";
import { sayingMore } from "../../../../provider/src/stepError.js";
import { errorOf, fakeContext } from "../support/context.js";
import { failure } from "../support/fakeOrganisation.js";

type Thing = Record<string, unknown>;
type Handler = ResourceHandler<Thing, Thing>;

const STATE = { thingId: "t-1", name: "n", status: "active" };
const HASH = expect.stringMatching(/^[0-9a-f]{64}$/);
const trouble = new Error("the step failed");

/** What a hook of the story does; by default nothing. */
interface Doings {
  before?: (step: LifecycleStep) => void;
  outputs?: object;
  unfinished?: string;
}

/** A handler and two hooks that write down what happens. */
function story({
  fails,
  unfinished,
  audit = {},
  webhook = {},
  deletion = "deleted",
}: {
  fails?: unknown;
  /** What a create or an update leaves that gets part of the way. */
  unfinished?: Made<Thing>;
  audit?: Doings;
  webhook?: Doings;
  deletion?: "deleted" | "kept";
} = {}) {
  const events: string[] = [];
  const outcomes: Outcome[] = [];
  const steps: LifecycleStep[] = [];
  const contexts: Context[] = [];
  const hook = (name: string, doings: Doings): LifecycleHook => ({
    before: async (_, step) => {
      events.push(`${name} before`);
      steps.push(step);
      doings.before?.(step);
    },
    record: async (_, __, outcome) => {
      events.push(`${name} record`);
      outcomes.push(outcome);
      return doings.outputs;
    },
    after: async () => {
      events.push(`${name} after`);
      return doings.unfinished;
    },
  });
  const take = (name: string) => (context: Context) => {
    events.push(name);
    contexts.push(context);
    if (context.tally !== undefined) context.tally.retryCount += 3;
    if (fails !== undefined) throw fails;
  };
  const handler: Handler = {
    kind: "thing",
    secrets: ["secret"],
    isState: () => true,
    summary: ({ thingId, name, status, secret }, id) => ({
      id: (thingId ?? id) as string | undefined,
      name: String(name),
      key: String(name),
      ...(status === undefined ? {} : { status: String(status) }),
      ...(secret === undefined ? {} : { webhookUrl: String(secret) }),
    }),
    check: async () => ({ inputs: {} }),
    diff: () => ({ inputs: false, unfinished: false, replaces: [], deleteBeforeReplace: false }),
    read: async () => undefined,
    create: async (context) => {
      take("create")(context);
      return unfinished ?? { id: "t-1", state: STATE };
    },
    update: async (context) => {
      take("update")(context);
      return unfinished ?? { id: "t-1", state: STATE };
    },
    delete: async (context) => {
      take("delete")(context);
      return deletion;
    },
  };
  const wrapped = withHooks(handler, [hook("webhook", webhook), {}, hook("audit", audit)]);
  return { wrapped, handler, events, outcomes, steps, contexts };
}

const { context } = fakeContext();

const take = (wrapped: Handler, operation: "create" | "update" | "delete"): Promise<unknown> =>
  operation === "create"
    ? wrapped.create(context, { name: "n" })
    : wrapped[operation](context, "t-1", STATE, STATE);

test("around a create, each phase runs for every hook, in the order of the list, and none before the last is over", async () => {
  const { wrapped, events, outcomes } = story();
  expect(await wrapped.create(context, { name: "n" })).toEqual({ id: "t-1", state: STATE });
  expect(events).toEqual([
    "webhook before",
    "audit before",
    "create",
    "webhook record",
    "audit record",
    "webhook after",
    "audit after",
  ]);
  expect(outcomes[0]).toEqual({
    about: { id: "t-1", name: "n", key: "n", status: "active" },
    finalStatus: "active",
    retryCount: 3,
    latencySeconds: expect.any(Number),
  });
});

test("hooks learn what is known before the step: of an update the new inputs, of a delete the state", async () => {
  const { wrapped, steps } = story();
  await wrapped.create(context, { name: "n" });
  await wrapped.update(context, "t-1", { ...STATE, secret: "old" }, { name: "renamed" });
  await wrapped.delete(context, "t-1", { ...STATE, secret: "s" });
  expect([steps[0], steps[2], steps[4]]).toEqual([
    { operation: "create", kind: "thing", about: { id: undefined, name: "n", key: "n" }, digest: HASH },
    {
      operation: "update",
      kind: "thing",
      // An address that the program has no more gets no notice.
      about: { id: "t-1", name: "renamed", key: "renamed", status: "active", webhookUrl: undefined },
      digest: HASH,
    },
    {
      operation: "delete",
      kind: "thing",
      about: { id: "t-1", name: "n", key: "n", status: "active", webhookUrl: "s" },
      digest: HASH,
    },
  ]);
});

test("hooks learn where the audit log ended when the resource was written last", async () => {
  const { wrapped, steps } = story();
  await wrapped.create(context, { name: "n" });
  await wrapped.update(context, "t-1", { ...STATE, auditHead: "2:a", __auditLog: "l" }, { name: "n" });
  await wrapped.delete(context, "t-1", { ...STATE, auditHead: "4:b" });
  expect([...new Set(steps.map(({ auditHead }) => auditHead))]).toEqual([undefined, "2:a", "4:b"]);
  expect([...new Set(steps.map(({ auditLog }) => auditLog))]).toEqual([undefined, "l"]);
});

test("a deletion that had to leave the object is told as such", async () => {
  const { wrapped, outcomes } = story({ deletion: "kept" });
  expect(await wrapped.delete(context, "t-1", STATE)).toBe("kept");
  expect(outcomes[0]?.finalStatus).toBe("kept");
});

test("a step that is taken again bears the same digest, another one another", async () => {
  const { wrapped, steps } = story();
  await wrapped.update(context, "t-1", STATE, { name: "a" });
  await wrapped.update(context, "t-1", STATE, { name: "a" });
  await wrapped.update(context, "t-1", STATE, { name: "b" });
  await wrapped.update(context, "t-1", { ...STATE, name: "a" }, { name: "b" });
  const [first, again, other, otherBefore] = [0, 2, 4, 6].map((index) => steps[index]?.digest);
  expect(again).toBe(first);
  expect(new Set([first, other, otherBefore]).size).toBe(3);
});

test("each step counts its own repetitions, whatever else goes on", async () => {
  const { wrapped, outcomes, contexts } = story();
  await Promise.all([wrapped.create(context, { name: "a" }), wrapped.create(context, { name: "b" })]);
  expect(outcomes.map(({ retryCount }) => retryCount)).toEqual([3, 3, 3, 3]);
  expect(contexts[0]?.tally).not.toBe(contexts[1]?.tally);
  expect(contexts[0]?.client).toBe(context.client);
});

test("what a hook has to keep goes into the state", async () => {
  const { wrapped } = story({ audit: { outputs: { auditHead: "7:abc" } } });
  expect(await wrapped.create(context, { name: "n" })).toEqual({
    id: "t-1",
    state: { ...STATE, auditHead: "7:abc" },
  });
  expect(await wrapped.update(context, "t-1", STATE, STATE)).toEqual({
    id: "t-1",
    state: { ...STATE, auditHead: "7:abc" },
  });
});

describe.each(["create", "update", "delete"] as const)("a %s", (operation) => {
  test("that fails is told to every hook, and fails with its own error", async () => {
    const { wrapped, events, outcomes } = story({ fails: trouble });
    expect(await errorOf(take(wrapped, operation))).toBe(trouble);
    expect(events.slice(-4)).toEqual(["webhook record", "audit record", "webhook after", "audit after"]);
    expect(outcomes[1]).toMatchObject({
      finalStatus: "failed",
      failure: { status: null, code: "step.failed", message: "the step failed" },
      retryCount: 3,
    });
  });

  test("is not taken when a hook forbids it, and what was begun before is closed", async () => {
    const forbidding = story({
      audit: {
        before: () => {
          throw trouble;
        },
      },
    });
    expect(await errorOf(take(forbidding.wrapped, operation))).toBe(trouble);
    expect(forbidding.events).toEqual(["webhook before", "audit before", "webhook record"]);
    expect(forbidding.outcomes[0]?.finalStatus).toBe("failed");
  });
});

describe("a step that went through, of which a hook says that it must not count", () => {
  test("keeps the source in the state, marked as unfinished", async () => {
    for (const operation of ["create", "update"] as const) {
      const { wrapped } = story({
        webhook: { unfinished: "the notice is not delivered" },
        audit: { outputs: { auditHead: "7:abc" } },
      });
      const error = await errorOf(take(wrapped, operation));
      expect(error).toHaveProperty("unfinished");
      expect(error).toMatchObject({
        message: "the notice is not delivered",
        id: "t-1",
        state: { ...STATE, auditHead: "7:abc" },
        unfinished: "the notice is not delivered",
      });
    }
  });

  test("fails where there is nothing to keep", async () => {
    const { wrapped } = story({ webhook: { unfinished: "the notice is not delivered" } });
    const error = await errorOf(take(wrapped, "delete"));
    expect(error).not.toHaveProperty("unfinished");
    expect(error.message).toBe("the notice is not delivered");
  });
});

/** What a step leaves that got part of the way. */
const half = (made: Made<Thing>): Made<Thing> => ({
  ...made,
  unfinished: { error: new Error("half"), why: "half" },
});

test("a step that got part of the way is told as unfinished, and what a hook keeps is kept with it", async () => {
  const unfinished = half({ id: "job:1", state: { name: "n" } });
  const webhook = { unfinished: "the notice is not delivered" };
  const { wrapped, outcomes } = story({ unfinished, webhook, audit: { outputs: { auditHead: "7:abc" } } });
  expect(await wrapped.create(context, { name: "n" })).toEqual({
    ...unfinished,
    state: { name: "n", auditHead: "7:abc" },
  });
  expect(outcomes[0]).toMatchObject({ finalStatus: "unfinished", about: { id: "job:1", name: "n" } });
});

test("an update that got part of the way is told to the address that it was asked for, whatever the state keeps", async () => {
  const state = { name: "n", secret: "old" };
  const { wrapped, outcomes } = story({ unfinished: half({ id: "t-1", state }) });
  await errorOf(wrapped.update(context, "t-1", { ...STATE, secret: "old" }, { name: "n", secret: "new" }));
  await errorOf(wrapped.update(context, "t-1", { ...STATE, secret: "old" }, { name: "n" }));
  // Each outcome comes to every hook twice: to be recorded, and afterwards.
  expect(outcomes.map(({ about }) => about.webhookUrl)).toEqual(["new", "new", undefined, undefined]);
});

test("who is told is what was asked for, also where the organisation has another address by then", async () => {
  const { handler, outcomes } = story();
  const state = { ...STATE, secret: "a stranger's" };
  Object.assign(handler, {
    create: async () => ({ id: "t-1", state }),
    update: async () => ({ id: "t-1", state }),
  });
  const again = withHooks(handler, [{ record: async (_, __, outcome) => void outcomes.push(outcome) }]);
  await again.create(context, { name: "n", secret: "asked" });
  await again.create(context, { name: "n" });
  await again.update(context, "t-1", state, { name: "n", secret: "asked" });
  await again.update(context, "t-1", state, { name: "n" });
  expect(outcomes.map(({ about }) => about.webhookUrl)).toEqual(["asked", undefined, "asked", undefined]);
});

test("a failure is told with the platform's status and code, and without a secret that its message repeats", async () => {
  const refusal = failure(400, { message: "https://hooks.example.com/key is no address" });
  const fails = sayingMore(`it was not made. ${refusal.message}`, refusal);
  const { wrapped, outcomes } = story({ fails });
  await errorOf(wrapped.create(context, { name: "n", secret: "https://hooks.example.com/key" }));
  expect(outcomes[0]?.failure).toMatchObject({ status: 400, code: "code.400" });
  expect(outcomes[0]?.failure?.message).toContain("[secret] is no address");
  expect(JSON.stringify(outcomes[0]?.failure)).not.toContain("hooks.example.com");
});

test("check, diff and read run as they are, without hooks", async () => {
  const { wrapped, handler, events } = story();
  for (const key of ["kind", "secrets", "isState", "summary", "check", "diff", "read"] as const)
    expect(wrapped[key]).toBe(handler[key]);
  expect(events).toEqual([]);
});
