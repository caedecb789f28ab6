/** An `up` brings every field of every object to the program's inputs. */
import { isDeepStrictEqual } from "node:util";
import { objectIdIn } from "../knowledge.js";
import type { Invariant } from "../observation.js";
import { asked } from "../program.js";
import { UPS } from "../schedule.js";
import { subjectOf } from "../subjects/index.js";

/** After an `up` that went well every object is what the program asks for, unless somebody else has a hand in it. */
export const fieldsAreAsAsked: Invariant = ({ operation, run, stack, state, after, knowledge, webhooks }) => {
  if (!run.ok || !UPS.includes(operation)) return [];
  return [...knowledge.programOf(stack)].flatMap(([resource, spec]) => {
    const resourceState = state.find(
      ({ urn, delete: leaving }) => urn === knowledge.stacks.urn(resource) && !leaving,
    );
    if (resourceState === undefined) return [`r${resource} is not in the state`];
    const id = objectIdIn(resourceState);
    if ((knowledge.stale.get(id ?? "") ?? "touched") !== "touched") return [];
    const fields = after.objects.find((object) => object.id === id)?.fields;
    if (fields === undefined) return [`r${resource} (${id}) is not in the organisation`];
    const { keyField } = subjectOf(resource);
    const derived = { name: resourceState.outputs.name, [keyField]: resourceState.outputs[keyField] };
    // The platform knows no address of an integration.
    const address = "webhookUrl" in fields ? { webhookUrl: webhooks[spec.webhook ?? -1] } : {};
    return Object.entries({ ...derived, ...address, ...asked(resource, spec) })
      .filter(([field, value]) => !isDeepStrictEqual(fields[field], value))
      .map(
        ([field, value]) =>
          `${field} of r${resource} is ${JSON.stringify(fields[field])}, asked for is ${JSON.stringify(value)}`,
      );
  });
};
