/** What the platform complains of in a source, in the program's words. */
import { GenesysError } from "../genesys/errors.js";
import { NOT_OFFERED } from "./access.js";

/** Names of the API that cannot be taken for ordinary words in a sentence. */
const TELLING =
  /\b(event_topic_id|source_type|target_id|webhook_url|event_types?|filters|conditions|targets|priority|operator)\b/g;

/** `filters[0].conditions[1].operator` and `eventTopicId` for what the API calls them. */
const propertyOf = (field: string): string =>
  field.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The properties of ours that a refused body is about, as far as the API tells. */
function propertiesIn(error: GenesysError): string[] {
  const named = error.fields.length > 0 ? error.fields : (error.said.match(TELLING) ?? []);
  return [...new Set(named.map(propertyOf))];
}

/**
 * What the API complains of, in the program's words: which property a 400 is about, and what a 404 means for a
 * change. Other errors pass as they are.
 */
export function inProgramWords(error: unknown, method: string): unknown {
  if (!(error instanceof GenesysError)) return error;
  if (error.status === 400) {
    const properties = propertiesIn(error);
    if (properties.length === 0) return error;
    return error.with({ advice: `It is about ${properties.join(", ")} of the program.` });
  }
  if (error.status === 404 && method === "POST")
    return error.with({
      advice: `Does a topic or target exist no more? Check eventTopicId and targets. Otherwise: ${NOT_OFFERED}`,
    });
  if (error.status === 404 && method === "PUT")
    return error.with({
      advice:
        'The source was deleted outside of Pulumi: run "pulumi refresh", then "pulumi up" to make it again.',
    });
  return error;
}
