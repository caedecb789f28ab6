/** `GenesysCloudProvider` as programs load it: from the built package, with Pulumi's own SDK and a pretended engine. */
import { createRequire } from "node:module";
import * as pulumi from "@pulumi/pulumi";
import { beforeEach, expect, test } from "vitest";

const { EventBridgeIntegration, EventBridgeSource, GenesysCloudProvider } = createRequire(import.meta.url)(
  "../../provider/dist/index.js",
) as typeof import("../../provider/src/index.js");

const ARGS = { region: "eu-central-1", oauthClientId: "id", oauthClientSecret: "hunter2", maxRetries: 3 };
const SOURCE = { eventTopicId: "topic-1", targets: [{ targetId: "target-1" }] };

/** What the engine would be told of each resource. */
const registered: { type: string; name: string; inputs: Record<string, unknown>; provider?: string }[] = [];

beforeEach(async () => {
  registered.length = 0;
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs, provider }) => {
      registered.push({ type, name, inputs, provider });
      return { id: `${name}-id`, state: inputs };
    },
    call: () => ({}),
  });
});

const resolved = <T>(output: pulumi.Output<T>): Promise<T> => new Promise((done) => output.apply(done));

test("a provider registers its arguments as the configuration has them, and resources go by it", async () => {
  const emea = new GenesysCloudProvider("emea", { ...ARGS, webhookRequired: pulumi.output(true) });
  const events = new pulumi.ComponentResource("shop:Events", "events", {}, { providers: [emea] });
  const own = new EventBridgeSource("own", SOURCE, { provider: emea });
  const inherited = new EventBridgeSource("inherited", SOURCE, { parent: events });
  await Promise.all([own, inherited].map(({ id }) => resolved(id)));
  const [provider] = registered;
  expect(provider).toMatchObject({ type: "pulumi:providers:pulumi-nodejs", name: "emea" });
  expect(provider?.inputs).toEqual({
    "genesyscloud:__name": "emea",
    "genesyscloud:region": "eu-central-1",
    "genesyscloud:oauthClientId": "id",
    "genesyscloud:oauthClientSecret": expect.objectContaining({ value: "hunter2" }),
    "genesyscloud:maxRetries": "3",
    "genesyscloud:webhookRequired": "true",
  });
  const through = registered.filter(({ type }) => type.endsWith("Source")).map(({ provider: of }) => of);
  expect(through).toEqual([
    expect.stringMatching(/::emea::emea-id$/),
    expect.stringMatching(/::emea::emea-id$/),
  ]);
});

test("what is wrong is an error of the constructor, without a stack, and nothing is registered", () => {
  const make = () => new GenesysCloudProvider("default", { region: "nowhere" } as never);
  expect(make).toThrow(pulumi.RunError);
  expect(make).toThrow(
    /^GenesysCloudProvider "default": its name must not begin with "default".*\nGenesysCloudProvider "default": region: "nowhere" is neither .*\nGenesysCloudProvider "default": no credentials for Genesys Cloud: give it/,
  );
  expect(() => new GenesysCloudProvider("emea", undefined as never)).toThrow("no region of Genesys Cloud");
  expect(registered).toEqual([]);
});

test("each class tells its type, and its own from others, also those of another copy of the package", () => {
  const emea = new GenesysCloudProvider("emea", ARGS);
  expect(GenesysCloudProvider.isInstance(emea)).toBe(true);
  expect(GenesysCloudProvider.isInstance({ __isGenesysCloudProvider: true })).toBe(true);
  for (const other of [undefined, {}, new EventBridgeSource("x", SOURCE), "x"])
    expect(GenesysCloudProvider.isInstance(other)).toBe(false);
  const types = [GenesysCloudProvider, EventBridgeSource, EventBridgeIntegration].map(
    (each) => (each as unknown as { __pulumiType: string }).__pulumiType,
  );
  expect(types).toEqual([
    "pulumi-nodejs",
    "pulumi-nodejs:dynamic/genesyscloud:EventBridgeSource",
    "pulumi-nodejs:dynamic/genesyscloud:EventBridgeIntegration",
  ]);
});
