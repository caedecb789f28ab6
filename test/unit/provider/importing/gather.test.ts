/** What an import takes in of a source that was found, what it leaves out, and why. */
import { describe, expect, test } from "vitest";
import { SOURCE } from "../../../../provider/src/eventBridgeSource/kind.js";
import type { WireSource } from "../../../../provider/src/eventBridgeSource/wire.js";
import { type Destination, gather } from "../../../../provider/src/importing/gather.js";
import { takeIn } from "../../../../provider/src/importing/imported.js";
import { importFile } from "../../../../provider/src/importing/importFile.js";
import type { StackResource } from "../../../../provider/src/importing/managed.js";
import { loadNaming } from "../../../../provider/src/importing/names.js";
import { beginOn } from "../../../../provider/src/lifecycle/kind.js";
import { loginPrint } from "../../../../provider/src/settingPlaces.js";
import type { Settings } from "../../../../provider/src/settings.js";
import { fakeContext, SETTINGS } from "../support/context.js";
import { FakeOrganisation } from "../support/fakeOrganisation.js";

const TYPE = "pulumi-nodejs:dynamic/genesyscloud:EventBridgeSource";
const urn = (name: string, parents = "") => `urn:pulumi:dev::shop::${parents}${TYPE}::${name}`;

function world(settings: Partial<Settings> = {}) {
  const organisation = new FakeOrganisation();
  const { context } = fakeContext(organisation, settings);
  const take = async (sources: WireSource[], resources: StackResource[] = []) => {
    const destination: Destination = { project: "shop", stack: "dev", resources };
    const shown = await shownAs(structuredClone(sources));
    const objects = shown.map((each) => ({ kind: SOURCE, shown: each }));
    const gathered = await gather(objects, destination, await loadNaming(), [beginOn(SOURCE, context, "1m")]);
    return {
      ...gathered,
      skipped: gathered.skipped.map(withoutKind),
      leftOut: gathered.leftOut.map(withoutKind),
    };
  };
  return { organisation, take };
}

const withoutKind = <Each extends { kind: unknown }>({ kind: _, ...rest }: Each) => rest;

/** Sources as a list shows them that has just these. */
async function shownAs(sources: WireSource[]) {
  const listing = new FakeOrganisation();
  for (const source of sources) listing.sources.set(String(source.source_id), source);
  const { api } = beginOn(SOURCE, fakeContext(listing).context, "1m");
  const shown = [];
  for await (const page of api.pages()) shown.push(...page.shown);
  return shown;
}

test("what is taken in is not made: nobody asks what the engine has noted of earlier creates", async () => {
  const organisation = new FakeOrganisation();
  organisation.addSource();
  const { context } = fakeContext(organisation);
  context.stack.lookUpCreating = () => expect.unreachable();
  const kind = { ...SOURCE, token: (of: string) => of };
  expect(await takeIn(kind, context, { id: "src-1", urn: urn("orders") })).toMatchObject({
    inputs: { name: "orders", __urn: urn("orders") },
  });
});

