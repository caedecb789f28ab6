/**
 * `npm run demo`: the whole life of an EventBridge integration and of EventBridge sources with the real Pulumi CLI, against
 * a simulated organisation that is started for the occasion. Ends at the first thing that is not what it must be.
 */
import { appendFile, cp, mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bootstrap } from "./bootstrap.mjs";
import { startOrganisation } from "./organisation.mjs";
import { bold, dim, green, red, show } from "./steps.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Everything the demo writes is in here, and goes away with it. */
const folder = join(root, ".demo");
const project = join(folder, "project");
const begun = Date.now();

/** What the program gets when it adopts an integration: by its suffix, which is unique in the organisation. */
const ADOPTED = `
new EventBridgeIntegration("audits", {
  awsAccountId: "012345678901",
  awsAccountRegion: "eu-central-1",
  eventSourceSuffix: "audits",
  eventFilter: ["v2.audits.entitytype.{id}.entityid.{id}"],
  name: "audits",
  notes: "Kept in code",
  onConflict: "adopt",
});
`;

/** @type {import("./organisation.mjs").Organisation} */
let organisation;
/** @type {import("node:child_process").ChildProcess | undefined} */
let cliRun;
/** @type {string[]} */
const summary = [];
/** @type {NodeJS.ProcessEnv} */
let pulumiEnvironment;
/** @type {NodeJS.Signals | undefined} */
let interruptedBy;

for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]))
  process.on(signal, () => {
    interruptedBy ??= signal;
    endCli();
  });

try {
  await play();
  if (interruptedBy !== undefined) throw new Error(`interrupted by ${interruptedBy}`);
  showSummary();
} catch (error) {
  if (interruptedBy === undefined) console.error(red(`\nThe demo failed: ${message(error)}`));
  else console.error(`\nInterrupted: cleaning up.`);
  process.exitCode = interruptedBy === "SIGINT" ? 130 : 1;
} finally {
  await cleanUp();
}

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a story that is told from its beginning to its end, a paragraph a scene
async function play() {
  await bootstrap();
  const { obtainPulumiCli, pulumiEnv } = await import("./pulumiCli.mjs");
  const cli = await obtainPulumiCli({ log: console.log });
  console.log(`Pulumi CLI ${cli.version} (${cli.origin})`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, "state"), { recursive: true });
  await cp(join(root, "examples", "quickstart"), project, {
    recursive: true,
    filter: (path) => !path.includes("node_modules"),
  });
  const temporary = join(folder, "tmp");
  await mkdir(temporary);
  pulumiEnvironment = {
    ...pulumiEnv({
      cli,
      home: join(folder, "pulumi-home"),
      backendDir: join(folder, "state"),
      passphrase: "demo",
    }),
    // Pulumi's TypeScript compiler leaves its cache there.
    TMPDIR: temporary,
    TMP: temporary,
    TEMP: temporary,
  };

  heading("a simulated Genesys Cloud organisation is started");
  organisation = await startOrganisation(join(folder, "organisation.json"));
  console.log(`  listening on ${organisation.url}`);
  for (const args of [
    ["stack", "init", "demo"],
    ["config", "set", "genesyscloud:gateway", organisation.url],
    ["config", "set", "genesyscloud:oauthClientId", "sandbox-client"],
    ["config", "set", "--secret", "genesyscloud:oauthClientSecret", "sandbox-secret"],
  ])
    await pulumi(args, { quiet: true });

  heading("pulumi up: the program's integration and its sources are made");
  await pulumi(["up", "--yes", "--skip-preview"]);
  const created = await organisation.sources();
  ensure(created.length === 2 && created.every(({ status }) => status === "active"), {
    is: `the organisation holds ${created.length} active sources, as the program asks`,
    isNot: `the organisation holds ${JSON.stringify(created)}`,
  });
  const voice = must(
    (await organisation.integrations()).find(({ name }) => name.startsWith("voice-")),
    "the integration",
  );
  ensure(voice.reportedState.code === "ACTIVE", {
    is: "the integration is ACTIVE: its partner event source waits in AWS for an event bus of that name",
    isNot: `the integration is ${voice.reportedState.code}`,
  });
  summary.push("up        an integration and 2 sources made, and followed until they were active");
  const head = await auditHead();

  heading("pulumi preview: nothing to do, and nothing asked of the API");
  await organisation.control("DELETE", "requests");
  await pulumi(["preview", "--expect-no-changes"]);
  await ensureNoCalls("the preview made not one API call");
  summary.push("preview   no changes, 0 API calls");

  heading("somebody edits them in the admin console; pulumi refresh notices");
  const vip = must(
    created.find(({ name }) => name.startsWith("vip-conversations-")),
    "the VIP source",
  );
  await organisation.control("PATCH", `sources/${vip.source_id}`, { description: "edited by hand" });
  await organisation.control("PATCH", `integrations/${voice.id}`, { notes: "asked for by Kim" });
  await pulumi(["refresh", "--yes", "--skip-preview"]);
  const { output } = await pulumi(["preview", "--diff"]);
  ensure(
    output.includes('"edited by hand" => "Managed by Pulumi"') && output.includes('"asked for by Kim"'),
    {
      is: "the differences are shown: a description and a note, and nothing else",
      isNot: "the preview does not show the differences",
    },
  );
  summary.push("refresh   the changes made by hand are noticed");

  heading("pulumi up: they are put right, in place");
  await pulumi(["up", "--yes", "--skip-preview"]);
  const repaired = must(
    (await organisation.sources()).find(({ source_id }) => source_id === vip.source_id),
    "the same source",
  );
  const cleared = must(
    (await organisation.integrations()).find(({ id }) => id === voice.id),
    "the same integration",
  );
  ensure(repaired.description === "Managed by Pulumi" && !cleared.notes, {
    is: "they are as the program asks, under the same ids",
    isNot: `they are ${JSON.stringify([repaired, cleared])}`,
  });
  summary.push("up        both put right in place, under the same ids");

  heading("a source made by hand is imported");
  await importByHand();
  summary.push("import    a source made by hand is now kept in code, no changes");

  heading("an integration made by hand is adopted");
  await adoptByHand();
  summary.push("adopt     an integration made by hand is brought to what the program asks for");

  heading("pulumi destroy: nothing is left");
  await pulumi(["destroy", "--yes", "--skip-preview"]);
  const left = [...(await organisation.sources()), ...(await organisation.integrations())];
  ensure(left.length === 0, {
    is: "the organisation holds no source and no integration",
    isNot: `left: ${JSON.stringify(left)}`,
  });
  summary.push("destroy   nothing left in the organisation");

  heading("every step is in the audit log, and nobody has changed it since");
  await command(["audit", "show"]);
  await command(["audit", "verify", "--head", head]);
  summary.push("audit     every step recorded, the chain intact, the head kept in the stack is in it");
}

