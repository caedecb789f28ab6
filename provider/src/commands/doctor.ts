/** The command `doctor`: gathers its findings and prints a line for each. */
import type { Command } from "commander";
import { checkCreates, type Whose } from "../doctor/creates.js";
import { about, type Check, type Finding, inOneLine, isolated } from "../doctor/finding.js";
import { checkPackages } from "../doctor/packages.js";
import { checkPlatform } from "../doctor/platform.js";
import { checkPlugins } from "../doctor/plugins.js";
import { checkImports, checkJournal } from "../doctor/project.js";
import { checkProviders, providersAmong } from "../doctor/providers.js";
import { checkAuditLog, checkOtlp, checkOutbox } from "../doctor/records.js";
import { checkSettings } from "../doctor/settings.js";
import { type Program, toolchainFindings, toolchainOf } from "../doctor/toolchain.js";
import { checkCli, checkNode, checkSdk } from "../doctor/versions.js";
import { checkWebhook } from "../doctor/webhook.js";
import { readProgram, type Written } from "../importing/place.js";
import type { Settings } from "../settings.js";
import { resultColours } from "./colours.js";
import { commandContext } from "./context.js";
import { neverShowSecretsOf, print, printJson, remark } from "./output.js";
import {
  folderOfProject,
  projectFile,
  projectName,
  pulumiVersion,
  readProject,
  readStack,
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
It reads what the organisation offers and allows, and what interrupted creates have left; it changes nothing.

Examples:
  $ genesyscloud-eventbridge doctor --stack production
  $ genesyscloud-eventbridge doctor --json | jq '.checks[] | select(.state == "failed")'`;

async function examine(options: StackOptions & { json?: boolean }): Promise<void> {
  const findings: Finding[] = [];
  const width = "permission integrations:integration:delete".length;
  const tell = (found: Finding[]) => {
    // One by one: a journal that nobody looks after has more of them than a call takes arguments.
    for (const each of found) {
      findings.push(each);
      const { check, state, message } = each;
      if (!options.json) print(`${SHOWN[state]}  ${check.padEnd(width)}  ${message}`);
    }
  };

  const folder = folderOfProject();
  tell(await isolated("Node", () => checkNode(process.versions.node)));
  tell(await isolated("Pulumi CLI", checkPulumi));
  tell(await isolated("plugins", () => checkPlugins(process.env)));
  tell(await isolated("Pulumi SDK", () => checkProgram(folder)));
  const { config, name, finding } = await configurationOf(options);
  tell([finding]);
  const project = await projectName();
  const { settings, findings: aboutSettings } = checkSettings(config, process.env, project);
  tell(aboutSettings);
  if (settings !== undefined) {
    neverShowSecretsOf(settings);
    const providers = await providersOf(options);
    tell(checkProviders(providers));
    for (const [check, look] of checksOf(settings, folder, { stack: name, project }, providers))
      tell(await isolated(check, look));
  }

  const ok = findings.every(({ state }) => state !== "failed");
  if (options.json) printJson({ ok, checks: findings });
  else if (settings === undefined) remark("nothing else can be looked at before the settings can be used");
  if (!ok) process.exitCode = 1;
}

/** What is looked at once the settings can be used, in this order. */
const checksOf = (
  settings: Settings,
  folder: string,
  whose: Whose,
  providers: readonly string[],
): [string, Check][] => [
  ["Genesys Cloud", () => checkPlatform(settings, providers)],
  ["audit log", () => checkAuditLog(settings, folder)],
  ["OpenTelemetry", () => checkOtlp(settings, process.env)],
  ["outbox", () => checkOutbox(settings, folder)],
  ["journal", () => checkJournal(settings, folder)],
  ["imports", () => checkImports(settings, folder)],
  ["interrupted creates", () => checkCreates(commandContext(settings), whose)],
  ["webhook", () => checkWebhook(settings)],
];

/** The explicit providers of the stack; none where its state cannot be had. */
async function providersOf(options: StackOptions): Promise<string[]> {
  if (projectFile() === undefined) return [];
  return readStack(options).then(
    ({ resources }) => providersAmong(resources),
    () => [],
  );
}

async function checkPulumi(): Promise<Finding> {
  const version = await pulumiVersion();
  return checkCli(version, tooOldToImport(version));
}

/** What the program of a project is run with. */
async function checkProgram(project: string): Promise<Finding[]> {
  const sdk = about("Pulumi SDK");
  if (projectFile() === undefined) return [sdk.skipped("no Pulumi project here")];
  const main = await readProject().then(
    (said) => said.main,
    () => undefined,
  );
  const written = await readProgram(project, main);
  const chain = toolchainOf(written.folder, sayProgram(written), process.versions.node);
  return [
    checkSdk(written.folder),
    checkPackages(written.folder),
    ...(chain === undefined ? [] : toolchainFindings(chain)),
  ];
}

function sayProgram({ language, modules }: Written): Program {
  if (language === undefined) return "none yet";
  if (language === "javascript") return "JavaScript";
  return modules === "esm" ? "ESM TypeScript" : "CommonJS TypeScript";
}

const SHOWN: Readonly<Record<Finding["state"], string>> = {
  ok: `${resultColours.green("ok")}     `,
  warning: resultColours.yellow("warning"),
  failed: `${resultColours.red("FAILED")} `,
  skipped: resultColours.dim("skipped"),
};

/** The stack's name and configuration; without it the environment still counts. */
async function configurationOf(
  options: StackOptions,
): Promise<{ config: Configuration; name?: string; finding: Finding }> {
  const stack = about("stack");
  if (projectFile() === undefined)
    return {
      config: {},
      name: await stackName(options),
      finding: stack.warning("no Pulumi project here: the environment alone counts"),
    };
  try {
    const config = await stackConfiguration(options, true);
    const finding = stack.ok(`its configuration can be read (${projectFile()})`);
    return { config, name: await stackName(options), finding };
  } catch (error) {
    return { config: {}, finding: stack.failed(inOneLine(error)) };
  }
}