describe("a source that a list shows whole", () => {
  test("is taken in without a call: what a program says, what check makes of it, what read finds", async () => {
    const { organisation, take } = world();
    const source = organisation.addSource({
      name: "VIP",
      description: "by hand",
      targets: [
        { target_id: "b", priority: 2 },
        { target_id: "a", priority: 1 },
      ],
      filters: [{ name: "f", conditions: [{ field: "x", operator: "equals", value: 1 }], action: "route" }],
      status: "inactive",
    });
    const { imports, skipped, leftOut } = await take([source]);
    expect(organisation.calls).toEqual([]);
    expect([skipped, leftOut]).toEqual([[], []]);
    const inputs = {
      name: "VIP",
      description: "by hand",
      sourceType: "eventbridge",
      eventTopicId: "topic-1",
      targets: [
        { targetId: "a", priority: 1 },
        { targetId: "b", priority: 2 },
      ],
      filters: [{ name: "f", conditions: [{ field: "x", operator: "equals", value: 1 }], action: "route" }],
      status: "inactive",
      __urn: urn("vip"),
    };
    expect(imports).toStrictEqual([
      {
        kind: SOURCE,
        id: "src-1",
        resource: "vip",
        args: {
          name: "VIP",
          description: "by hand",
          eventTopicId: "topic-1",
          targets: [{ targetId: "a" }, { targetId: "b" }],
          filters: [{ name: "f", conditions: [{ field: "x", operator: "equals", value: 1 }] }],
          status: "inactive",
        },
        inputs,
        state: {
          ...inputs,
          sourceId: "src-1",
          version: 1,
          dateCreated: "2030-01-01T00:00:00Z",
          dateModified: "2030-01-01T00:00:00Z",
          selfUri: "/api/v2/eventbridge/sources/src-1",
          __host: "mypurecloud.de",
          __through: loginPrint(SETTINGS),
        },
        keepsWebhookUrl: false,
      },
    ]);
  });

  test("says nothing in a program that is said by default", async () => {
    const { organisation, take } = world();
    const { imports } = await take([organisation.addSource()]);
    expect(imports[0]?.args).toStrictEqual({
      name: "orders",
      eventTopicId: "topic-1",
      targets: [{ targetId: "target-1" }],
    });
  });
});

describe("a source that a list shows in part", () => {
  const mention = ({ source_id, name }: WireSource): WireSource => ({ source_id, name });

  test("is asked for", async () => {
    const { organisation, take } = world();
    const whole = organisation.addSource();
    const part = mention(organisation.addSource({ name: "other" }));
    const { imports } = await take([whole, part]);
    expect(imports.map(({ args }) => args.name)).toEqual(["orders", "other"]);
    expect(new Set(organisation.calls)).toEqual(new Set(["GET /sources/src-2"]));
  });

  test("that is deleted meanwhile is left out, and no failure", async () => {
    const { organisation, take } = world();
    const part = mention(organisation.addSource());
    organisation.sources.clear();
    const { imports, leftOut } = await take([part]);
    expect(imports).toEqual([]);
    expect(leftOut).toEqual([{ id: "src-1", name: "orders", reason: "was deleted meanwhile", gone: true }]);
  });

  test("because the API leaves out what is empty costs one call, not one a source", async () => {
    const { organisation, take } = world();
    const sources = Array.from(Array(50).keys(), (index) => {
      const { filters: _, ...rest } = organisation.addSource({ name: `s${index}` });
      organisation.sources.set(String(rest.source_id), rest);
      return rest;
    });
    expect((await take(sources)).imports).toHaveLength(50);
    expect(organisation.calls).toEqual(["GET /sources/src-1"]);
  });
});

describe("a source that no program can describe", () => {
  test.each<[string, WireSource, string]>([
    ["a status", { status: "failed" }, 'status: must be "active", "inactive" or "draft", and is "failed"'],
    ["priorities", { targets: [{ target_id: "a", priority: 7 }] }, "targets"],
    ["a type", { source_type: "webhook" }, "sourceType"],
    ["a name", { name: "" }, "name"],
  ])("for %s is left out, and why is said", async (_, more, said) => {
    const { organisation, take } = world();
    const { imports, leftOut } = await take([
      organisation.addSource(more),
      organisation.addSource({ name: "fine" }),
    ]);
    expect(imports.map(({ args }) => args.name)).toEqual(["fine"]);
    expect(leftOut).toMatchObject([{ id: "src-1", gone: false }]);
    expect(leftOut[0]?.reason).toMatch(`cannot be described by a program: ${said}`);
  });

  test("without changing it is left out, too", async () => {
    const { organisation, take } = world();
    const conditions = [{ field: "f", operator: "equals", value: 1 }];
    const { leftOut } = await take([
      organisation.addSource({ filters: [{ name: "f", conditions, action: undefined as never }] }),
    ]);
    expect(leftOut[0]?.reason).toContain("cannot be written in a program without changing it");
  });
});

