/** What check makes of a program's inputs: defaults, automatic names, and topics and targets that are looked up. */
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { SOURCE } from "../../../../provider/src/eventBridgeSource/kind.js";
import type { SourceInputs } from "../../../../provider/src/eventBridgeSource/model.js";
import { createCheck } from "../../../../provider/src/lifecycle/check.js";
import type { Problem } from "../../../../provider/src/resourceHandler.js";
import type { Settings } from "../../../../provider/src/settings.js";
import { UNKNOWN } from "../../../../provider/src/unknown.js";
import { errorOf, fakeContext } from "../support/context.js";
import { FakeOrganisation, failure } from "../support/fakeOrganisation.js";
import { ARGS, entryWith, URN } from "../support/source.js";

/** A provider process: one check for all its resources. */
function process(settings: Partial<Settings> = {}) {
  const organisation = new FakeOrganisation()
    .addTopic("topic-1")
    .addTopic("topic-2")
    .addTarget("target-1")
    .addTarget("target-2");
  const replaced = new Map<string, string>();
  const check = createCheck(SOURCE, replaced);
  const { context, lines } = fakeContext(organisation, settings);
  const checked = (news: object, olds?: Partial<SourceInputs>, urn = URN) =>
    check(context, olds, { ...news, __urn: urn });
  const inputsOf = async (...given: Parameters<typeof checked>): Promise<SourceInputs> => {
    const result = await checked(...given);
    if ("problems" in result) throw new Error(JSON.stringify(result.problems));
    return result.inputs as SourceInputs;
  };
  const problemsOf = async (...given: Parameters<typeof checked>): Promise<Problem[]> => {
    const result = await checked(...given);
    return "problems" in result ? result.problems : [];
  };
  return { organisation, context, lines, replaced, inputsOf, problemsOf };
}

test("what it refers to is looked up while the stack's state is waited for, once, and the state is asked for first", async () => {
  const { organisation, context, inputsOf } = process();
  let tell = (_: undefined) => {};
  const state = new Promise<undefined>((resolve) => {
    tell = resolve;
  });
  const callsBefore: number[] = [];
  context.stack.lookUpKey = () => {
    callsBefore.push(organisation.calls.length);
    return state;
  };
  const inputs = inputsOf(ARGS);
  await vi.waitFor(() => expect([organisation.calls.length, callsBefore]).toEqual([2, [0]]));
  tell(undefined);
  await inputs;
  expect(organisation.calls).toHaveLength(2);
});

describe("what the engine has noted of earlier creates, of a kind that a token finds again", () => {
  const askedOf = async (
    hidden: object,
    { kind = { ...SOURCE, token: (urn: string) => urn }, olds = false } = {},
  ) => {
    const { context } = fakeContext(undefined, { validateReferences: "off" });
    const asked: string[] = [];
    context.stack.lookUpCreating = async (urn) => {
      asked.push(urn);
      return false;
    };
    const args = { ...ARGS, name: "chosen", __urn: URN };
    const checked = await createCheck(kind, new Map())(context, olds ? args : undefined, {
      ...args,
      ...hidden,
    });
    expect(checked).toEqual({ inputs: expect.not.objectContaining({ __preview: expect.anything() }) });
    return asked;
  };

  test("is read before this run creates one", async () => expect(await askedOf({})).toEqual([URN]));

  test("is not read in a preview, and that it is one is no input", async () =>
    expect(await askedOf({ __preview: true })).toEqual([]));

  test("is not read of what is there, nor of another kind", async () => {
    expect(await askedOf({}, { olds: true })).toEqual([]);
    expect(await askedOf({}, { kind: SOURCE as never })).toEqual([]);
  });
});

describe("defaults", () => {
  test("are filled in once: complete inputs come out as they went in", async () => {
    const { inputsOf } = process({ webhookUrl: "https://hooks.example.com" });
    const first = await inputsOf(ARGS);
    expect(first).toEqual({
      eventTopicId: "topic-1",
      targets: [{ targetId: "target-1", priority: 1 }],
      filters: [],
      name: expect.stringMatching(/^orders-[0-9a-f]{7}$/),
      description: "Managed by Pulumi",
      sourceType: "eventbridge",
      status: "active",
      webhookUrl: "https://hooks.example.com",
      __urn: URN,
      __autonamed: true,
    });
    const { __urn, __autonamed, ...written } = first;
    expect(await inputsOf(written, first)).toEqual({ ...written, __urn });
  });

  test("the program's webhook address wins over the configured one", async () => {
    const { inputsOf } = process({ webhookUrl: "https://hooks.example.com" });
    const webhookUrl = "https://mine.example.com";
    expect((await inputsOf({ ...ARGS, webhookUrl })).webhookUrl).toBe(webhookUrl);
    expect(await process().inputsOf(ARGS)).not.toHaveProperty("webhookUrl");
  });
});

