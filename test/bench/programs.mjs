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
 * A dynamic resource that does nothing. It takes the inputs of a source and declares the outputs of one; with `BENCH_BARE` it
 * declares none, which is the most that outputs made lazily could save.
 */
const NOOP = `
const pulumi = require("@pulumi/pulumi");
const provider = {
  check: async (olds, inputs) => ({ inputs }),
  diff: async () => ({ changes: false }),
  create: async (inputs) => ({ id: "noop", outs: inputs }),
  read: async (id, props) => ({ id, props }),
  delete: async () => {},
};
const outputs = process.env.BENCH_BARE ? [] : [
  "filters", "name", "description", "sourceType", "status", "webhookUrl", "sourceId", "version", "jobId",
  "latencySeconds", "retryCount", "auditHead", "dateCreated", "dateModified", "selfUri",
];
class Noop extends pulumi.dynamic.Resource {
  constructor(name, inputs) {
    super(provider, name, { ...Object.fromEntries(outputs.map((output) => [output, undefined])), ...inputs });
  }
}
for (let i = 0; i < Number(process.env.BENCH_N); i++)
  new Noop("source-" + i, { eventTopicId: "topic-bench", targets: [{ targetId: "target-bench" }] });
`;

export const PROGRAMS = { noop: NOOP, source: SOURCE, integration: INTEGRATION };
