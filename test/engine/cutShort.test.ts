/** Creates that are not over when they end, or end badly. */
import { expect, test } from "vitest";
import { begin, defaultOutputs } from "./support/life.js";
import {
  MINIMAL,
  type Organisation,
  sourceProgram,
  stackIn,
  startOrganisation,
} from "./support/organisation.js";
import { fails, succeeds } from "./support/stack.js";
import { SUBJECTS } from "./support/subjects/index.js";

test.for(SUBJECTS)(
  "behaviour 21, $resource: one that outlives the create is kept with its id, and the next up goes on from there with no second POST",
  async (subject) => {
    const { organisation, stack, write, only, changes, objects } = await begin(subject, {
      args: { timeouts: { create: "5s" } },
    });
    await subject.stall(organisation);
    const output = await fails(stack.up());
    expect(output).toMatch(subject.late);
    expect(output).toContain('"pulumi up"');
    expect(await stack.resources()).toEqual([expect.objectContaining({ id: expect.any(String) })]);

    await subject.arrive(organisation);
    await write();
    await succeeds(stack.up());
    expect((await changes()).filter((call) => call.startsWith("POST"))).toHaveLength(1);
    const { id } = await only();
    const [resource] = await stack.resources();
    expect(resource?.outputs).toMatchObject({
      ...defaultOutputs(subject),
      [subject.idOutput]: id,
    });
    expect(resource?.outputs).not.toHaveProperty("__unfinished");

    // Refresh forgets the engine's own marks, and a job's id becomes that of what it made.
    await succeeds(stack.refresh());
    expect((await stack.resources())[0]?.id).toBe(id);
    await succeeds(stack.preview("--expect-no-changes"));
    await succeeds(stack.destroy());
    expect(await objects()).toEqual([]);
  },
);

test.for(SUBJECTS)(
  "behaviour 26, $resource: a state that forbids to wait fails at once, naming it",
  async (subject) => {
    const { organisation, stack } = await begin(subject);
    await subject.fail(organisation);
    expect(await fails(stack.up())).toMatch(subject.failed);
  },
);

test.for(SUBJECTS)(
  "$resource: a last step that fails keeps the id, and the next up takes the step again",
  async (subject) => {
    const { stack, spoil, only, changes } = await begin(subject, { args: subject.lastArgs });
    await spoil(subject.last, {
      kind: "answer",
      status: 403,
      body: { message: "not now", code: "forbidden" },
    });
    const output = await fails(stack.up());
    expect(output).toContain("not now");
    expect(output).toMatch(/Give the OAuth client .*\b(scope|permission) \w+:\w+:/);
    const { id } = await only();
    expect((await stack.resources())[0]?.id).toBe(id);

    await succeeds(stack.up());
    expect(await only()).toMatchObject({ id, fields: { ...subject.defaults, ...subject.lastArgs } });
    expect((await changes()).filter((call) => call.startsWith("POST"))).toHaveLength(1);
  },
);

test.for(SUBJECTS)(
  "$resource: a taken key is a conflict that names the id and the ways on; adopt brings the other's to what is asked for",
  async (subject) => {
    const { stack, write, add, objects } = await begin(subject);
    const key = { [subject.key.field]: subject.key.chosen };
    const theirs = await add({ name: "theirs", ...key, [subject.text.field]: "by hand" });
    await write(key);
    const output = await fails(stack.up());
    expect(output).toContain(theirs);
    expect(output).toContain('onConflict: "adopt"');

    await write({ ...key, onConflict: "adopt" });
    await succeeds(stack.up());
    expect(await objects()).toEqual([
      expect.objectContaining({ id: theirs, fields: { ...subject.defaults, ...key } }),
    ]);
    // An update cannot change the id of what a failed create has left; a refresh does.
    await succeeds(stack.refresh());
    expect((await stack.resources()).map(({ id }) => id)).toEqual([theirs]);
    await succeeds(stack.preview("--expect-no-changes"));
  },
);

test.for(SUBJECTS)("$resource: a POST whose answer is lost is looked for, not repeated", async (subject) => {
  const { organisation, stack, spoil, only, changes } = await begin(subject);
  await organisation.variants({ sourceVisible: "atOnce" });
  await spoil(subject.post, { kind: "resetAfter" });
  await succeeds(stack.up());
  await only();
  expect((await changes()).filter((call) => call.startsWith("POST"))).toHaveLength(1);
});

const IMPATIENT = { ...MINIMAL, timeouts: { create: "3s" } };

const posts = async (organisation: Organisation) =>
  (await organisation.calls()).filter((call) => call.startsWith("POST")).length;

test("a destroy straight after removes what the job was still making", async () => {
  const organisation = await startOrganisation({ jobDurationMs: 7_000 });
  const stack = await stackIn(organisation, IMPATIENT);
  expect((await stack.up()).code).not.toBe(0);
  const destroy = await stack.destroy();
  expect(destroy.code, destroy.output).toBe(0);
  expect(await organisation.sources()).toEqual([]);
  expect(await stack.resources()).toEqual([]);
});

test("a refresh in between keeps what is unfinished, and up finishes it", async () => {
  const organisation = await startOrganisation({ jobDurationMs: 7_000 });
  await organisation.variants({ statusAfterJob: "draft" });
  const stack = await stackIn(organisation, IMPATIENT);
  expect((await stack.up()).code).not.toBe(0);
  expect((await stack.refresh()).code).toBe(0);
  await stack.program(sourceProgram(MINIMAL));
  const up = await stack.up();
  expect(up.code, up.output).toBe(0);
  expect(await organisation.sources()).toEqual([expect.objectContaining({ status: "active" })]);
  expect(await posts(organisation)).toBe(1);
});

test("a failed job says why and leaves nothing; the next up tries anew", async () => {
  const organisation = await startOrganisation();
  await organisation.nextJob({
    status: "failed",
    error: { code: "target.refused", message: "the target said no" },
  });
  const stack = await stackIn(organisation, MINIMAL);
  const up = await stack.up();
  expect(up.code).not.toBe(0);
  expect(up.output).toContain("failed: target.refused: the target said no");
  expect(await stack.resources()).toEqual([]);
  const again = await stack.up();
  expect(again.code, again.output).toBe(0);
  expect(await organisation.sources()).toHaveLength(1);
});
