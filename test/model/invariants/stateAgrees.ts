import { isDeepStrictEqual } from "node:util";
import { sourceIdIn } from "../knowledge.js";
import type { Invariant } from "../observation.js";
import type { StoredSource } from "../support/organisation.js";
import { revealed } from "../support/secrets.js";

/** After an operation that went well, what the state says of a source is what the organisation holds. */
export const stateAgrees: Invariant = ({ operation, run, state, after, knowledge: { stale } }) => {
  if (!run.ok || operation === "preview") return [];
  return state
    .filter((each) => !each.delete && !each.pendingReplacement && each.outputs.__unfinished === undefined)
    .filter((each) => !stale.has(sourceIdIn(each) ?? ""))
    .flatMap(({ urn, id, outputs }) => {
      const source = after.sources.find(({ source_id }) => source_id === outputs.sourceId);
      if (source === undefined) return [`the state of ${urn} knows ${id}, which does not exist`];
      // An update cannot change an id: it is brought up to date by a refresh.
      if (operation === "refresh" && id !== source.source_id) return [`the id of ${urn} is ${id}`];
      const said = revealed(outputs);
      return Object.entries(inProgramWords(source))
        .filter(([key, value]) => !isDeepStrictEqual(said[key], value))
        .map(
          ([key, value]) =>
            `the state says ${key} of ${urn} is ${JSON.stringify(said[key])}, it is ${JSON.stringify(value)}`,
        );
    });
};

const inProgramWords = (source: StoredSource): Record<string, unknown> => ({
  name: source.name,
  description: source.description,
  sourceType: source.source_type,
  eventTopicId: source.event_topic_id,
  filters: source.filters,
  targets: source.targets.map(({ target_id, priority }) => ({ targetId: target_id, priority })),
  status: source.status,
  version: source.version,
});