describe("priorities", () => {
  const of = async (...targets: unknown[]) => (await process().inputsOf({ ...ARGS, targets })).targets;

  test("are the positions where none are given", async () =>
    expect(await of({ targetId: "target-2" }, { targetId: "target-1" })).toEqual([
      { targetId: "target-2", priority: 1 },
      { targetId: "target-1", priority: 2 },
    ]));

  test("that are given put the list in order", async () =>
    expect(await of({ targetId: "target-2", priority: 2 }, { targetId: "target-1", priority: 1 })).toEqual([
      { targetId: "target-1", priority: 1 },
      { targetId: "target-2", priority: 2 },
    ]));

  test("the order in which a program writes given ones makes no difference", async () => {
    const { inputsOf } = process({ validateReferences: "off" });
    const inOrder = Array.from({ length: 6 }, (_, index) => ({ targetId: `t${index}`, priority: index + 1 }));
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(inOrder, { minLength: inOrder.length }), async (targets) => {
        expect((await inputsOf({ ...ARGS, targets })).targets).toEqual(inOrder);
      }),
    );
  });

  test.each<[string, unknown, unknown]>([
    ["a list", UNKNOWN, UNKNOWN],
    ["a target", [{ targetId: "target-1" }, UNKNOWN], [{ targetId: "target-1", priority: 1 }, UNKNOWN]],
    [
      "a priority",
      [
        { targetId: "target-2", priority: 2 },
        { targetId: "target-1", priority: UNKNOWN },
      ],
      [
        { targetId: "target-2", priority: 2 },
        { targetId: "target-1", priority: UNKNOWN },
      ],
    ],
    ["an id", [{ targetId: UNKNOWN }], [{ targetId: UNKNOWN, priority: 1 }]],
  ])("%s that is unknown is left alone", async (_, targets, expected) =>
    expect((await process().inputsOf({ ...ARGS, targets })).targets).toEqual(expected),
  );
});

