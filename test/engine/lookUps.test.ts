/** Look-ups of a real program: by names it goes from one organisation to the next. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { connect, type Organisation, startOrganisation } from "./support/organisation.js";
import { createStack, fails, succeeds } from "./support/stack.js";

/** Has an organisation know these topics and targets by the names that they have in each, and by ids of its own. */
async function withOtherIds(
  production: Organisation,
  others: Record<"topics" | "targets", readonly string[]>,
): Promise<void> {
  for (const kind of ["topics", "targets"] as const)
    for (const name of others[kind]) {
      const word = kind.slice(0, -1);
      await production.remove(kind, `${word}-${name}`);
      const words = name.replaceAll("-", " ");
      const id = { [`${word}_id`]: `${name}-of-production` };
      await production.add(kind, { ...id, name: words.charAt(0).toUpperCase() + words.slice(1) });
    }
}

test("what import writes of one organisation makes the same in another, whose ids are others", async () => {
  const [test, production] = await Promise.all([startOrganisation(), startOrganisation()]);
  await test.add("sources", {
    name: "orders",
    event_topic_id: "topic-conversation-start",
    targets: ["crm", "archive"].map((name, index) => ({ target_id: `target-${name}`, priority: index + 1 })),
  });
  await withOtherIds(production, { topics: ["conversation-start"], targets: ["crm", "archive"] });
  const stack = await createStack({ main: "index.ts" });
  await connect(stack, test);
  const { stdout: program } = await stack.command("import", "--all", "--code");
  expect(program).toContain('getEventBridgeTargetOutput({ name: "Archive" }).id');

  await connect(stack, production);
  await stack.program(program);
  await succeeds(stack.up());
  expect(await production.sources()).toMatchObject([
    {
      name: "orders",
      event_topic_id: "conversation-start-of-production",
      targets: [{ target_id: "crm-of-production" }, { target_id: "archive-of-production" }],
    },
  ]);
  await succeeds(stack.preview("--expect-no-changes"));

  await stack.program(program.replace("Archive", "Archvie"));
  const output = await fails(stack.preview());
  expect(output).toContain(
    'getEventBridgeTarget: there is no target of the name "Archvie" (did you mean "Archive", with the id "archive-of-production"?)',
  );
  expect(output).not.toMatch(/^\s+at .*lookUp/m);
});

test("examples/two-organisations: one program makes the same in two whose ids are others, and the previews of both are clean", async () => {
  const [test, production] = await Promise.all([startOrganisation(), startOrganisation()]);
  await withOtherIds(production, { topics: ["conversation-start"], targets: ["crm", "data-lake"] });
  const stack = await createStack({ main: "index.ts" });
  const example = join(import.meta.dirname, "../../examples/two-organisations/index.ts");
  await stack.program(await readFile(example, "utf8"));
  await stack.config(
    {
      ...{ "test:gateway": test.url, "test:oauthClientId": "sandbox-client" },
      ...{ "production:gateway": production.url, "production:oauthClientId": "sandbox-client" },
    },
    { "test:oauthClientSecret": "sandbox-secret", "production:oauthClientSecret": "sandbox-secret" },
  );
  await succeeds(stack.up());
  for (const [organisation, idOf] of [
    [test, (kind: string, name: string) => `${kind}-${name}`],
    [production, (_: string, name: string) => `${name}-of-production`],
  ] as const) {
    const targets = ["crm", "data-lake"].map((name) => ({ target_id: idOf("target", name) }));
    expect(await organisation.sources()).toMatchObject([
      { name: "vip-conversations", event_topic_id: idOf("topic", "conversation-start"), targets },
    ]);
    await organisation.forgetCalls();
  }
  await succeeds(stack.preview("--expect-no-changes"));
  const lists = ["targets", "topics"].map((list) =>
    expect.stringContaining(`GET /api/v2/eventbridge/${list}?`),
  );
  for (const { calls } of [test, production]) expect((await calls()).toSorted()).toEqual(lists);

  await stack.program('throw new Error("there is no program");');
  await succeeds(stack.destroy());
  expect([await test.sources(), await production.sources()]).toEqual([[], []]);
});
