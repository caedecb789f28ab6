/** Whether the settings can be used, and what is worth a word about them. */
import { readSettings, type Settings } from "../settings.js";
import { about, type Finding, inOneLine } from "./finding.js";

type Texts = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings of a stack and of an environment.
 *
 * @param config the stack's configuration.
 * @param project the project's name, where there is one.
 * @returns no settings where they cannot be used: the findings say why.
 */
export function checkSettings(
  config: Texts,
  environment: Texts,
  project: string | undefined,
): { settings?: Settings; findings: Finding[] } {
  const found = about("settings");
  try {
    const settings = readSettings(config, environment, project);
    const findings = [
      found.ok("every key of this package can be used"),
      ...settings.warnings.map(found.warning),
      ...settings.tidied.map((each) => found.warning(`${each}, which is taken off: set it anew without`)),
    ];
    return { settings, findings };
  } catch (error) {
    return { findings: [found.failed(inOneLine(error))] };
  }
}
