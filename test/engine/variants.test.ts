/** Whole lives of a source in organisations of each kind that the API's contract leaves open. */
import type { Variants } from "genesyscloud-sandbox";
import { expect } from "vitest";
import { nightly } from "./support/nightly.js";
import { connect, MINIMAL, sourceProgram, startOrganisation } from "./support/organisation.js";
import { createStack } from "./support/stack.js";

type Row = [what: string, variant: Partial<Variants>];

/** Every variant of the contract's assumptions. */
const VARIANTS: Row[] = [
  ["the job bears no source_id and the list ignores the name", { jobSourceId: "never", listName: "ignored" }],
  ["the source is left in draft", { statusAfterJob: "draft" }],
  ["the source's id comes with the job", { createAnswer: "jobWithSourceId", jobSuccessStatus: "active" }],
  ["a version conflict is a 400", { versionConflict: 400 }],
  [
    "the webhook address is never returned, and lists have no page count",
    { webhookUrlReturned: false, pageCount: false },
  ],
  ["the source comes at once with 201", { createAnswer: "source201" }],
  ["update and delete answer with jobs", { updateAnswer: "job", deleteAnswer: "job" }],
  ["the source comes at once with 200", { createAnswer: "source200" }],
  [
    "topics and targets have no event types, pages end without nextUri",
    { eventTypes: false, pageCount: false, nextUri: false },
  ],
];

// Each takes six runs of the CLI, and the random lives of `npm test` draw them all.
nightly.for(VARIANTS)("a source lives a whole life where %s", async ([, variant]) => {
  const organisation = await startOrganisation();
  await organisation.variants(variant);
  // More than a page of others, so that a look-up by name has to page and to compare.
  for (let i = 0; i < 30; i++)
    await organisation.add("sources", { name: `other-${i}`, event_topic_id: "topic-audits", targets: [] });
  const stack = await createStack();
  await connect(stack, organisation);
  const mine = async () => (await organisation.sources()).filter(({ name }) => !name.startsWith("other-"));
  const args = { ...MINIMAL, webhookUrl: "http://127.0.0.1:9/here" };

  await stack.program(sourceProgram(args));
  const up = await stack.up();
  expect(up.code, up.output).toBe(0);
  const [created] = await mine();
  expect(created).toMatchObject({ status: "active", webhook_url: "http://127.0.0.1:9/here" });
  expect((await stack.resources())[0]?.id).toBe(created?.source_id);

  // Somebody changes a field that the program does not: the versions no longer agree.
  await organisation.change("sources", String(created?.source_id), {});
  await stack.program(sourceProgram({ ...args, description: "second" }));
  const update = await stack.up();
  expect(update.code, update.output).toBe(0);
  expect(await mine()).toEqual([
    expect.objectContaining({ source_id: created?.source_id, description: "second", status: "active" }),
  ]);

  const refresh = await stack.refresh();
  expect(refresh.code, refresh.output).toBe(0);
  const preview = await stack.preview("--expect-no-changes");
  expect(preview.code, preview.output).toBe(0);

  const destroy = await stack.destroy();
  expect(destroy.code, destroy.output).toBe(0);
  expect(await mine()).toEqual([]);
});
