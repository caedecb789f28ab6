/**
 * What the audit log and the webhook cost: the wall time of creating sources with both, as a ratio to the same run
 * with neither, on the real CLI against the simulated organisation. `npm run bench -- --rounds 5 --sources 100`
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { startSandbox } from "genesyscloud-sandbox";
import { obtainPulumiCli, pulumiEnv } from "../../scripts/pulumiCli.mjs";

/** How long the receiver of the notices takes to answer, in milliseconds. */
const RECEIVER_MS = 20;
/** What both may add, in percent of the run without. */
const MOST_PERCENT = 5;
const KINDS = /** @type {const} */ (["off", "on"]);

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, sources: { type: "string", default: "100" } },
});
const rounds = Number(values.rounds);
const sources = Number(values.sources);

const root = join(import.meta.dirname, "../..");
const folder = join(root, ".scratch", "bench");
const cli = await obtainPulumiCli({ log: console.error });
// Waiting for a rate limit would hide everything else: there is none here.
const organisation = await startSandbox({ control: true, rateLimit: { allowed: 1e9, windowSeconds: 60 } });
const receiver = createServer((request, response) => {
  request.resume().on("end", () => setTimeout(() => response.writeHead(204).end(), RECEIVER_MS));
}).listen(0, "127.0.0.1");
await once(receiver, "listening");
const { port } = /** @type {import("node:net").AddressInfo} */ (receiver.address());

/** @type {{ on: number[], off: number[] }} */
const seconds = { on: [], off: [] };
try {
  for (let round = 0; round < rounds; round++) {
    // In turns, and each first every other time, so that neither has the better of a machine that warms up.
    for (const kind of round % 2 === 0 ? KINDS : KINDS.toReversed()) {
      seconds[kind].push(await create(kind === "on"));
      console.log(`round ${round + 1}, hooks ${kind}: ${seconds[kind].at(-1)?.toFixed(2)} s`);
    }
  }
} finally {
  await organisation.close();
  receiver.close();
  receiver.closeAllConnections();
  await rm(folder, { recursive: true, force: true });
}
const added = (median(seconds.on) / median(seconds.off) - 1) * 100;
console.log(
  `\n${sources} sources, audit log and webhook: ${added.toFixed(1)} % on top of ${median(seconds.off).toFixed(2)} s without (median of ${rounds}; ${MOST_PERCENT} % at most)`,
);
if (added > MOST_PERCENT) process.exitCode = 1;

/**
 * Creates the sources in a stack of its own.
 * @param {boolean} hooks
 * @returns {Promise<number>} seconds that `pulumi up` took
 */
async function create(hooks) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, "state"), { recursive: true });
  await writeFile(join(folder, "Pulumi.yaml"), "name: bench\nruntime: nodejs\n");
  await writeFile(join(folder, "package.json"), '{ "main": "index.js", "type": "commonjs" }');
  await writeFile(
    join(folder, "index.js"),
    `const { EventBridgeSource } = require("pulumi-genesyscloud-eventbridge");
for (let i = 0; i < ${sources}; i++)
  new EventBridgeSource("source-" + i, { eventTopicId: "topic-conversation-start", targets: [{ targetId: "target-crm" }] });
`,
  );
  const home = join(folder, "home");
  const env = {
    ...pulumiEnv({ cli, home, backendDir: join(folder, "state"), passphrase: "bench" }),
    GENESYSCLOUD_OAUTHCLIENT_ID: "sandbox-client",
    GENESYSCLOUD_OAUTHCLIENT_SECRET: "sandbox-secret",
    ...(hooks
      ? {
          EXTERNAL_WEBHOOK_URL: `http://127.0.0.1:${port}/`,
          GENESYSCLOUD_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 1).toString("base64")}`,
        }
      : { GENESYSCLOUD_AUDIT_LOG: "off" }),
  };
  await pulumi(env, "stack", "init", "bench");
  await pulumi(env, "config", "set", "genesyscloud:gateway", organisation.url);
  await pulumi(env, "config", "set", "genesyscloud:webhookAllowPrivate", "true");
  const begun = performance.now();
  await pulumi(env, "up", "--yes", "--skip-preview");
  const took = (performance.now() - begun) / 1_000;
  await pulumi(env, "destroy", "--yes", "--skip-preview");
  return took;
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string[]} args
 */
async function pulumi(env, ...args) {
  const child = spawn("pulumi", [...args, "--non-interactive"], { cwd: folder, env, stdio: "pipe" });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${code}:\n${output}`);
}

/** @param {number[]} numbers */
function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] =
    sorted.length % 2 === 0 ? sorted.slice(middle - 1) : [sorted[middle], sorted[middle]];
  return (low + high) / 2;
}
