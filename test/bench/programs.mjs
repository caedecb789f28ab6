/** The programs that are measured, as the text of their `index.js`. They read how many resources to declare from `BENCH_N`. */

const SOURCE = `
const { EventBridgeSource } = require("pulumi-genesyscloud-eventbridge");
for (let i = 0; i < Number(process.env.BENCH_N); i++)
  new EventBridgeSource("source-" + i, { eventTopicId: "topic-bench", targets: [{ targetId: "target-bench" }] });
`;

/** `BENCH_NOTES` is what an update changes. */
const INTEGRATION = `
const { EventBridgeIntegration } = require("pulumi-genesyscloud-eventbridge");
for (let i = 0; i < Number(process.env.BENCH_N); i++)
  new EventBridgeIntegration("integration-" + i, {
    awsAccountId: "012345678901",
    awsAccountRegion: "eu-central-1",
    eventFilter: ["v2.users.{id}.presence"],
    notes: process.env.BENCH_NOTES,
  });
`;

/**
 * A dynamic resource that takes the inputs of a source and declares the outputs of one. With `BENCH_BARE` it declares none,
 * which is the most that outputs made lazily could save.
 * @param {string} provider its create, read and delete, as text
 */
const standIn = (provider) => `
const pulumi = require("@pulumi/pulumi");
const provider = {
  check: async (olds, inputs) => ({ inputs }),
  diff: async () => ({ changes: false }),
  ${provider}
};
const outputs = process.env.BENCH_BARE ? [] : [
  "filters", "name", "description", "sourceType", "status", "webhookUrl", "sourceId", "version", "jobId",
  "latencySeconds", "retryCount", "auditHead", "dateCreated", "dateModified", "selfUri",
];
class StandIn extends pulumi.dynamic.Resource {
  constructor(name, inputs) {
    super(provider, name, { ...Object.fromEntries(outputs.map((output) => [output, undefined])), ...inputs });
  }
}
for (let i = 0; i < Number(process.env.BENCH_N); i++)
  new StandIn("source-" + i, { eventTopicId: "topic-bench", targets: [{ targetId: "target-bench" }] });
`;

/** Does nothing. */
const NOOP = standIn(`
  create: async (inputs) => ({ id: "noop", outs: inputs }),
  read: async (id, props) => ({ id, props }),
  delete: async () => {},`);

/** Makes a source's calls and does nothing else: `caller.cjs`. */
const CALLS = standIn(`
  create: (inputs) => require(process.env.BENCH_CALLER).create(inputs),
  read: (id, props) => require(process.env.BENCH_CALLER).read(id, props),
  delete: (id) => require(process.env.BENCH_CALLER).remove(id),`);

export const PROGRAMS = { noop: NOOP, calls: CALLS, source: SOURCE, integration: INTEGRATION };