describe("the automatic name", () => {
  test("is kept, whatever else changes", async () => {
    const olds = await process().inputsOf(ARGS);
    const later = process();
    const changed = await later.inputsOf({ ...ARGS, description: "d", eventTopicId: "topic-2" }, olds);
    expect(changed).toMatchObject({ name: olds.name, __autonamed: true });
  });

  test("is the same after a crash, in another process", async () => {
    expect((await process().inputsOf(ARGS)).name).toBe((await process().inputsOf(ARGS)).name);
  });

  test("of a replacement is another, the same each time, and the replacement keeps it", async () => {
    const olds = await process().inputsOf(ARGS);
    const news = { ...ARGS, eventTopicId: "topic-2" };
    const replacing = async () => {
      const { inputsOf } = process();
      // As the engine does it: with the olds, then, because the topic replaces, without.
      await inputsOf(news, olds);
      return inputsOf(news);
    };
    const replacement = await replacing();
    expect(replacement.name).toMatch(/^orders-[0-9a-f]{7}$/);
    expect(replacement.name).not.toBe(olds.name);
    expect(await replacing()).toEqual(replacement);
    expect((await process().inputsOf(news, replacement)).name).toBe(replacement.name);
  });

  test("of a replacement is another also when nothing differs, as with --target-replace", async () => {
    const olds = await process().inputsOf(ARGS);
    const { inputsOf } = process();
    await inputsOf(ARGS, olds);
    expect((await inputsOf(ARGS)).name).not.toBe(olds.name);
  });

  test("of one resource does not depend on the others", async () => {
    const { inputsOf } = process();
    const other = `${URN}-2`;
    const first = await inputsOf(ARGS);
    await inputsOf(ARGS, { ...first, name: "x" }, other);
    expect((await inputsOf(ARGS)).name).toBe(first.name);
  });

  test("takes the place of a name that is removed from the program", async () => {
    const { inputsOf } = process();
    const olds = await inputsOf({ ...ARGS, name: "chosen" });
    expect(olds).not.toHaveProperty("__autonamed");
    const news = await inputsOf(ARGS, olds);
    expect(news.name).toMatch(/^orders-[0-9a-f]{7}$/);
    expect(news.__autonamed).toBe(true);
  });

  test("comes back with its mark where the program is ignored, and stays automatic", async () => {
    const { inputsOf, problemsOf } = process();
    const olds = await inputsOf(ARGS);
    const { __urn, ...ignoring } = olds;
    expect(await inputsOf(ignoring, olds)).toEqual(olds);
    expect(await inputsOf(ARGS, await inputsOf(ignoring, olds))).toEqual(olds);
    // A replacement is checked a second time, without olds.
    expect(await inputsOf(ignoring)).toEqual({
      ...olds,
      name: expect.not.stringMatching(`^${olds.name}$`),
    });
    // Only the mark is ignored: the name is the program's.
    expect(await inputsOf({ ...ARGS, name: "chosen", __autonamed: true }, olds)).not.toHaveProperty(
      "__autonamed",
    );
    expect(await problemsOf({ ...ignoring, __autonamed: false }, olds)).toHaveLength(1);
  });

  test.each([
    ["the mark of an automatic name", { __autonamed: true }],
    ["that mark beside a name of its own", { __autonamed: true, name: "orders-vip" }],
    ["that mark, off", { __autonamed: false }],
    ["another hidden key", { __asked: { name: "x" } }],
  ])("a program that writes %s itself is refused", async (_, written) => {
    const { inputsOf, problemsOf } = process();
    const olds = await inputsOf({ ...ARGS, name: "chosen" });
    for (const before of [undefined, olds])
      expect(await problemsOf({ ...ARGS, ...written }, before)).toEqual([
        { path: Object.keys(written)[0], reason: expect.stringMatching(/^is not an argument/) },
      ]);
  });

  test("gives way to a name that is added to the program", async () => {
    const { inputsOf } = process();
    const news = await inputsOf({ ...ARGS, name: "chosen" }, await inputsOf(ARGS));
    expect(news.name).toBe("chosen");
    expect(news).not.toHaveProperty("__autonamed");
  });

  test.each([{ eventTopicId: UNKNOWN }, { sourceType: UNKNOWN }])(
    "is unknown as long as what it is derived from is: %j",
    async (unknown) => {
      expect((await process().inputsOf({ ...ARGS, ...unknown })).name).toBe(UNKNOWN);
      const olds = await process().inputsOf(ARGS);
      expect((await process().inputsOf({ ...ARGS, ...unknown }, olds)).name).toBe(olds.name);
    },
  );
});

