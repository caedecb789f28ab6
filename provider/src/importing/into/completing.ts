/** Completes an entry of a file with what the organisation has, so that the next preview shows no change but what differs. */
import { differences } from "../../lifecycle/differences.js";
import { fieldsIn } from "../../lifecycle/fields.js";
import type { Properties } from "../../lifecycle/inputs.js";
import type { Kind } from "../../lifecycle/kind.js";
import type { Context } from "../../resourceHandler.js";
import { takeIn } from "../imported.js";
import { forImport } from "../importFile.js";
import { asFarAsTold, isHidden, isTold } from "./asked.js";
import type { Completion } from "./unfinishedFile.js";

/** An entry that was completed. */
export interface Completed {
  completion: Completion;
  /** Where the organisation has something else than the program asks for, such as `targets[0].targetId`; no values. */
  differs: string[];
  /** Of these, the fields that no update can change. */
  replaces: string[];
  /** Fields that the preview does not tell: secret in the program, or known once something else is made. */
  untold: string[];
}

/** Inputs of the program alone, which no object has. */
const OF_THE_PROGRAM = ["onConflict", "timeouts", "__autonamed", "__automatic"];

/**
 * Reads an object, and makes of it what the file has to have of it.
 *
 * @param asked what the program asks for, as its preview tells it.
 * @returns `problems`: no program can describe it.
 */
export async function complete(
  kind: Kind,
  context: Context,
  { id, urn, asked }: { id: string; urn: string; asked: Properties },
): Promise<Completed | "gone" | { problems: string[] }> {
  const taken = await takeIn(kind, context, { id, urn });
  if (taken === "gone" || "problems" in taken) return taken;
  const own = Object.fromEntries(
    OF_THE_PROGRAM.flatMap((key) => (asked[key] === undefined ? [] : [[key, asked[key]]])),
  );
  const inputs = { ...taken.inputs, ...own };
  const hidden = Object.keys(asked).filter((key) => isHidden(asked[key]));
  const secrets = [...new Set([...kind.secrets, ...hidden])];
  const { differs, untold } = compared(kind, inputs, asked);
  // An address that the program leaves to the configuration is compared with that.
  if (taken.keepsWebhookUrl && asked.webhookUrl === undefined) differs.push("webhookUrl");
  return {
    completion: {
      id,
      inputs: forImport(kind, inputs, secrets),
      outputs: forImport(kind, { ...taken.state, ...own }, secrets),
    },
    differs,
    replaces: kind.replacing.filter((field) => differs.some((place) => fieldOf(place) === field)),
    untold,
  };
}

function compared(
  kind: Kind,
  present: Properties,
  asked: Properties,
): { differs: string[]; untold: string[] } {
  const derived = [
    ...(asked.__autonamed === true ? [kind.key.field] : []),
    ...((asked.__automatic ?? []) as string[]),
  ];
  const mine = kind.fields.filter((field) => field !== "webhookUrl" && !derived.includes(field));
  const wanted = asFarAsTold(asked, present) as Properties;
  const only = { ...kind, fields: mine };
  return {
    differs: differences(only, fieldsIn(only, present), fieldsIn(only, wanted)),
    untold: kind.fields.filter((field) => !isTold(asked[field])),
  };
}

/** The field that a place is in: `targets` for `targets[0].targetId`. */
const fieldOf = (place: string): string => place.split(/[.[ ]/, 1)[0] ?? place;
