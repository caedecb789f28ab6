import type { Command } from "commander";
import { checkCreates } from "../doctor/creates.js";
import { about, type Finding, inOneLine } from "../doctor/finding.js";
import { checkPlatform } from "../doctor/platform.js";
import { checkAuditLog, checkOutbox } from "../doctor/records.js";
import { checkCli, checkNode, checkSdk } from "../doctor/versions.js";
import { checkWebhook } from "../doctor/webhook.js";
import { readSettings, type Settings, SettingsError } from "../settings.js";
import { resultColours } from "./colours.js";
import { commandContext } from "./context.js";
import { CommandError } from "./failure.js";
import { neverShowSecretsOf, print, printJson, remark } from "./output.js";
import {
  folderOfProject,
  projectFile,
  pulumiVersion,
  type StackOptions,
  tooOldToImport,
} from "./pulumiCli.js";
import { type Configuration, stackConfiguration, stackName } from "./stackConfiguration.js";

/** `doctor` */
export function doctorCommand(program: Command): void {
  program
    .command("doctor")
    .description(
      "look at everything that the provider needs, and say what to mend; exits 1 when something is wrong",
    )
    .option("--stack <name>", "the stack whose configuration counts (default: the selected one)")
    .option("--json", "for programs")
    .addHelpText("after", EXAMPLES)
    .action(examine);
}

const EXAMPLES = `
It asks the organisation for four things, and for what interrupted creates have left; it changes nothing.

Examples:
  $ genesyscloud-eventbridge doctor --stack production
  $ genesyscloud-eventbridge doctor --json | jq '.checks[] | select(.state == "failed")'`;

async function examine(options: StackOptions & { json?: boolean }): Promise<void> {
  const findings: Finding[] = [];
  const width = "scope eventbridge:source:write".length;
  const tell = (...found: Finding[]) => {
    findings.push(...found);
    if (options.json) return;
    for (const { check, state, message } of found)
      print(`${SHOWN[state]}  ${check.padEnd(width)}  ${message}`);
  };

  const folder = folderOfProject();
  const version = await pulumiVersion();
  tell(
    checkNode(process.versions.node),
    checkCli(version, tooOldToImport(version)),
    projectFile() ? checkSdk(folder) : about("Pulumi SDK").skipped("no Pulumi project here"),
  );
  const { config, name, finding: stack } = await configurationOf(options);
  tell(stack);
  const { settings, finding } = settingsOf(config);
  tell(finding);
  if (settings !== undefined) {
    neverShowSecretsOf(settings);
    tell(...(await checkPlatform(settings)));
    tell(await checkAuditLog(settings, folder), await checkOutbox(settings, folder));
    tell(...(await checkCreates(commandContext(settings), name)));
    tell(...(await checkWebhook(settings)));
  }

  const ok = findings.every(({ state }) => state !== "failed");
  if (options.json) printJson({ ok, checks: findings });
  else if (settings === undefined) remark("nothing else can be looked at before the settings can be used");
  if (!ok) process.exitCode = 1;
}

const SHOWN: Readonly<Record<Finding["state"], string>> = {
  ok: resultColours.green("ok     "),
  warning: resultColours.yellow("warning"),
  failed: resultColours.red("FAILED "),
  skipped: resultColours.dim("skipped"),
};

/** The stack's name and configuration; without it the environment still counts. */
async function configurationOf(
  options: StackOptions,
): Promise<{ config: Configuration; name?: string; finding: Finding }> {
  const stack = about("stack");
  if (projectFile() === undefined)
    return { config: {}, finding: stack.warning("no Pulumi project here: the environment alone counts") };
  try {
    const config = await stackConfiguration(options, true);
    const finding = stack.ok(`its configuration can be read (${projectFile()})`);
    return { config, name: await stackName(options), finding };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { config: {}, finding: stack.failed(inOneLine(error)) };
  }
}

function settingsOf(config: Configuration): { settings?: Settings; finding: Finding } {
  const found = about("settings");
  try {
    return {
      settings: readSettings(config, process.env),
      finding: found.ok("every key is known and can be used"),
    };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return { finding: found.failed(inOneLine(error)) };
  }
}
