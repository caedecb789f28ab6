/** The resource option `import`: an object comes into the stack as it is. */
import { inQuotes } from "../printable.js";
import { unlessMissing } from "../step.js";
import { differences, sayPlaces } from "./differences.js";
import { differingFields, fieldsOf } from "./fields.js";
import { insistHoldable } from "./holdable.js";
import type { Inputs } from "./inputs.js";
import { type KindStep, keyOf } from "./kind.js";
import type { Observed } from "./kindApi.js";
import { sayName } from "./messages.js";

/**
 * The object that a program imports, if it is what the program asks for. Nothing is changed, whatever it is.
 *
 * @throws Error when there is none of that id, or naming every place in which it differs from the inputs.
 */
export async function importOne(importId: string, wanted: Inputs, step: KindStep): Promise<Observed> {
  const { kind, api } = step;
  const object = await unlessMissing(api.get(importId));
  if (object === undefined)
    throw new Error(
      `There is no ${kind.label} with the id ${JSON.stringify(importId)} to import. Give the option import the id of one that exists, or leave the option out to make a new one.`,
    );
  insistHoldable(kind, object);
  const present = fieldsOf(object, wanted);
  // An address may be written otherwise and be the same: that is no difference.
  const found = differences({ ...kind, fields: differingFields(kind, present, wanted) }, present, wanted);
  if (found.length === 0) {
    await keepPosted(wanted, step);
    return object;
  }
  const { field } = kind.key;
  const automatic =
    wanted.__autonamed && keyOf(kind, present) !== keyOf(kind, wanted)
      ? ` The program gives no ${field}, so an automatic one was chosen: give it ${field}: ${inQuotes(keyOf(kind, present))}.`
      : "";
  throw new Error(
    `${sayName(kind, present)} (id ${importId}) is not imported, because the program would change it: ${sayPlaces(found)}.${automatic} Make the arguments what the ${kind.noun} is, as "genesyscloud-eventbridge import --id ${importId} --code" writes them; once it is imported they may change.`,
  );
}

/** What an earlier run has posted under a token is another object, even under the same key: it must not be forgotten. */
async function keepPosted({ __urn: urn }: Inputs, { kind, context }: KindStep): Promise<void> {
  if (kind.token === undefined || urn === undefined) return;
  const record = await context.journal.find(urn);
  if (record?.phase === "posting") await context.journal.setAside(record);
}
