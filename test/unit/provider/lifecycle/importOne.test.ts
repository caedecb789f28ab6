/** A source that the option `import` names is taken into the state as it is, or not at all. */
import { describe, expect, test } from "vitest";
import { SOURCE } from "../../../../provider/src/eventBridgeSource/kind.js";
import type { SourceInputs } from "../../../../provider/src/eventBridgeSource/model.js";
import { differences, sayPlaces } from "../../../../provider/src/lifecycle/differences.js";
import { loginPrint } from "../../../../provider/src/settingPlaces.js";
import { done, errorOf, fakeContext, inTime, SETTINGS, useVirtualTime } from "../support/context.js";
import { FakeOrganisation } from "../support/fakeOrganisation.js";
import { ARGS, createSourceHandler, inputsWith, stateWith, URN } from "../support/source.js";

useVirtualTime();

function world() {
  const organisation = new FakeOrganisation();
  const source = organisation.addSource();
  const handler = createSourceHandler();
  const { context, lines } = fakeContext(organisation);
  const create = (inputs: Partial<SourceInputs> = {}) =>
    done(handler.create(context, inputsWith({ __import: "src-1", ...inputs })));
  return { organisation, source, handler, context, lines, create };
}

describe("a source that is imported", () => {
  test("takes one look, and its state is that of any other", async () => {
    const { create, organisation } = world();
    const { id, state } = await inTime(create());
    expect(organisation.calls).toEqual(["GET /sources/src-1"]);
    expect(id).toBe("src-1");
    expect(state).toStrictEqual({
      ...stateWith(),
      dateCreated: "2030-01-01T00:00:00Z",
      dateModified: "2030-01-01T00:00:00Z",
      selfUri: "/api/v2/eventbridge/sources/src-1",
      __host: "mypurecloud.de",
      __through: loginPrint(SETTINGS),
      latencySeconds: 0,
      retryCount: 0,
    });
  });

  test("keeps the program's webhook address where the API tells none", async () => {
    const { create, organisation } = world();
    organisation.showsWebhook = false;
    const { state } = await inTime(create({ webhookUrl: "https://h.example" }));
    expect(state.webhookUrl).toBe("https://h.example");
  });

  test("takes a webhook address for the same, however the platform writes it", async () => {
    const { create, organisation } = world();
    organisation.addSource({ webhook_url: "https://h.example/" });
    const written = { __import: "src-2", webhookUrl: "https://h.example" };
    expect((await inTime(create(written))).state.webhookUrl).toBe("https://h.example/");
    const other = await errorOf(create({ ...written, webhookUrl: "https://h.example/other" }));
    expect(other.message).toContain("because the program would change it: webhookUrl. Make");
  });

  test("fails with every difference, and changes nothing", async () => {
    const { create, organisation } = world();
    const error = await errorOf(create({ description: "d", status: "inactive" }));
    expect(error.message).toContain("because the program would change it: description, status. Make");
    expect(organisation.calls).toEqual(["GET /sources/src-1"]);
  });

  test("fails when it is not there; an error is not taken for that", async () => {
    const { create, organisation } = world();
    expect((await errorOf(create({ __import: "src-9" }))).message).toContain(
      'There is no EventBridge source with the id "src-9" to import.',
    );
    organisation.fail(/GET/, 403);
    expect((await errorOf(create())).message).toContain("403");
  });

  test("is not deleted by the run that has imported it for another resource", async () => {
    const { create, handler, context, organisation } = world();
    await inTime(create());
    await inTime(handler.delete(context, "src-1", stateWith()));
    expect(organisation.sources.has("src-1")).toBe(true);
  });
});

describe("its check", () => {
  const news = { ...ARGS, name: "orders", __urn: URN };

  test("says so, completes the inputs, and looks nothing up", async () => {
    const { handler, context, organisation, lines } = world();
    const checked = await handler.check(context, undefined, { ...news, __import: "src-1" });
    expect(checked).toEqual({ inputs: inputsWith({ __import: "src-1" }) });
    expect(lines).toEqual([
      `info ${URN}: source src-1 will be imported as it is: nothing is made or changed`,
    ]);
    expect(organisation.calls).toEqual([]);
  });

  test("forgets it for what replaces a source of the stack", async () => {
    const { handler, context, organisation, lines } = world();
    organisation.addTopic("topic-1").addTarget("target-1");
    await inTime(handler.check(context, inputsWith(), news));
    const checked = await inTime(handler.check(context, undefined, { ...news, __import: "src-1" }));
    expect(checked).toEqual({ inputs: inputsWith() });
    expect(lines).toEqual([]);
  });

  test("forgets it for what replaces by force what the stack has of that resource, whatever its id is by now", async () => {
    const { handler, context, organisation } = world();
    organisation.addTopic("topic-1").addTarget("target-1");
    Object.assign(context.stack, {
      lookUpKey: async (urn: string) => (urn === URN ? { key: "orders", isLeaving: false } : undefined),
    });
    const checked = await inTime(handler.check(context, undefined, { ...news, __import: "src-1" }));
    expect(checked).toEqual({ inputs: inputsWith() });
  });
});

describe("differences", () => {
  const condition = { field: "f", operator: "equals", value: "planted" } as const;
  const filter = { name: "vip", conditions: [condition], action: "route" };

  test.each<[string, Partial<SourceInputs>, Partial<SourceInputs>, string]>([
    ["a field", { name: "a" }, { name: "b" }, "name"],
    [
      "deep in a list",
      { filters: [filter] },
      { filters: [{ ...filter, conditions: [{ ...condition, operator: "contains" }] }] },
      "filters[0].conditions[0].operator",
    ],
    ["one more in the program", { filters: [] }, { filters: [filter] }, "filters[0] (missing)"],
    [
      "one less in the program",
      { targets: [{ targetId: "a", priority: 1 }] },
      { targets: [] },
      "targets[0] (not in the program)",
    ],
    [
      "the value of a condition",
      { filters: [filter] },
      { filters: [{ ...filter, conditions: [{ ...condition, value: 1 }] }] },
      "filters[0].conditions[0].value",
    ],
    ["the webhook address", {}, { webhookUrl: "https://planted.example" }, "webhookUrl"],
  ])("of %s", (_, present, wanted, said) => {
    expect(differences(SOURCE, inputsWith(present), inputsWith(wanted))).toEqual([said]);
  });

  test("many are counted, and the first are named", () => {
    const places = Array.from({ length: 100_000 }, (_, index) => `targets[${index}]`);
    expect(sayPlaces(places)).toMatch(/^targets\[0\], targets\[1\], .*targets\[19\] and 99980 more$/);
    expect(sayPlaces(["name", "status"])).toBe("name, status");
  });

  test("of an order is one, of nothing is none", () => {
    const two = [filter, { ...filter, name: "other" }];
    expect(
      differences(SOURCE, inputsWith({ filters: two }), inputsWith({ filters: two.toReversed() })),
    ).toHaveLength(2);
    expect(
      differences(SOURCE, inputsWith({ filters: two }), inputsWith({ filters: structuredClone(two) })),
    ).toEqual([]);
  });
});
