/** Look-ups of a real program: by names it goes from one organisation to the next. */
import { expect, test } from "vitest";
import { connect, startOrganisation } from "./support/organisation.js";
import { createStack, fails, succeeds } from "./support/stack.js";

test("what import writes of one organisation makes the same in another, whose ids are others", async () => {
  const [test, production] = await Promise.all([startOrganisation(), startOrganisation()]);
  await test.add("sources", {
    name: "orders",
    event_topic_id: "topic-conversation-start",
    targets: ["crm", "archive"].map((name, index) => ({ target_id: `target-${name}`, priority: index + 1 })),
  });
  const others = { topics: ["conversation-start"], targets: ["crm", "archive"] } as const;
  for (const kind of ["topics", "targets"] as const)
    for (const name of others[kind]) {
      const word = kind.slice(0, -1);
      await production.remove(kind, `${word}-${name}`);
      const words = name.replaceAll("-", " ");
      const id = { [`${word}_id`]: `${name}-of-production` };
      await production.add(kind, { ...id, name: words.charAt(0).toUpperCase() + words.slice(1) });
    }
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