/** The head of the audit log that a resource's outputs bear. */
async function auditHead() {
  const { output } = await pulumi(["stack", "export"], { quiet: true });
  /** @type {{ outputs?: { auditHead?: string } }[]} */
  const resources = JSON.parse(output).deployment.resources;
  return must(
    resources.map(({ outputs }) => outputs?.auditHead).find((each) => each !== undefined),
    "the output auditHead",
  );
}

/**
 * Runs the package's own command line in the project.
 * @param {string[]} args
 */
async function command(args) {
  stopIfInterrupted();
  const main = join(root, "provider", "dist", "commands", "main.js");
  console.log(dim(`  $ genesyscloud-eventbridge ${args.join(" ")}`));
  const run = await show(process.execPath, [main, ...args], {
    cwd: project,
    env: pulumiEnvironment,
    indent: "    ",
  });
  if (run.code !== 0) throw new Error(`genesyscloud-eventbridge ${args.join(" ")} ended with ${run.code}`);
}

/** Makes a source behind Pulumi's back, and brings it into the stack and the program. */
async function importByHand() {
  await organisation.control("POST", "sources", {
    name: "made-by-hand",
    description: "made in the admin console",
    event_topic_id: "topic-conversation-end",
    targets: [{ target_id: "target-siem", priority: 1 }],
  });
  await command(["import", "--name", "made-by-hand", "--code", "--run"]);
  const text = await readFile(join(project, "eventBridgeSources.ts"), "utf8");
  console.log(dim(text.trimEnd().replaceAll(/^(?=.)/gm, "    ")));
  await organisation.control("DELETE", "requests");
  await pulumi(["preview", "--expect-no-changes"]);
  await ensureOnlyLookUps(
    "it is in the program now, by the names of its topic and target: nothing else is asked",
  );
}

