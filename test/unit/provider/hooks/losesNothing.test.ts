/** Whatever happens between the end of a step and those who are to learn of it, its outcome reaches them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LifecycleHook, Outcome } from "../../../../provider/src/hooks/lifecycle.js";
import { withHooks } from "../../../../provider/src/hooks/withHooks.js";
import { dynamicProvider } from "../../../../provider/src/pulumi/dynamicProvider.js";
import type { Made, ResourceHandler } from "../../../../provider/src/resourceHandler.js";
import { errorOf, fakeContext } from "../support/context.js";

type Thing = Record<string, unknown>;

const HUGE = `https://hooks.example/${"planted-key-".repeat(9_000)}`;

/** A create that ends in some way, hooks around it, and the engine's view of it. */
function world(ends: () => Made<Thing>, ...more: LifecycleHook[]) {
  const outcomes: Outcome[] = [];
  const { context, lines } = fakeContext();
  const handler = {
    kind: "thing",
    secrets: ["webhookUrl"],
    isState: () => true,
    summary: ({ name, webhookUrl }: Thing, id?: string) => ({ id, name: String(name), webhookUrl }),
    check: async () => ({ inputs: {} }),
    diff: () => ({ inputs: false, unfinished: false, replaces: [], deleteBeforeReplace: false }),
    create: async () => ends(),
    read: async () => undefined,
    update: async () => ends(),
    delete: async () => ends() && "deleted",
  } as unknown as ResourceHandler<Thing, Thing>;
  const recording: LifecycleHook = {
    record: async (_, __, outcome) => {
      outcomes.push(outcome);
      return { auditHead: "1:abc" };
    },
  };
  const hooks = [...more, recording];
  const session = { context, configure: () => {}, steps: { run: (_: string, step: () => never) => step() } };
  const provider = dynamicProvider(withHooks(handler, hooks), session as never);
  return { provider, outcomes, lines, context };
}

const made = () => ({ id: "t-1", state: { name: "n" } });
const partial =
  (message: string, state: Thing = { name: "n" }) =>
  () => ({ id: "job:1", state, unfinished: { error: new Error(message), why: message } });
const throwing: LifecycleHook = {
  record: () => {
    throw new Error("no record");
  },
  after: async () => {
    throw Object.create(null);
  },
};

describe("a hook that throws once the step is over", () => {
  test("keeps no other from recording, and the result", async () => {
    const { provider, outcomes, lines } = world(made, throwing);
    expect(await provider.create({ name: "n" })).toEqual({
      id: "t-1",
      outs: { name: "n", auditHead: "1:abc" },
    });
    expect(outcomes).toMatchObject([{ finalStatus: "unknown" }]);
    expect(lines).toEqual([
      "warn: this create has ended, but its outcome could not be recorded everywhere (no record). What was done is done, and is in the state.",
      "warn: this create has ended, but what follows it could not be done in full (something was thrown that cannot be put into words). What was done is done, and is in the state.",
    ]);
  });

  test("takes the place of no error, and of no partial state", async () => {
    const { provider, outcomes } = world(partial("half"), throwing);
    const error = await errorOf(provider.create({ name: "n", __provider: "stub" }));
    expect(error).toMatchObject({
      message: "half",
      id: "job:1",
      properties: { name: "n", auditHead: "1:abc", __unfinished: "half", __provider: "stub" },
    });
    expect(outcomes).toMatchObject([{ finalStatus: "unfinished", failure: { message: "half" } }]);
  });

  test("even where nobody takes the warning", async () => {
    const { provider, context } = world(made, throwing);
    Object.assign(context, {
      log: () => {
        throw new Error("closed");
      },
    });
    expect(await provider.create({ name: "n" })).toMatchObject({ id: "t-1" });
  });
});

describe("a secret of 100 kB", () => {
  test.each([
    ["its message alone", "refused"],
    ["a message that repeats it", `refused: ${HUGE}`],
    ["a message of 30 kB", `refused: ${"x".repeat(30_000)}`],
  ])("costs no partial state and no outcome, with %s", async (_, message) => {
    const { provider, outcomes } = world(partial(message, { name: "n", webhookUrl: HUGE }));
    const error = await errorOf(provider.create({ name: "n", webhookUrl: HUGE }));
    expect(error).toMatchObject({ id: "job:1", properties: { name: "n", auditHead: "1:abc" } });
    expect(error.message).toMatch(/^refused/);
    expect(outcomes[0]?.failure?.message).toBe(error.message);
    expect(error.message + error.properties.__unfinished + outcomes[0]?.failure?.message).not.toContain(
      "planted",
    );
    expect(outcomes).toMatchObject([{ finalStatus: "unfinished" }]);
  });
});

test("settings that cannot be used take the place of no error", async () => {
  const { provider, outcomes, context } = world(partial("half"));
  Object.defineProperty(context, "settings", {
    get: () => {
      throw new Error("not usable");
    },
  });
  expect(await errorOf(provider.create({ name: "n" }))).toMatchObject({ message: "half", id: "job:1" });
  expect(outcomes).toMatchObject([{ finalStatus: "unfinished", failure: { message: "half" } }]);
});

test("what of a state is no JSON is left out of it, and the rest is kept", async () => {
  const circular: Thing = {};
  circular.self = circular;
  let deep: unknown = 1;
  for (let level = 0; level < 100_000; level++) deep = [deep];
  const { provider } = world(partial("half", Object.freeze({ name: "n", big: 1n, circular, deep })));
  const error = await errorOf(provider.create({ name: "n" }));
  expect(error).toMatchObject({ id: "job:1", properties: { name: "n", __unfinished: "half" } });
  expect(Object.keys(error.properties)).toEqual(["name", "auditHead", "__unfinished", "__provider"]);
});

test("whatever is thrown, an error comes out and an outcome is recorded", async () => {
  await fc.assert(
    fc.asyncProperty(fc.anything({ withNullPrototype: true, withBigInt: true }), async (thrown) => {
      const { provider, outcomes } = world(() => {
        throw thrown;
      });
      expect(await errorOf(provider.create({ name: "n" }))).toBeInstanceOf(Error);
      expect(outcomes).toMatchObject([{ finalStatus: "failed", failure: { code: "step.failed" } }]);
    }),
  );
});
