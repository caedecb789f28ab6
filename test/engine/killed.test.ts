/** After an up that was killed at any moment, the next one leaves each object once, and all of them in the state. */
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { verifyLog } from "../../provider/src/hooks/audit/verify.js";
import { randomFrom } from "../support/random.js";
import { connect, MINIMAL, type Organisation, startOrganisation } from "./support/organisation.js";
import { providerProcesses } from "./support/providerProcesses.js";
import { createStack, type Stack } from "./support/stack.js";

/** How often something is killed; 50 in the nightly run. */
const ROUNDS = Number(process.env.KILL_UPS ?? 2);
/** Repeats the moments of an earlier run. */
const SEED = Number(process.env.KILL_SEED ?? 1);
const OF_EACH_KIND = 10;
const ALL = 2 * OF_EACH_KIND;
/** Longer than an up of that many takes. */
const LATEST_MS = 6_000;

/** Keys of both sorts: those that tell whose they are, and those that do not. */
const PROGRAM = `
const { EventBridgeIntegration, EventBridgeSource } = require("pulumi-genesyscloud-eventbridge");
const integration = { awsAccountId: "012345678901", awsAccountRegion: "eu-central-1", eventFilter: ["v2.users.{id}.presence"] };
for (let i = 0; i < ${OF_EACH_KIND}; i++) {
  new EventBridgeSource("s" + i, { ...${JSON.stringify(MINIMAL)}, ...(i % 2 ? { name: "chosen-" + i } : {}) });
  new EventBridgeIntegration("i" + i, { ...integration, ...(i % 2 ? { eventSourceSuffix: "chosen-" + i } : {}) });
}
`;

/** Resolves when no provider is left; one that was killed before it was asked for anything has nothing to end by itself. */
async function providerIsGone(stack: Stack, organisation: Organisation): Promise<void> {
  const left = () => providerProcesses(stack.folder);
  const gone = await vi.waitUntil(() => left().length === 0, { timeout: 120_000 }).catch(() => false);
  if (gone) return;
  expect(await organisation.logins()).toBe(0);
  for (const pid of left()) process.kill(pid, "SIGKILL");
}

test(`an up of ${ALL} of both kinds, its CLI or its provider killed at a random moment (KILL_SEED=${SEED}), then an up: ${ALL}, no more`, {
  timeout: ROUNDS * 600_000,
}, async () => {
  const random = randomFrom(SEED);
  for (let round = 0; round < ROUNDS; round++) {
    const moment = Math.round(random() * LATEST_MS);
    const whom = round % 2 === 0 ? "provider" : "CLI";
    const where = `round ${round}: the ${whom} killed after ${moment} ms`;
    const organisation = await startOrganisation({ jobDurationMs: 300, stateChangeMs: 300 });
    const stack = await createStack();
    await connect(stack, organisation);
    await stack.program(PROGRAM);
    const { child, ended } = stack.startUp();
    await new Promise((resolve) => setTimeout(resolve, moment));
    if (whom === "CLI") child.kill("SIGKILL");
    else for (const pid of providerProcesses(stack.folder)) process.kill(pid, "SIGKILL");
    await ended;
    await providerIsGone(stack, organisation);
    await stack.pulumi("cancel", "--yes");

    const again = await stack.up();
    expect(again.code, `${where}\n${again.output}`).toBe(0);
    const { sources, integrations } = await organisation.everything();
    expect([sources.length, integrations.length], where).toEqual([OF_EACH_KIND, OF_EACH_KIND]);
    const ids = (await stack.resources()).map(({ id }) => id);
    const there = [...sources.map(({ source_id }) => source_id), ...integrations.map(({ id }) => id)];
    expect(ids.toSorted(), where).toEqual(there.toSorted());
    expect((await stack.preview("--expect-no-changes")).code, where).toBe(0);
    expect((await verifyLog(join(stack.folder, "audit_logs.jsonl"))).finding, where).toBeUndefined();
  }
});
