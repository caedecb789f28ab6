import { inQuotes } from "../printable.js";
import type { Step } from "../step.js";
import { unlessMissing } from "../step.js";
import { sourceApi } from "./api.js";
import { sayName } from "./conflict.js";
import { differences, sayPlaces } from "./differences.js";
import type { SourceInputs } from "./model.js";
import { insistHoldable } from "./unheld.js";
import { fieldsFromWire, type WireSource } from "./wire.js";

/**
 * The source that a program imports, if it is what the program asks for. Nothing is changed, whatever it is.
 *
 * @throws Error when there is no source of that id, or naming every place in which it differs from the inputs.
 */
export async function takeOver(importId: string, wanted: SourceInputs, step: Step): Promise<WireSource> {
  const source = await unlessMissing(sourceApi(step.context.client, step.budget).get(importId));
  if (source === undefined)
    throw new Error(
      `There is no EventBridge source with the id ${JSON.stringify(importId)} to import. Give the option import the id of one that exists, or leave the option out to make a new one.`,
    );
  insistHoldable(source);
  const present = fieldsFromWire(source, wanted);
  const found = differences(present, wanted);
  if (found.length === 0) return source;
  const automatic =
    wanted.__autonamed && present.name !== wanted.name
      ? ` The program gives no name, so an automatic one was chosen: give it name: ${inQuotes(present.name)}.`
      : "";
  throw new Error(
    `${sayName(present)} (id ${importId}) is not imported, because the program would change it: ${sayPlaces(found)}.${automatic} Make the arguments what the source is, as "genesyscloud-eventbridge import --id ${importId} --code" writes them; once it is imported they may change.`,
  );
}
