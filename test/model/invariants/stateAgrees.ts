/** The outputs in the state are true of the objects in the organisation. */
import { isDeepStrictEqual } from "node:util";
import { objectIdIn } from "../knowledge.js";
import type { Invariant } from "../observation.js";
import type { StoredObject } from "../subjects/subject.js";
import { revealed } from "../support/secrets.js";

/** After an operation that went well, what the state says of an object is what the organisation holds. */
export const stateAgrees: Invariant = ({ operation, run, state, after, knowledge: { stale } }) => {
  if (!run.ok || operation === "preview") return [];
  return state
    .filter((each) => !each.delete && !each.pendingReplacement && each.outputs.__unfinished === undefined)
    .filter((each) => !stale.has(objectIdIn(each) ?? ""))
    .flatMap((each) => {
      const { urn, id, outputs } = each;
      const object = after.objects.find((one) => one.id === objectIdIn(each));
      if (object === undefined) return [`the state of ${urn} knows ${id}, which does not exist`];
      // An update cannot change an id: it is brought up to date by a refresh.
      if (operation === "refresh" && id !== object.id) return [`the id of ${urn} is ${id}`];
      const said = revealed(outputs);
      return Object.entries(toldOf(object))
        .filter(([key, value]) => !isDeepStrictEqual(said[key], value))
        .map(
          ([key, value]) =>
            `the state says ${key} of ${urn} is ${JSON.stringify(said[key])}, it is ${JSON.stringify(value)}`,
        );
    });
};

/** What a state says of an object; an address the organisation may keep to itself. */
const toldOf = ({
  version,
  fields: { webhookUrl: _, ...fields },
}: StoredObject): Record<string, unknown> => ({
  ...fields,
  version,
});