describe("topics and targets", () => {
  const LOOKED_UP = ["GET /targets?page=1", "GET /topics?page=1"];

  test("are looked up for a new source", async () => {
    const { inputsOf, organisation } = process();
    await inputsOf(ARGS);
    expect(organisation.calls.toSorted()).toEqual(LOOKED_UP);
  });

  test.each<[string, object, Partial<Settings>]>([
    ["neither changed", { ...ARGS, description: "d", status: "draft", name: "n" }, {}],
    ["there are other problems", { ...ARGS, status: "x", eventTopicId: "nowhere" }, {}],
    ["look-ups are off", { ...ARGS, eventTopicId: "nowhere" }, { validateReferences: "off" }],
    ["there are no credentials", { ...ARGS, eventTopicId: "nowhere" }, { credentials: undefined }],
  ])("are not looked up when %s", async (_, news, settings) => {
    const olds = await process().inputsOf(ARGS);
    const { problemsOf, organisation } = process(settings);
    await problemsOf(news, olds);
    expect(organisation.calls).toEqual([]);
  });

  test.each<[string, object]>([
    ["the topic", { eventTopicId: "topic-2" }],
    ["the targets", { targets: [{ targetId: "target-2" }] }],
  ])("are looked up again when %s changed", async (_, news) => {
    const olds = await process().inputsOf(ARGS);
    const { problemsOf, organisation } = process();
    expect(await problemsOf({ ...ARGS, ...news }, olds)).toEqual([]);
    expect(organisation.calls.toSorted()).toEqual(LOOKED_UP);
  });

  test("without credentials a warning says so, once, and the preview goes on", async () => {
    const { inputsOf, lines } = process({ credentials: undefined });
    await inputsOf({ ...ARGS, eventTopicId: "nowhere" });
    await inputsOf(ARGS, undefined, `${URN}-2`);
    expect(lines).toEqual([
      `warn ${URN}: topics and targets are not looked up: no credentials for Genesys Cloud are configured`,
    ]);
  });

  test("that do not exist are problems, at the place where the program wrote them", async () => {
    const { problemsOf } = process();
    const problems = await problemsOf({
      eventTopicId: "nowhere",
      targets: [
        { targetId: "target-1", priority: 2 },
        { targetId: "nowhere", priority: 3 },
        { targetId: "target-2", priority: 1 },
      ],
    });
    expect(problems.map(({ path }) => path)).toEqual(["eventTopicId", "targets[1].targetId"]);
  });

  test("that do not exist are warnings, if that is configured", async () => {
    const { inputsOf, lines } = process({ validateReferences: "warn" });
    await inputsOf({ ...ARGS, eventTopicId: "nowhere" });
    expect(lines).toEqual([
      `warn ${URN}: eventTopicId: this topic does not exist in the organisation: use the id of an active topic`,
    ]);
  });

  test("that cannot be looked up are a problem that names the way on", async () => {
    const { problemsOf, organisation } = process();
    organisation.fail(/^GET \/topics/, 403, { method: "GET", path: "/api/v2/eventbridge/topics" });
    const problems = await problemsOf(ARGS);
    expect(problems).toEqual([
      {
        path: "",
        reason: expect.stringMatching(
          /^topics and targets could not be looked up: GET .* 403 .*set genesyscloud:validateReferences to "warn" or "off"\.$/,
        ),
      },
    ]);
  });

  test("that cannot be looked up are a warning, if that is configured", async () => {
    const { inputsOf, organisation, lines } = process({ validateReferences: "warn" });
    organisation.fail(/^GET \/targets/, 503);
    await inputsOf(ARGS);
    expect(lines).toEqual([expect.stringContaining("could not be looked up")]);
  });

  test("a mistake of ours is not passed off as theirs", async () => {
    const { problemsOf, organisation } = process();
    const bug = new TypeError("bug");
    organisation.on(/^GET/, () => {
      throw bug;
    });
    expect(await errorOf(problemsOf(ARGS))).toBe(bug);
  });

  test("the look-up has five minutes, not for ever", async () => {
    const { inputsOf, organisation } = process();
    await inputsOf(ARGS);
    expect(organisation.left[0]).toBeGreaterThan(240_000);
    expect(organisation.left[0]).toBeLessThanOrEqual(300_000);
  });
});

test("problems of the program come out as they are; without any, settings that are wrong are an error", async () => {
  const { problemsOf, replaced } = process();
  expect(await problemsOf({ ...ARGS, status: "x" })).toEqual([expect.objectContaining({ path: "status" })]);
  expect(replaced.size).toBe(0);
  const { context } = fakeContext();
  const broken = {
    ...context,
    get settings(): Settings {
      throw failure(0);
    },
  };
  expect(await errorOf(createCheck(SOURCE, new Map())(broken, undefined, ARGS))).toMatchObject({ status: 0 });
});

describe("a replacement by force, which the engine checks without olds", () => {
  const entry = entryWith({ name: "orders-1234567", fingerprints: [], objectId: "src-1" });
  const nameWith = async (more: object, held: boolean | undefined) => {
    const { context, inputsOf } = process();
    await context.journal.write({ ...entry, ...more });
    const lookUpId = async (_: string, id: string) => (id === "src-1" ? held : undefined);
    Object.assign(context, { stack: { ...context.stack, lookUpId } });
    return (await inputsOf(ARGS)).name;
  };

  test("gets another name than the source that the stack keeps", async () => {
    const first = (await process().inputsOf(ARGS)).name;
    expect(await nameWith({ phase: "returned" }, true)).not.toBe(first);
    // What the stack does not keep was left by a crash: the same name finds it.
    expect(await nameWith({ phase: "returned" }, false)).toBe(first);
    expect(await nameWith({ phase: "returned" }, undefined)).toBe(first);
    expect(await nameWith({}, true)).toBe(first);
  });

  test("gets the name under which an interrupted one has begun, whatever it was to avoid", async () => {
    expect(await nameWith({}, false)).toBe(entry.name);
    expect(await nameWith({ objectId: undefined, phase: "posting" }, undefined)).toBe(entry.name);
    expect(await nameWith({ phase: "stored" }, false)).not.toBe(entry.name);
    expect(await nameWith({ name: "another" }, false)).not.toBe("another");
  });
});
