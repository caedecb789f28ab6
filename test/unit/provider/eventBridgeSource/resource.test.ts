/** What a program's `EventBridgeSource` registers with the engine, made or read. */
import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, test } from "vitest";
import { EventBridgeSource } from "../../../../provider/src/index.js";
import { inStates } from "../../../../provider/src/stub.js";
import { ARGS } from "../support/source.js";

const TYPE = "pulumi-nodejs:dynamic/genesyscloud:EventBridgeSource";
const { stub: STUB } = inStates("EventBridgeSource");

/** What the engine would be told of each resource. */
const registered: { type: string; name: string; id?: string; inputs: Record<string, unknown> }[] = [];

beforeEach(() => setMocks());

async function setMocks(organization?: string, isPreview = false): Promise<void> {
  registered.length = 0;
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, id, inputs }) => {
        registered.push({ type, name, id, inputs });
        return { id: id || "src-1", state: { ...inputs, sourceId: "src-1", version: 3 } };
      },
      call: () => ({}),
    },
    "shop",
    "dev",
    isPreview,
    organization,
  );
}

/** A value that another resource brings about. */
const later = <T>(value: T) => pulumi.output(Promise.resolve(value));
const resolved = <T>(output: pulumi.Output<T>): Promise<T> => new Promise((resolve) => output.apply(resolve));

test("a source registers its arguments, the stub and its URN, and nothing else", async () => {
  const source = new EventBridgeSource("orders", { ...ARGS, description: "d" });
  expect(await resolved(source.sourceId)).toBe("src-1");
  expect(await resolved(source.version)).toBe(3);
  expect(registered).toEqual([
    {
      type: TYPE,
      name: "orders",
      id: "",
      inputs: {
        ...ARGS,
        description: "d",
        __provider: STUB,
        __urn: `urn:pulumi:dev::shop::${TYPE}::orders`,
      },
    },
  ]);
});

test("the organisation of Pulumi's that the stack is in is a hidden input, where the engine tells it", async () => {
  await setMocks("acme");
  const source = new EventBridgeSource("orders", ARGS);
  await resolved(source.id);
  expect(registered).toMatchObject([{ inputs: { ...ARGS, __organization: "acme" } }]);
});

test.each([true, false])(
  "that this is a preview is a hidden input: %s, whatever the program writes",
  async (isPreview) => {
    await setMocks(undefined, isPreview);
    for (const written of [{}, { __preview: !isPreview }])
      await resolved(new EventBridgeSource(`orders-${Object.keys(written)}`, { ...ARGS, ...written }).urn);
    expect(registered.map(({ inputs }) => inputs.__preview)).toEqual(Array(2).fill(isPreview || undefined));
  },
);

test("nothing is imported for what a program writes under the hidden name", async () => {
  await resolved(new EventBridgeSource("orders", { ...ARGS, ...{ __import: "src-7" } }).urn);
  expect(registered[0]?.inputs).not.toHaveProperty("__import");
});

test.each<[string, pulumi.Input<object> | undefined, object]>([
  ["alone", undefined, { create: "1h30m", delete: "1d" }],
  [
    "over which an argument wins",
    { create: "2m", update: "3m" },
    { create: "2m", update: "3m", delete: "1d" },
  ],
  ["over which one of another resource wins", later({ create: "2m" }), { create: "2m", delete: "1d" }],
  ["beside what is no object", "soon" as never, "soon" as never],
])("the option customTimeouts is the argument timeouts, %s", async (_, timeouts, expected) => {
  const options = { customTimeouts: { create: "1h30m", delete: "1d" } };
  const source = new EventBridgeSource("orders", { ...ARGS, ...(timeouts && { timeouts }) }, options);
  await resolved(source.id);
  expect(registered).toMatchObject([{ inputs: { ...ARGS, timeouts: expected } }]);
});

test("the option import is a hidden input, and the engine is told of none", async () => {
  const source = new EventBridgeSource("orders", ARGS, { import: "src-7", protect: true });
  await resolved(source.id);
  expect(registered).toMatchObject([{ id: "", inputs: { ...ARGS, __import: "src-7" } }]);
});

