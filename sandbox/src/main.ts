#!/usr/bin/env node
import { parseArgs } from "node:util";
import { type SandboxOptions, startSandbox } from "./index.js";
import { offers } from "./settings.js";

const usage = `Usage: genesyscloud-sandbox [options]

A simulated Genesys Cloud organisation that speaks the EventBridge API, and the public API of integrations.

  --port <n>              port to listen on (default 0: a free one)
  --host <address>        address to listen on (default 127.0.0.1)
  --state <file>          keep the state in this file (default: in memory)
  --control               switch on the control plane under /__sandbox/
  --client-id <id>        OAuth client (default sandbox-client)
  --client-secret <text>  its secret (default sandbox-secret)
  --job-duration <ms>     how long a job takes (default 600)
  --state-change <ms>     how long an integration takes to become active (default 0)
  --offers <api>          which API it has: eventbridge, integrations or both (default)
  --example-integrations  begin with a few integrations
  --rate-limit <n>        calls per token and window (default 300)
  --rate-window <seconds> length of the window (default 60)
  --expires-in <seconds>  life of a token (default 86400)
  --help                  show this
`;

const text = { type: "string" } as const;

function readOptions(): SandboxOptions | "help" {
  const { values } = parseArgs({
    options: {
      port: text,
      host: text,
      state: text,
      control: { type: "boolean" },
      "client-id": text,
      "client-secret": text,
      "job-duration": text,
      "state-change": text,
      offers: text,
      "example-integrations": { type: "boolean" },
      "rate-limit": text,
      "rate-window": text,
      "expires-in": text,
      help: { type: "boolean" },
    },
  });
  if (values.help) return "help";
  const number = (name: keyof typeof values, usual: number, least: number, most = 1e9): number => {
    const given = values[name];
    if (given === undefined) return usual;
    const value = /^\d+$/.test(String(given)) ? Number(given) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new Error(`Option '--${name}' must be a whole number from ${least} to ${most}, not '${given}'.`);
  };
  return {
    port: number("port", 0, 0, 65_535),
    host: values.host,
    stateFile: values.state,
    control: values.control,
    clientId: values["client-id"],
    clientSecret: values["client-secret"],
    jobDurationMs: number("job-duration", 600, 0),
    stateChangeMs: number("state-change", 0, 0),
    offers: offersIn(values.offers),
    exampleIntegrations: values["example-integrations"],
    rateLimit: { allowed: number("rate-limit", 300, 0), windowSeconds: number("rate-window", 60, 1) },
    expiresIn: number("expires-in", 86_400, 0),
  };
}

function offersIn(given: string | undefined): SandboxOptions["offers"] {
  if (given === undefined || offers.includes(given)) return given as SandboxOptions["offers"];
  throw new Error(`Option '--offers' must be one of ${offers.join(", ")}, not '${given}'.`);
}

async function main(): Promise<void> {
  let options: SandboxOptions | "help";
  try {
    options = readOptions();
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage}`);
    process.exit(2);
  }
  if (options === "help") {
    process.stdout.write(usage);
    return;
  }
  const sandbox = await startSandbox(options);
  const stop = () => {
    sandbox.close().then(() => process.exit(0), fail);
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  process.stdout.write(`listening on ${sandbox.url}\n`);
}

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
}

main().catch(fail);
