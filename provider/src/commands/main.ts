#!/usr/bin/env node
/** The command line `genesyscloud-eventbridge`: its commands, its help and its exit codes. */

import { Command, CommanderError } from "commander";
import { isAnyHanging } from "../fileTrouble.js";
import { AuditLogError } from "../hooks/audit/auditLogError.js";
import { SettingsError } from "../settings.js";
import { auditCommands } from "./audit.js";
import { remarkColours } from "./colours.js";
import { doctorCommand } from "./doctor.js";
import { CommandError } from "./failure.js";
import { graphCommand } from "./graph.js";
import { importCommand } from "./import.js";
import { printJson, remark } from "./output.js";
import { sandboxCommand } from "./sandbox.js";
import { webhookCommands } from "./webhook.js";

/** Exit codes: 0 is fine, 1 what was asked for failed, 2 it was asked for in a wrong way. */
const FAILED = 1;
const WRONG_USAGE = 2;

const { version } = require("../../package.json") as { version: string };

const EXAMPLES = `
Each command has examples of its own: genesyscloud-eventbridge help import

Examples:
  $ genesyscloud-eventbridge doctor
  $ genesyscloud-eventbridge import --all --code --run
  $ genesyscloud-eventbridge audit verify`;

const program = new Command("genesyscloud-eventbridge")
  .description("What belongs to Genesys Cloud EventBridge in Pulumi beside the program itself.")
  .version(version)
  .showHelpAfterError('(see "--help")')
  .addHelpText("after", EXAMPLES)
  .exitOverride();
importCommand(program);
graphCommand(program);
auditCommands(program);
webhookCommands(program);
doctorCommand(program);
sandboxCommand(program);

/** Something was waited for that never came: ending without a word would pass for success. */
const neverEnding = () => {
  process.exitCode = FAILED;
  remark(`${remarkColours.red("error:")} the command came to no end; this is a mistake of this package`);
};
process.once("beforeExit", neverEnding);

program
  .parseAsync()
  .catch((error: unknown) => {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : WRONG_USAGE;
    else {
      process.exitCode = FAILED;
      if (process.argv.includes("--json")) printJson({ error: said(error) });
      else remark(`${remarkColours.red("error:")} ${said(error)}`);
    }
  })
  .finally(() => {
    process.off("beforeExit", neverEnding);
    // Node would wait for it before it ends, and no other way out is open: not even process.exit().
    if (isAnyHanging()) whenWritten(() => process.kill(process.pid, "SIGKILL"));
  });

const whenWritten = (then: () => void) => process.stdout.write("", () => process.stderr.write("", then));

/** Of our own errors the message; of others, which are mistakes of this package, all there is. */
function said(error: unknown): string {
  const ours = [CommandError, SettingsError, AuditLogError].some((kind) => error instanceof kind);
  if (!(error instanceof Error)) return String(error);
  return ours || "code" in error ? error.message : (error.stack ?? error.message);
}
