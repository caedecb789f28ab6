/** What an API complains of, in the program's words. */
import { GenesysError } from "../genesys/errors.js";

/** How an API speaks of a kind. */
export interface Wording {
  /** What the kind calls one, such as `source`. */
  readonly noun: string;
  /** Names of the API that cannot be taken for ordinary words in a sentence; global. */
  readonly telling: RegExp;
  /** What the program calls a field of a body. */
  propertyOf(field: string): string;
}

/** The properties of ours that a refused body is about, as far as the API tells. */
function propertiesIn(error: GenesysError, { telling, propertyOf }: Wording): string[] {
  const named = error.fields.length > 0 ? error.fields : (error.said.match(telling) ?? []);
  return [...new Set(named.map(propertyOf))];
}

/**
 * An error of a change, with what to do about it: which property a 400 is about, and what a 404 means for one that was
 * there. Other errors pass as they are.
 */
export function inProgramWords(error: unknown, method: string, wording: Wording): unknown {
  if (!(error instanceof GenesysError)) return error;
  if (error.status === 400) {
    const properties = propertiesIn(error, wording);
    if (properties.length === 0) return error;
    return error.with({ advice: `It is about ${properties.join(", ")} of the program.` });
  }
  if (error.status === 404 && (method === "PUT" || method === "PATCH"))
    return error.with({
      advice: `The ${wording.noun} was deleted outside of Pulumi: run "pulumi refresh", then "pulumi up" to make it again.`,
    });
  return error;
}