/** Makes an integration behind Pulumi's back, writes it into the program, and brings it to what stands there. */
async function adoptByHand() {
  const { id } = await organisation.control("POST", "integrations", {
    name: "audits",
    properties: {
      awsAccountId: "012345678901",
      awsAccountRegion: "eu-central-1",
      eventSourceSuffix: "audits",
      eventFilter: ["v2.audits.entitytype.{id}.entityid.{id}"],
    },
  });
  console.log(dim(ADOPTED.trim().replaceAll(/^(?=.)/gm, "    ")));
  await appendFile(join(project, "index.ts"), ADOPTED);
  await pulumi(["up", "--yes", "--skip-preview"]);
  const adopted = must(
    (await organisation.integrations()).find((each) => each.id === id),
    "the same integration",
  );
  ensure(adopted.notes === "Kept in code" && (await organisation.integrations()).length === 2, {
    is: "it is new to the stack alone: it has its note under the same id, and there is no second one",
    isNot: `the organisation holds ${JSON.stringify(await organisation.integrations())}`,
  });
}

/**
 * @param {string[]} args
 * @param {{ quiet?: boolean }} [options]
 * @throws when the CLI ends with anything but 0
 */
async function pulumi(args, { quiet = false } = {}) {
  stopIfInterrupted();
  const shown = args.filter((arg) => !["--yes", "--skip-preview"].includes(arg)).map(withoutFolder);
  if (!quiet) console.log(dim(`  $ pulumi ${shown.join(" ")}`));
  const whole = [
    ...args,
    "--non-interactive",
    "--cwd",
    project,
    "--color",
    process.stdout.isTTY ? "auto" : "never",
  ];
  const indent = quiet ? null : "    ";
  const run = await show("pulumi", whole, {
    cwd: folder,
    env: pulumiEnvironment,
    indent,
    // Ctrl-C reaches the demo alone, which then ends things in their order.
    detached: true,
    onStart: (child) => {
      cliRun = child;
    },
  });
  cliRun = undefined;
  stopIfInterrupted();
  if (run.code !== 0)
    throw new Error(`pulumi ${shown.join(" ")} ended with ${run.code}\n${quiet ? run.output : ""}`);
  return run;
}

/** @param {string} text */
function withoutFolder(text) {
  return text.replace(`${root}/`, "");
}

/** @param {string} is */
async function ensureOnlyLookUps(is) {
  /** @type {{ path: string }[]} */
  const calls = await organisation.control("GET", "requests");
  const isLookUp = /^\/(oauth\/token|api\/v2\/eventbridge\/(topics|targets)\?)/;
  const others = calls.filter(({ path }) => !isLookUp.test(path));
  ensure(others.length === 0, { is, isNot: `${others.length} other calls were made` });
}

/** @param {string} is */
async function ensureNoCalls(is) {
  const calls = await organisation.control("GET", "requests");
  ensure(calls.length === 0, { is, isNot: `${calls.length} calls were made` });
}

/**
 * @param {boolean} condition
 * @param {{ is: string, isNot: string }} words
 */
function ensure(condition, { is, isNot }) {
  if (!condition) throw new Error(isNot);
  console.log(green(`  ✓ ${is}`));
}

/**
 * @template T
 * @param {T | undefined} value
 * @param {string} what
 */
function must(value, what) {
  if (value === undefined) throw new Error(`${what} is not there`);
  return value;
}

/** @param {string} text */
function heading(text) {
  stopIfInterrupted();
  console.log(bold(`\n▸ ${text}`));
}

function stopIfInterrupted() {
  if (interruptedBy !== undefined) throw new Error("interrupted");
}

function showSummary() {
  console.log(bold(`\nDone in ${Math.round((Date.now() - begun) / 1_000)} s, with the real Pulumi CLI:\n`));
  for (const line of summary) console.log(`  ${green("✓")} ${line}`);
  console.log(
    "\nThe organisation was a simulated one. The program is examples/quickstart; the README goes on from here.",
  );
}

/**
 * Ends a run of the CLI. It waits for what is in flight at a first signal and obeys a second; only then may the
 * organisation go, since a provider would go on asking for it.
 */
function endCli() {
  const child = cliRun;
  if (child === undefined) return;
  child.kill("SIGINT");
  const again = setTimeout(() => child.kill("SIGINT"), 1_000);
  const impatient = setTimeout(() => child.kill("SIGKILL"), 10_000);
  child.on("exit", () => {
    clearTimeout(again);
    clearTimeout(impatient);
  });
}

async function cleanUp() {
  if (cliRun !== undefined) {
    const ended = new Promise((resolve) => cliRun?.on("exit", resolve));
    endCli();
    await ended;
  }
  await organisation?.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

/** @param {unknown} error */
function message(error) {
  return error instanceof Error ? error.message : String(error);
}
