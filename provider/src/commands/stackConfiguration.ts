/** The configuration of the stack that is selected, for commands that run without an engine. */
import { readSettings, type Settings } from "../settings.js";
import { neverShowSecretsOf, remark } from "./output.js";
import { askPulumi, projectFile, projectName, type StackOptions } from "./pulumiCli.js";

/** Keys such as `genesyscloud:region`. */
export type Configuration = Readonly<Record<string, string | undefined>>;

/**
 * The configuration of the stack that is selected in the Pulumi project around this folder, as the provider gets it;
 * nothing outside of a project.
 *
 * @param secrets whether secret values are decrypted; without, they are left out.
 * @throws CommandError when the Pulumi CLI cannot tell.
 */
export async function stackConfiguration(options: StackOptions, secrets: boolean): Promise<Configuration> {
  if (projectFile() === undefined) return {};
  const args = ["config", "--json", ...(secrets ? ["--show-secrets"] : [])];
  const answer = await askPulumi(args, options, "the stack's configuration cannot be read");
  const entries = Object.entries(JSON.parse(answer) as Record<string, { value?: string }>);
  return Object.fromEntries(entries.map(([key, { value }]) => [key, value]));
}

/**
 * The settings of the stack that is meant; what they are to be warned of is said, and from then on no secret of
 * theirs is printed.
 *
 * @throws SettingsError when they cannot be used.
 * @throws CommandError when the Pulumi CLI cannot tell.
 */
export async function stackSettings(options: StackOptions): Promise<Settings> {
  const config = await stackConfiguration(options, true);
  const settings = readSettings(config, process.env, await projectName());
  neverShowSecretsOf(settings);
  for (const warning of settings.warnings) remark(`warning: ${warning}`);
  return settings;
}

/** One key of the namespace; decrypted only where it is secret. @throws CommandError when the Pulumi CLI cannot tell. */
export async function configuredValue(options: StackOptions, key: string): Promise<string | undefined> {
  const plain = await stackConfiguration(options, false);
  if (!(key in plain) || plain[key] !== undefined) return plain[key];
  return (await stackConfiguration(options, true))[key];
}

/** The name of the stack that counts, without organisation and project; `undefined` outside of a project, unless one is given. */
export async function stackName(options: StackOptions): Promise<string | undefined> {
  const ask = () => askPulumi(["stack", "--show-name"], {}, "the stack's name cannot be told");
  const name = options.stack ?? (projectFile() === undefined ? undefined : (await ask()).trim());
  return name?.split("/").at(-1);
}
