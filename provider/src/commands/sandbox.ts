/** The command `sandbox`: starts the simulated organisation, and prints the lines of a first project. */
import { type Command, InvalidArgumentError } from "commander";
import { howToInstall, placeOf } from "../onDemand.js";
import { projectFileIn } from "../pulumi/projectFolder.js";
import { CommandError } from "./failure.js";
import { firstSteps, settingsOf } from "./firstSteps.js";
import { print, printJson, remark } from "./output.js";

/** The simulated organisation as it lies beside these commands. It is built from a package of its own, and loaded when it is asked for. */
const SANDBOX = "../sandbox/index.js";

const DEFAULT_SECRET = "sandbox-secret";

/** What it serves HTTP with. */
const SERVER = "fastify";

/** What of it is used here; its own README describes it. */
interface Sandbox {
  startSandbox(options: object): Promise<{ url: string; close(): Promise<void> }>;
}

/** `sandbox` */
export function sandboxCommand(program: Command): void {
  program
    .command("sandbox")
    .description(
      "run a simulated Genesys Cloud organisation that speaks the EventBridge API, to try things out",
    )
    .option("--port <n>", "port to listen on; 0 takes a free one", wholeNumber(0, 65_535), 0)
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--state <file>", "keep its state in this file (default: in memory)")
    .option("--control", "answer under /__sandbox/, too: look into it, change it, make it misbehave")
    .option("--client-id <id>", "OAuth client", "sandbox-client")
    .option("--client-secret <text>", "its secret", DEFAULT_SECRET)
    .option("--job-duration <ms>", "how long a job takes", wholeNumber(0), 600)
    .option("--rate-limit <n>", "calls per token and window", wholeNumber(0), 300)
    .option("--rate-window <seconds>", "length of the window", wholeNumber(1), 60)
    .option("--expires-in <seconds>", "life of a token", wholeNumber(0), 86_400)
    .option("--json", "for programs")
    .addHelpText("after", EXAMPLES)
    .action(serve);
}

const EXAMPLES = `
It begins with 31 topics, 31 targets, four integrations and no sources, and runs until it is interrupted.

Examples:
  $ genesyscloud-eventbridge sandbox --port 8080 --state organisation.json --control
  $ pulumi config set genesyscloud:gateway http://127.0.0.1:8080
  $ pulumi config set genesyscloud:oauthClientId sandbox-client
  $ pulumi config set --secret genesyscloud:oauthClientSecret sandbox-secret`;

interface SandboxCommandOptions {
  port: number;
  host: string;
  state?: string;
  control?: boolean;
  clientId: string;
  clientSecret: string;
  jobDuration: number;
  rateLimit: number;
  rateWindow: number;
  expiresIn: number;
  json?: boolean;
}

async function serve(options: SandboxCommandOptions): Promise<void> {
  const { state, jobDuration, rateLimit, rateWindow, json, ...others } = options;
  if (placeOf(SERVER) === undefined)
    throw new CommandError(
      `the simulated organisation needs ${SERVER}, which is installed for it alone: ${howToInstall(SERVER)}`,
    );
  const { startSandbox } = (await import(SANDBOX)) as Sandbox;
  const sandbox = await startSandbox({
    ...others,
    exampleIntegrations: true,
    stateFile: state,
    jobDurationMs: jobDuration,
    rateLimit: { allowed: rateLimit, windowSeconds: rateWindow },
  }).catch((error: Error) => {
    throw new CommandError(error.message);
  });
  if (json) printJson({ url: sandbox.url });
  else {
    print(`listening on ${sandbox.url}`);
    sayFirstSteps(sandbox.url, options);
  }
  remark("Ctrl-C ends it.");
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  await sandbox.close();
}

/** A secret that somebody has chosen may be one elsewhere, too: it is not shown. */
function sayFirstSteps(url: string, { clientId, clientSecret }: SandboxCommandOptions): void {
  const shown = clientSecret === DEFAULT_SECRET ? { clientSecret } : {};
  const sandbox = { url, clientId, ...shown };
  // A project that a template has made needs no other one within it, and has these settings already.
  const [words, lines] = projectFileIn(process.cwd())
    ? ["A stack of the project in this folder reaches it by these settings:", settingsOf(sandbox)]
    : ["To begin, paste this into another terminal, in this folder:", firstSteps(sandbox)];
  remark(`\n${words}\n\n${lines}\n`);
}

const wholeNumber =
  (least: number, most = 1e9) =>
  (text: string): number => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`it must be a whole number from ${least} to ${most}.`);
  };
