/** `examples/aws-event-bus` under Pulumi's mocks: what it hands from the integration to AWS, and from each AWS resource to the next. */
import * as pulumi from "@pulumi/pulumi";
import { beforeEach, expect, test, vi } from "vitest";

const SOURCE = "aws.partner/genesys.com/cloud/7f5c9a3e-0000-4000-8000-000000000001/voice-1a2b3c4";
const ACCOUNT = "012345678901";
const REGION = "eu-central-1";

interface Registered {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}
const registered: Registered[] = [];

beforeEach(() => {
  registered.length = 0;
  vi.resetModules();
});

/** Runs the program, and waits until every one of its resources is registered. */
async function run({ isPreview }: { isPreview: boolean }): Promise<{ eventBus: pulumi.Output<string> }> {
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        registered.push({ type, name, inputs });
        return { id: `${name}-id`, state: { ...inputs, ...madeBy(type, isPreview) } };
      },
      call: ({ token }) =>
        token.endsWith("getCallerIdentity") ? { accountId: ACCOUNT } : { region: REGION },
    },
    "events",
    "dev",
    isPreview,
  );
  const program = await import("../../../examples/aws-event-bus/index.js");
  await pulumi.runtime.disconnect();
  return program;
}

/** What only the providers know, and at a preview not even they. */
function madeBy(type: string, isPreview: boolean): object {
  if (isPreview) return {};
  if (type.endsWith(":EventBridgeIntegration")) return { partnerEventSourceName: SOURCE };
  if (type.endsWith(":EventRule")) return { name: "transcripts-5d6e7f8", arn: "arn:rule" };
  if (type.endsWith(":LogGroup")) return { arn: "arn:log-group" };
  return {};
}

function inputsOf(type: string): Record<string, unknown> {
  const [resource, ...others] = registered.filter((each) => each.type.endsWith(`:${type}`));
  expect(others).toEqual([]);
  return resource?.inputs ?? {};
}

test("the integration sends to the account and the region that the AWS provider works in", async () => {
  await run({ isPreview: false });
  expect(inputsOf("EventBridgeIntegration")).toMatchObject({
    awsAccountId: ACCOUNT,
    awsAccountRegion: REGION,
  });
});

test("the bus bears the partner event source's name twice, and the rule and its target are on that bus", async () => {
  const program = await run({ isPreview: false });
  expect(inputsOf("EventBus")).toEqual({ name: SOURCE, eventSourceName: SOURCE });
  expect(inputsOf("EventRule").eventBusName).toBe(SOURCE);
  expect(inputsOf("EventTarget")).toEqual({
    eventBusName: SOURCE,
    rule: "transcripts-5d6e7f8",
    arn: "arn:log-group",
  });
  expect(await new Promise((resolve) => program.eventBus.apply(resolve))).toBe(SOURCE);
});

test("the rule asks for a topic of the integration, as the platform spells it", async () => {
  await run({ isPreview: false });
  const topics = inputsOf("EventBridgeIntegration").eventFilter;
  const asked = JSON.parse(String(inputsOf("EventRule").eventPattern))["detail-type"];
  expect(topics).toEqual(expect.arrayContaining(asked));
});

test("the log group lets in what EventBridge sends by this rule", async () => {
  await run({ isPreview: false });
  const policy = JSON.parse(String(inputsOf("LogResourcePolicy").policyDocument));
  const statement = (action: string) =>
    policy.Statement.find(({ Action }: { Action: string }) => Action === action);
  expect(statement("logs:CreateLogStream")).toMatchObject({
    Principal: { Service: expect.arrayContaining(["events.amazonaws.com"]) },
    Resource: "arn:log-group:*",
  });
  expect(statement("logs:PutLogEvents")).toMatchObject({
    Principal: { Service: expect.arrayContaining(["events.amazonaws.com"]) },
    Resource: "arn:log-group:*:*",
    Condition: { ArnEquals: { "aws:SourceArn": "arn:rule" } },
  });
});

test("at the preview of a create the name is unknown: everything is registered, and no name is made up", async () => {
  await run({ isPreview: true });
  expect(registered).toHaveLength(6);
  const { name, eventSourceName } = inputsOf("EventBus");
  expect([name, eventSourceName, inputsOf("EventRule").eventBusName].map(pulumi.containsUnknowns)).toEqual([
    true,
    true,
    true,
  ]);
});
