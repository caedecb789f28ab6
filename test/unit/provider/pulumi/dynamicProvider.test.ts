/** What goes between the engine and a handler at each step: inputs, outputs, secrets and errors. */
import { describe, expect, test } from "vitest";
import { dynamicProvider } from "../../../../provider/src/pulumi/dynamicProvider.js";
import type { Difference, ResourceHandler } from "../../../../provider/src/resourceHandler.js";
import { fakeContext } from "../support/context.js";

type Thing = Record<string, unknown>;
type Handler = ResourceHandler<Thing, Thing>;

const SECRET = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});
const NEW = { __provider: "new stub" };
const OLD = { __provider: "old stub" };

const unexpected = async () => {
  throw new Error("unexpected");
};

const isOver = (one: unknown, context: object): boolean =>
  typeof one === "object" && one !== null && (one === context || Object.getPrototypeOf(one) === context);

/** A provider around a handler that can do no more than what the test gives it, and what that was given. */
function providerWith(given: Partial<Handler>) {
  const seen: unknown[][] = [];
  const { context } = fakeContext();
  const handler: Handler = {
    kind: "thing",
    secrets: ["webhookUrl"],
    isState: (properties) => "thingId" in properties,
    summary: () => ({ name: "thing", key: "thing" }),
    check: unexpected,
    diff: () => {
      throw new Error("unexpected");
    },
    create: unexpected,
    read: unexpected,
    update: unexpected,
    delete: unexpected,
    ...given,
  };
  const spied = Object.fromEntries(
    Object.entries(handler).map(([name, each]) => [
      name,
      typeof each !== "function" || name === "isState" || name === "summary"
        ? each
        : (...rest: unknown[]) => {
            // A step has a context of its own, over the one of the process.
            seen.push(rest.map((one) => (isOver(one, context) ? "context" : one)));
            return (each as (...rest: unknown[]) => unknown)(...rest);
          },
    ]),
  ) as unknown as Handler;
  const configured: unknown[] = [];
  const organizations: string[] = [];
  context.stack.belongsTo = (name) => void organizations.push(name);
  const provider = dynamicProvider(spied, {
    context,
    configure: (config) => void configured.push(config),
    steps: { run: (_, step) => step() },
  });
  return { provider, seen, configured, organizations };
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into the fields of every kind of error
const thrownBy = async (promise: Promise<unknown>): Promise<any> =>
  promise.then(
    () => expect.unreachable(),
    (error: unknown) => error,
  );

describe("check", () => {
  test("completes the inputs, keeps the stub, marks secrets, and hands the engine's own keys to nobody", async () => {
    const { provider, seen } = providerWith({
      check: async () => ({ inputs: { name: "n", webhookUrl: "u", left: undefined } }),
    });
    expect(await provider.check({ name: "o", ...OLD }, { name: "n", ...NEW })).toStrictEqual({
      inputs: { name: "n", webhookUrl: SECRET("u"), ...NEW },
    });
    expect(seen).toEqual([["context", { name: "o" }, { name: "n" }]]);
  });

  test("tells the stack its organisation, where the program does, and nobody else", async () => {
    const { provider, seen, organizations } = providerWith({ check: async () => ({ inputs: {} }) });
    await provider.check({}, { name: "n", ...NEW });
    expect(await provider.check({}, { name: "n", __organization: "acme", ...NEW })).toStrictEqual({
      inputs: NEW,
    });
    expect(organizations).toEqual(["acme"]);
    expect(seen).toEqual(Array(2).fill(["context", undefined, { name: "n" }]));
  });

  test.each([{}, undefined])("olds of %j are none", async (olds) => {
    const { provider, seen } = providerWith({ check: async () => ({ inputs: {} }) });
    await provider.check(olds, NEW);
    expect(seen).toEqual([["context", undefined, {}]]);
  });

  test("a failure names its path in the reason and no property, whose value the engine would print", async () => {
    const problems = [
      { path: "filters[0].name", reason: "is required" },
      { path: "", reason: "no network" },
    ];
    const { provider } = providerWith({ check: async () => ({ problems }) });
    expect(await provider.check({}, { webhookUrl: "u", ...NEW })).toEqual({
      failures: [
        { property: "", reason: "filters[0].name: is required" },
        { property: "", reason: "no network" },
      ],
    });
  });
});

describe("an object to import", () => {
  const IMPORT = { __import: "7" };
  const echo = { check: async (_: unknown, __: unknown, news: Thing) => ({ inputs: news }) };

  test("is named to the handler's check and create, and hidden in the inputs between them", async () => {
    const { provider, seen } = providerWith({
      ...echo,
      create: async () => ({ id: "7", state: { thingId: "7" } }),
    });
    const { inputs } = await provider.check({}, { name: "n", ...IMPORT, ...NEW });
    expect(inputs).toStrictEqual({ name: "n", ...IMPORT, ...NEW });
    expect(await provider.create(inputs)).toStrictEqual({ id: "7", outs: { thingId: "7" } });
    expect(seen).toEqual([
      ["context", undefined, { name: "n", __import: "7" }],
      ["context", { name: "n", __import: "7" }],
    ]);
  });

  test.each([
    ["stays", IMPORT, IMPORT],
    ["goes", IMPORT, {}],
    ["changes", IMPORT, { __import: "8" }],
    ["comes", {}, IMPORT],
  ])("is no difference once it is in the stack and %s", async (_, before, now) => {
    const { provider, seen } = providerWith({ ...echo, update: async () => ({ id: "7", state: {} }) });
    const olds = { name: "o", ...before, ...OLD };
    const { inputs } = await provider.check(olds, { name: "n", ...now, ...NEW });
    expect(inputs).toStrictEqual({ name: "n", ...before, ...NEW });
    await provider.update("7", olds, inputs);
    expect(seen).toEqual([
      ["context", { name: "o" }, { name: "n" }],
      ["context", "7", { name: "o" }, { name: "n" }],
    ]);
  });

  test("is not where a handler refuses it", async () => {
    const { provider } = providerWith({ check: async () => ({ inputs: { name: "n" } }) });
    expect(await provider.check({}, { name: "n", ...IMPORT, ...NEW })).toStrictEqual({
      inputs: { name: "n", ...NEW },
    });
  });
});

describe("diff", () => {
  test("of what is in another organisation is an error, and nothing is compared", async () => {
    const { provider, seen } = providerWith({
      insistOnOrganization: async () => {
        throw new Error("it is elsewhere");
      },
    });
    await expect(provider.diff("id", { ...OLD, thingId: "t" }, NEW)).rejects.toThrow("it is elsewhere");
    expect(seen).toEqual([["context", { id: "id", state: { thingId: "t" } }]]);
  });

  const same: Difference = { inputs: false, unfinished: false, replaces: [], deleteBeforeReplace: false };

  test.each<[string, Partial<Difference>, object, boolean | undefined]>([
    ["nothing differs", {}, NEW, false],
    ["inputs differ: the engine is to find which", { inputs: true }, NEW, undefined],
    ["a step is unfinished", { unfinished: true }, NEW, true],
    ["a step is unfinished and inputs differ", { unfinished: true, inputs: true }, NEW, true],
    ["the state bears an old stub", {}, OLD, true],
    ["the state bears no stub", {}, {}, true],
  ])("%s", async (_, difference, olds, changes) => {
    const { provider } = providerWith({ diff: () => ({ ...same, ...difference }) });
    const answer = await provider.diff("id", olds, NEW);
    expect(answer).toStrictEqual({ changes, replaces: [], deleteBeforeReplace: false });
  });

  test("replacements are handed on", async () => {
    const { provider, seen } = providerWith({
      diff: () => ({ ...same, inputs: true, replaces: ["topic"], deleteBeforeReplace: true }),
    });
    expect(await provider.diff("id", { a: 1, ...NEW }, { a: 2, ...NEW })).toEqual({
      changes: undefined,
      replaces: ["topic"],
      deleteBeforeReplace: true,
    });
    expect(seen).toEqual([[{ a: 1 }, { a: 2 }]]);
  });
});

describe("create, update, delete", () => {
  test("hand plain JSON to the engine, secrets marked", async () => {
    const state = { thingId: "1", webhookUrl: "u", jobId: undefined };
    const { provider, seen } = providerWith({
      create: async () => ({ id: "1", state }),
      update: async () => ({ id: "1", state }),
      delete: async () => "deleted",
    });
    const outs = { thingId: "1", webhookUrl: SECRET("u") };
    expect(await provider.create({ a: 1, ...NEW })).toStrictEqual({ id: "1", outs });
    expect(await provider.update("1", { a: 1, ...OLD }, { a: 2, ...NEW })).toStrictEqual({ outs });
    await provider.delete("1", { a: 1, ...OLD });
    expect(seen).toEqual([
      ["context", { a: 1 }],
      ["context", "1", { a: 1 }, { a: 2 }],
      ["context", "1", { a: 1 }],
    ]);
  });
});

test("no message of a failed step repeats a secret of the program or of the settings, old or new, however it is written", async () => {
  const old = "https://hooks.example.com/services/planted-old-key-0123456789";
  const now = "https://hooks.example.com/services/planted-new-key-0123456789";
  const fail = async () => {
    throw new Error(
      `refused: ${old} ${encodeURIComponent(now)} HTTPS://HOOKS.EXAMPLE.COM planted-old-key-0123456789 hunter2-the-client-secret`,
    );
  };
  const { provider } = providerWith({ create: fail, update: fail, delete: fail });
  for (const step of [
    provider.update("1", { webhookUrl: old, ...OLD }, { webhookUrl: now, ...NEW }),
    provider.delete("1", { webhookUrl: old, ...OLD }),
    provider.create({ webhookUrl: old, ...NEW }),
  ]) {
    const { message } = await thrownBy(step);
    expect(message).toMatch(/^refused: \[secret\]/);
    expect(message).not.toMatch(/planted-old|hunter2/);
  }
  const { message } = await thrownBy(
    provider.update("1", { webhookUrl: old, ...OLD }, { webhookUrl: now, ...NEW }),
  );
  expect(message).not.toContain("planted");
});

describe("read", () => {
  test("returns the id, the state and the inputs", async () => {
    const { provider, seen } = providerWith({
      read: async () => ({
        id: "2",
        state: { thingId: "2", webhookUrl: "u", x: undefined },
        inputs: { webhookUrl: "u" },
      }),
    });
    expect(await provider.read("job:1", { thingId: "1", ...OLD })).toStrictEqual({
      id: "2",
      props: { thingId: "2", webhookUrl: SECRET("u") },
      inputs: { webhookUrl: SECRET("u") },
    });
    expect(seen).toEqual([["context", "job:1", { thingId: "1" }]]);
  });

  test("what is gone is dropped from the state by an answer without an id", async () => {
    const { provider } = providerWith({ read: async () => undefined });
    expect(await provider.read("1", { thingId: "1", ...NEW })).toEqual({});
  });

  test.each([undefined, NEW])(
    "a get (%j) knows no state, and of something that is not there fails",
    async (properties) => {
      const { provider, seen } = providerWith({ read: async () => undefined });
      expect((await thrownBy(provider.read("1", properties))).message).toBe(
        'There is no thing with the id "1".',
      );
      expect(seen).toEqual([["context", "1", undefined]]);
    },
  );
});

describe("errors", () => {
  const leaky = () =>
    Object.assign(new Error("it failed", { cause: new Error("inner") }), {
      id: "correlation-id",
      config: { auth: "hunter2" },
    });

  const partial = async () => ({
    id: "job:1",
    state: { jobId: "1", webhookUrl: "https://u.example", sourceId: undefined },
    unfinished: {
      error: new Error("half done: https://u.example is not good"),
      why: "https://u.example is not good",
    },
  });

  test.each(["check", "create", "read", "update", "delete"] as const)(
    "of %s come out with their message and nothing else",
    async (method) => {
      const { provider } = providerWith({
        [method]: async () => {
          throw leaky();
        },
      });
      const call = provider[method] as (...rest: unknown[]) => Promise<unknown>;
      const error = await thrownBy(
        method === "create" || method === "check" ? call(NEW, NEW) : call("1", NEW, NEW),
      );
      expect(error).toBeInstanceOf(Error);
      expect(error.message).toBe("it failed");
      expect(error.stack).toBe("");
      expect(error.cause).toBeUndefined();
      expect(Object.keys(error).filter((key) => key !== "stack")).toEqual([]);
    },
  );

  test("of diff, too", async () => {
    const { provider } = providerWith({
      diff: () => {
        throw leaky();
      },
    });
    expect(await thrownBy(provider.diff("1", NEW, NEW))).toMatchObject({ message: "it failed", stack: "" });
  });

  test.each([[undefined], [null], ["text"], [7]])(
    "whatever is thrown (%j), an Error comes out",
    async (thrown) => {
      const { provider } = providerWith({
        create: async () => {
          throw thrown;
        },
      });
      const error = await thrownBy(provider.create(NEW));
      expect(error).toBeInstanceOf(Error);
      expect(error.message).toBe(String(thrown));
    },
  );

  test("a create that got part of the way keeps its id, its state and the stub", async () => {
    const { provider } = providerWith({ create: partial });
    const error = await thrownBy(provider.create(NEW));
    expect(error).toMatchObject({
      message: "half done: [secret] is not good",
      stack: "",
      id: "job:1",
      reasons: ["half done: [secret] is not good"],
    });
    expect(error.properties).toStrictEqual({
      __unfinished: "[secret] is not good",
      jobId: "1",
      webhookUrl: SECRET("https://u.example"),
      ...NEW,
    });
  });

  test("an update that got part of the way keeps the id that it was given, and the new stub", async () => {
    const { provider } = providerWith({ update: partial });
    const error = await thrownBy(provider.update("src-1", OLD, NEW));
    expect(error).toMatchObject({
      id: "src-1",
      reasons: ["half done: [secret] is not good"],
      properties: NEW,
    });
  });
});

test("configure hands the configuration on", async () => {
  const { provider, configured } = providerWith({});
  const config = { get: () => undefined, require: () => "" };
  await provider.configure({ config });
  expect(configured).toEqual([config]);
});