test("what a transformation says counts like what the program says, whoever has it: the resource, its component or the stack", async () => {
  const says = (given: object, options: object): pulumi.ResourceTransformation => {
    return ({ type, props, opts }) =>
      type === TYPE ? { props: { ...props, ...given }, opts: { ...opts, ...options } } : undefined;
  };
  const parent = new pulumi.ComponentResource(
    "shop:Events",
    "events",
    {},
    { transformations: [says({ webhookUrl: "https://hooks.example.com" }, { import: "src-7" })] },
  );
  const source = new EventBridgeSource("orders", ARGS, {
    parent,
    transformations: [says({ description: "d" }, { customTimeouts: { create: "1d" } })],
  });
  await resolved(source.id);
  expect(registered.find(({ type }) => type === TYPE)).toMatchObject({
    id: "",
    inputs: { ...ARGS, description: "d", __import: "src-7", timeouts: { create: "1d" } },
  });
  expect(await pulumi.isSecret(source.webhookUrl)).toBe(true);
});

test("a resource below a source is what its own program says", async () => {
  const parent = new EventBridgeSource("orders", ARGS, { import: "src-7" });
  const child = new EventBridgeSource("returns", ARGS, { parent });
  const component = new pulumi.ComponentResource("shop:Events", "events", { own: true }, { parent });
  await Promise.all([resolved(child.id), resolved(component.urn)]);
  const inputsOf = (of: string) => registered.find(({ name }) => name === of)?.inputs;
  expect(inputsOf("returns")).toEqual({
    ...{ ...ARGS, __provider: STUB },
    __urn: `urn:pulumi:dev::shop::${TYPE}$${TYPE}::returns`,
  });
  expect(inputsOf("events")).not.toHaveProperty("__provider");
});

test("of several in one component none waits for another", async () => {
  const parent = new pulumi.ComponentResource("shop:Events", "events");
  const sources = ["orders", "returns"].map((name) => new EventBridgeSource(name, ARGS, { parent }));
  await Promise.all(sources.map(({ id }) => resolved(id)));
  expect(registered.filter(({ type }) => type === TYPE).map(({ name }) => name)).toEqual([
    "orders",
    "returns",
  ]);
});

test("under a parent, the URN is the one that the engine gives it", async () => {
  const parent = new pulumi.ComponentResource("shop:Events", "events");
  const source = new EventBridgeSource("orders", ARGS, { parent });
  await resolved(source.id);
  const own = registered.find(({ type }) => type === TYPE);
  expect(own?.inputs.__urn).toBe(`urn:pulumi:dev::shop::shop:Events$${TYPE}::orders`);
  expect(own?.inputs.__urn).toBe(await resolved(source.urn));
});

test("the webhook address is a secret, whether the program says so or not", async () => {
  const source = new EventBridgeSource("orders", { ...ARGS, webhookUrl: "https://hooks.example.com" });
  expect(await pulumi.isSecret(source.webhookUrl)).toBe(true);
  expect(await pulumi.isSecret(source.description)).toBe(false);
});

test("the arguments are left as the program wrote them", async () => {
  const args = { ...ARGS, webhookUrl: "https://hooks.example.com" };
  const source = new EventBridgeSource("orders", args);
  await resolved(source.id);
  expect(args).toEqual({ ...ARGS, webhookUrl: "https://hooks.example.com" });
});

describe("an existing source", () => {
  test("is read by its id, with the stub and no arguments", async () => {
    const source = EventBridgeSource.get("existing", "src-7");
    expect(await resolved(source.id)).toBe("src-7");
    expect(registered).toEqual([{ type: TYPE, name: "existing", id: "src-7", inputs: { __provider: STUB } }]);
  });

  test("without an id, arguments are needed", () => {
    const create = () => new EventBridgeSource("orders", undefined as never);
    expect(create).toThrow('EventBridgeSource "orders" needs arguments: eventTopicId and targets at least');
  });
});

test("a source is told from other things, also one of another copy of the package", () => {
  const source = new EventBridgeSource("orders", ARGS);
  expect(EventBridgeSource.isInstance(source)).toBe(true);
  expect(EventBridgeSource.isInstance({ __pulumiType: TYPE })).toBe(true);
  for (const other of [undefined, {}, { __pulumiType: "other" }, "x"])
    expect(EventBridgeSource.isInstance(other)).toBe(false);
});
