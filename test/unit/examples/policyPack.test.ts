/**
 * The policies of `examples/policy-pack` by themselves: every case of each, as the engine calls them. That it calls them, by
 * the classes of the package, `test/engine/policyPack.test.ts` shows.
 */
import { expect, test } from "vitest";
import { policies } from "../../../examples/policy-pack/policies.js";

const source = {
  type: "pulumi-nodejs:dynamic/genesyscloud:EventBridgeSource",
  props: {
    eventTopicId: "topic-audits",
    targets: [{ targetId: "crm" }],
    filters: [],
    webhookUrl: "https://planted",
  },
};
const integration = {
  type: "pulumi-nodejs:dynamic/genesyscloud:EventBridgeIntegration",
  props: { awsAccountId: "012345678901", eventFilter: ["v2.audits"], webhookUrl: "https://planted" },
};
const filters = [{ name: "vip", conditions: [{ field: "x", operator: "equals", value: "planted" }] }];

/** A check of a policy, with the type that it is for. */
interface Check {
  (args: unknown, report: (violation: string) => void): unknown;
  __pulumiType?: string;
}

interface Case {
  policy: string;
  /** What the configuration of the policy says; what it leaves out has its default. */
  config?: object;
  resource: { type: string; props: object };
  props?: object;
  stack?: string;
  protect?: boolean;
  /** How each violation begins. */
  expected: string[];
}

const cases: Case[] = [
  { policy: "destinations-from-a-list", config: { targets: ["crm"] }, resource: source, expected: [] },
  {
    policy: "destinations-from-a-list",
    config: { targets: ["siem"] },
    resource: source,
    expected: ["targets[0].targetId: "],
  },
  { policy: "destinations-from-a-list", resource: source, expected: ["targets[0].targetId: "] },
  {
    policy: "destinations-from-a-list",
    config: { awsAccounts: ["012345678901"] },
    resource: integration,
    expected: [],
  },
  { policy: "destinations-from-a-list", resource: integration, expected: ["awsAccountId: "] },
  ...[source, integration].flatMap((resource): Case[] => [
    { policy: "webhook-required", resource, expected: [] },
    { policy: "webhook-required", resource, props: { webhookUrl: undefined }, expected: ["webhookUrl: "] },
    {
      policy: "webhook-required",
      config: { configuredIn: ["dev"] },
      resource,
      props: { webhookUrl: undefined },
      expected: [],
    },
    { policy: "protected-in-production", resource, expected: [] },
    { policy: "protected-in-production", resource, stack: "production", expected: ["the option protect "] },
    { policy: "protected-in-production", resource, stack: "production", protect: true, expected: [] },
    {
      policy: "protected-in-production",
      config: { stacks: ["dev"] },
      resource,
      expected: ["the option protect "],
    },
    { policy: "personal-data-filtered", resource, expected: [] },
  ]),
  {
    policy: "personal-data-filtered",
    resource: source,
    props: { eventTopicId: "conversations" },
    expected: ["filters: "],
  },
  {
    policy: "personal-data-filtered",
    resource: source,
    props: { eventTopicId: "conversations", filters: undefined },
    expected: ["filters: "],
  },
  {
    policy: "personal-data-filtered",
    resource: source,
    props: { eventTopicId: "conversations", filters },
    expected: [],
  },
  {
    policy: "personal-data-filtered",
    config: { topics: ["audits"] },
    resource: source,
    expected: ["filters: "],
  },
  {
    policy: "personal-data-filtered",
    resource: integration,
    props: { eventFilter: ["v2.audits", "v2.users.{id}.presence", "v2.conversations.{id}.transcription"] },
    expected: ["eventFilter[1]: ", "eventFilter[2]: "],
  },
];

test.each(cases)("$policy, $resource.type, $props, $config in $stack, protected: $protect", (given) => {
  const said = violationsOf(given);
  expect(said).toEqual(given.expected.map((start) => expect.stringMatching(startingWith(start))));
  expect(said.join()).not.toContain("planted");
});

const startingWith = (text: string): RegExp => new RegExp(`^${text.replaceAll(/[[\].]/g, "\\$&")}`);

function violationsOf({
  policy: name,
  config,
  resource,
  props,
  stack = "dev",
  protect = false,
}: Case): string[] {
  const policy = policies.find((each) => each.name === name);
  const defaults = Object.entries(policy?.configSchema?.properties ?? {}).map(([key, each]) => [
    key,
    each.default,
  ]);
  const said: string[] = [];
  const args = {
    props: { ...resource.props, ...props },
    urn: `urn:pulumi:${stack}::project::${resource.type}::name`,
    opts: { protect },
    isType: (one: { __pulumiType: string }) => one.__pulumiType === resource.type,
    notApplicable: () => {},
    getConfig: () => ({ ...Object.fromEntries(defaults), ...config }),
  };
  for (const check of [policy?.validateResource ?? []].flat() as Check[])
    if (check.__pulumiType === resource.type) check(args, (violation) => said.push(violation));
  return said;
}
