import { askPulumi, projectFile, type StackOptions } from "./pulumiCli.js";

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
