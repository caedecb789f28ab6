/** An `EventBridgeIntegration` on the real engine: its plain life, and a create that is killed between its calls. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { connect, type Organisation, startOrganisation } from "./support/organisation.js";
import { providerProcesses } from "./support/providerProcesses.js";
import { createStack, type Stack } from "./support/stack.js";

const program = (more: object = {}): string => `
const { EventBridgeIntegration } = require("pulumi-genesyscloud-eventbridge");
const voice = new EventBridgeIntegration("voice", ${JSON.stringify({
  awsAccountId: "012345678901",
  awsAccountRegion: "eu-central-1",
  eventFilter: ["v2.users.{id}.presence", "v2.conversations.{id}.transcription"],
  ...more,
})});
exports.busName = voice.partnerEventSourceName;
`;

async function stackOf(organisation: Organisation, more: object = {}): Promise<Stack> {
  const stack = await createStack();
  await connect(stack, organisation);
  await stack.program(program(more));
  return stack;
}

const calls = async (organisation: Organisation): Promise<string[]> =>
  (await organisation.calls()).map((call) => call.replace(/[0-9a-f-]{36}/, "{id}").replace(/\?\S*/, ""));

async function well(step: Promise<{ code: number | null; output: string }>): Promise<string> {
  const { code, output } = await step;
  expect(code, output).toBe(0);
  return output;
}

test("an integration is made with three calls, is no difference afterwards, is changed in place, and goes", async () => {
  const organisation = await startOrganisation();
  const stack = await stackOf(organisation);
  await well(stack.up());
  const made = await calls(organisation);
  expect(made.filter((call) => !call.startsWith("GET"))).toEqual([
    "POST /api/v2/integrations 200",
    "PUT /api/v2/integrations/{id}/config/current 200",
    "PATCH /api/v2/integrations/{id} 200",
  ]);
  const [resource] = await stack.resources();
  expect(resource?.outputs).toMatchObject({
    integrationId: resource?.id,
    reportedState: "ACTIVE",
    partnerEventSourceName: expect.stringMatching(
      /^aws\.partner\/genesys\.com\/cloud\/[0-9a-f-]{36}\/voice-/,
    ),
  });

  await organisation.forgetCalls();
  await well(stack.preview("--expect-no-changes"));
  expect(await calls(organisation)).toEqual([]);
  await well(stack.refresh("--expect-no-changes"));

  await stack.program(program({ notes: "for the data lake" }));
  await organisation.forgetCalls();
  await well(stack.up());
  expect((await calls(organisation)).filter((call) => !call.startsWith("GET"))).toEqual([
    "PUT /api/v2/integrations/{id}/config/current 200",
  ]);
  await stack.program(program({ eventFilter: ["v2.users.{userId}.presence"], awsAccountId: 12345678901 }));
  const refused = await stack.preview();
  expect(refused.code).not.toBe(0);
  expect(refused.output).toContain(
    "awsAccountId: must be an AWS account: 12 digits, as a string, not a number",
  );
  await well(stack.destroy());
});

test.each([
  ["with its CLI after the POST, on a machine that is gone with its files", "config/current$", true],
  ["between PUT and PATCH, on the same machine,", "integrations/[^/]+$", false],
])("a create that is killed %s is gone on with: one integration, and none lost", async (_, path, isGone) => {
  const organisation = await startOrganisation();
  const stack = await stackOf(organisation);
  const method = path.startsWith("config") ? "PUT" : "PATCH";
  await organisation.fault({ match: { method, path }, action: { kind: "hang" } });
  const { child, ended } = stack.startUp();
  const isAsked = async () => (await organisation.calls()).some((call) => call.startsWith(method));
  await vi.waitUntil(isAsked, { timeout: 60_000, interval: 20 });
  // With the engine alive its state would say that the create has failed, and not that it was cut short.
  const providers = providerProcesses(stack.folder);
  if (isGone) child.kill("SIGKILL");
  for (const pid of providers) process.kill(pid, "SIGKILL");
  expect((await ended).code).not.toBe(0);
  if (isGone) await stack.pulumi("cancel", "--yes");
  await organisation.clearFaults();
  if (isGone) await rm(join(stack.folder, ".genesyscloud-eventbridge"), { recursive: true, force: true });

  await well(stack.up());
  const [resource, ...others] = await stack.resources();
  expect(others).toEqual([]);
  expect(resource?.outputs).toMatchObject({ reportedState: "ACTIVE" });
  expect((await calls(organisation)).filter((call) => call.startsWith("POST"))).toHaveLength(1);
  await well(stack.destroy());
});
