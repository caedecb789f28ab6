/** A create that is killed or interrupted between its calls, each story for both kinds. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { begin, type Life } from "./support/life.js";
import { providerProcesses } from "./support/providerProcesses.js";
import type { Run } from "./support/stack.js";
import { fails, succeeds } from "./support/stack.js";
import { SUBJECTS } from "./support/subjects/index.js";
import type { Calls, Subject } from "./support/subjects/subject.js";

/** Resolves when such a call has come. */
const called = ({ organisation }: Life, { method, path = "" }: Calls) =>
  vi.waitUntil(
    async () =>
      (await organisation.calls()).some((call) => {
        const [verb, url] = call.split(" ");
        return verb === method && new RegExp(path).test(String(url));
      }),
    { timeout: 60_000, interval: 20 },
  );

/** An up whose provider, and its engine with it where that is said, is killed while a call is not answered. */
async function killedAt(life: Life, calls: Calls, withEngine: boolean): Promise<void> {
  const { organisation, stack, spoil } = life;
  await spoil(calls, { kind: "hang", after: true });
  const { child, ended } = stack.startUp();
  await called(life, calls);
  // With the engine alive its state would say that the create has failed, and not that it was cut short.
  const providers = providerProcesses(stack.folder);
  if (withEngine) child.kill("SIGKILL");
  for (const pid of providers) process.kill(pid, "SIGKILL");
  await fails(ended);
  if (withEngine) await stack.pulumi("cancel", "--yes");
  await organisation.clearFaults();
}

async function expectOne({ stack, only, changes }: Life, { idOutput, defaults }: Subject): Promise<void> {
  await succeeds(stack.up());
  const { id, fields } = await only();
  expect(fields).toEqual(defaults);
  expect(await stack.resources()).toEqual([
    expect.objectContaining({ id, outputs: expect.objectContaining({ [idOutput]: id }) }),
  ]);
  expect((await changes()).filter((call) => /^POST 20/.test(call)).length).toBeLessThan(2);
  await succeeds(stack.preview("--expect-no-changes"));
}

test.for(SUBJECTS)(
  "behaviour 20, $resource: killed before the answer to its POST, on a machine that is gone with its files, the next up knows what bears the automatic name",
  async (subject) => {
    const life = await begin(subject, { jobDurationMs: 3_000 });
    await killedAt(life, subject.post, true);
    await rm(join(life.stack.folder, ".genesyscloud-eventbridge"), { recursive: true });
    await expectOne(life, subject);
  },
);

test.for(SUBJECTS)(
  "$resource: a provider that is killed once all is posted: the next up goes on with that, with no second POST",
  async (subject) => {
    const life = await begin(subject);
    await killedAt(life, subject.cut, false);
    expect(await life.stack.resources()).toEqual([]);
    await expectOne(life, subject);
    expect((await life.changes()).filter((call) => call.startsWith("POST"))).toHaveLength(1);
  },
);

test.for(SUBJECTS)(
  "behaviour 28, $resource: at the second Ctrl-C it says what is left running and ends at once; the next up goes on",
  async (subject) => {
    const life = await begin(subject, { jobDurationMs: 6_000, stateChangeMs: 6_000 });
    const { stack, changes } = life;
    const { child, ended } = stack.startUp();
    await called(life, subject.post);
    child.kill("SIGINT");
    await called(life, subject.poll);
    child.kill("SIGINT");
    expect(await fails(ended as Promise<Run>)).toMatch(
      /interrupted: left running were create of "vip-\w+"; run "pulumi up", which goes on with what they have begun/,
    );
    expect(providerProcesses(stack.folder)).toEqual([]);
    await expectOne(life, subject);
    expect((await changes()).filter((call) => call.startsWith("POST"))).toHaveLength(1);
  },
);