describe("a webhook address", () => {
  const ADDRESS = "https://planted.example";
  const address = async (theirs: string | null, byDefault: string | undefined, tells = true) => {
    const { organisation, take } = world({ webhookUrl: byDefault });
    const { webhook_url, ...silent } = organisation.addSource({ webhook_url: theirs });
    const { imports } = await take([tells ? { ...silent, webhook_url } : silent]);
    const [one] = imports;
    expect(JSON.stringify(one?.args)).not.toContain("planted");
    expect(one?.inputs.webhookUrl).toBe(one?.state.webhookUrl);
    return [one?.state.webhookUrl, one?.keepsWebhookUrl];
  };

  test("is kept by the program unless it is what the program gets by default", async () => {
    expect(await address(ADDRESS, undefined)).toEqual([ADDRESS, true]);
    expect(await address(ADDRESS, ADDRESS)).toEqual([ADDRESS, false]);
    expect(await address(`${ADDRESS}/`, ADDRESS)).toEqual([`${ADDRESS}/`, false]);
    expect(await address(ADDRESS, "https://other.example")).toEqual([ADDRESS, true]);
    expect(await address(null, ADDRESS)).toEqual([undefined, true]);
    expect(await address(null, undefined)).toEqual([undefined, false]);
  });

  test("that the API keeps to itself is taken to be the default", async () => {
    expect(await address(null, ADDRESS, false)).toEqual([ADDRESS, false]);
    expect(await address(ADDRESS, undefined, false)).toEqual([undefined, false]);
  });

  test("is in the import file in the form that the CLI encrypts", async () => {
    const { organisation, take } = world();
    const { imports } = await take([organisation.addSource({ webhook_url: ADDRESS })]);
    const { resources } = JSON.parse(importFile(imports));
    const secret = {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      plaintext: JSON.stringify(ADDRESS),
    };
    const stub = 'exports.handler=()=>require("pulumi-genesyscloud-eventbridge/runtime").eventBridgeSource';
    expect(resources).toMatchObject([
      {
        type: TYPE,
        name: "orders",
        id: "src-1",
        inputs: { webhookUrl: secret, __provider: stub, __urn: urn("orders") },
        outputs: { webhookUrl: secret, __provider: stub, sourceId: "src-1" },
      },
    ]);
  });
});

describe("what a stack has already", () => {
  const resource = (more: Partial<StackResource>): StackResource => ({
    urn: urn("mine"),
    type: TYPE,
    ...more,
  });

  test.each<[string, Partial<StackResource>, boolean]>([
    ["under its id", { id: "src-1" }, true],
    ["under the id of its job", { id: "job:1", outputs: { sourceId: "src-1" } }, true],
    ["as what a job of its is still making", { id: "job:1", outputs: { name: "orders" } }, true],
    ["under another name, still in the making", { id: "job:1", outputs: { name: "vip" } }, false],
    ["below a component", { id: "src-1", urn: urn("mine", "shop:Events$") }, true],
    ["as something that it only reads", { id: "src-1", external: true }, false],
    ["as something that it is about to delete", { id: "src-1", delete: true }, false],
    ["as something else", { id: "src-1", type: "other:index:Thing" }, false],
    ["by another id", { id: "src-2" }, false],
  ])("%s is left out or not", async (_, more, isThere) => {
    const { organisation, take } = world();
    const { imports, skipped } = await take([organisation.addSource()], [resource(more)]);
    expect(imports).toHaveLength(isThere ? 0 : 1);
    expect(skipped).toEqual(isThere ? [{ id: "src-1", name: "orders", resource: "mine" }] : []);
  });

  test("keeps its names to itself", async () => {
    const { organisation, take } = world();
    const { imports } = await take(
      [organisation.addSource(), organisation.addSource({ name: "Orders" })],
      [resource({ id: "x", urn: urn("orders") })],
    );
    expect(imports.map((each) => each.resource)).toEqual(["orders-2", "orders-3"]);
  });
});
