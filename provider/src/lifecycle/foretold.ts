/**
 * Outputs that are known before the API has made or changed anything. They stand among the inputs: a preview shows those,
 * and takes every other output of an update for unknown, and with it whatever depends on it.
 */
import type { GenesysClient } from "../genesys/client.js";
import { GenesysError } from "../genesys/errors.js";
import type { StepBudget } from "../genesys/retry.js";
import type { Context } from "../resourceHandler.js";
import { beginStep } from "../step.js";
import { isUnknown } from "../unknown.js";
import { LOOKUP_TIMEOUT } from "../waits.js";
import type { Properties } from "./inputs.js";

/** What a kind can foretell. */
export interface Foretold {
  /** The outputs. They depend on the organisation and on the key alone. */
  readonly fields: readonly string[];
  /** One call at the most in a run. */
  tell(key: string, client: GenesysClient, budget: StepBudget): Promise<Properties>;
}

/**
 * The outputs that inputs foretell. Where the key is that of the olds they are copied from there. Olds can lack them, as those of
 * an import by an earlier release do: then they are asked for as soon as something changes. An unchanged preview makes no call.
 *
 * @param isChanged whether the inputs ask for anything else than the olds.
 */
export async function foretell(
  { foretold, key: { field } }: { foretold?: Foretold; key: { field: string } },
  context: Context,
  olds: Properties | undefined,
  inputs: Properties,
  isChanged: boolean,
): Promise<Properties> {
  const key = inputs[field];
  if (foretold === undefined || typeof key !== "string" || isUnknown(key)) return {};
  const isTold = foretold.fields.every((name) => olds?.[name] !== undefined);
  if (olds?.[field] === key && (isTold || !isChanged)) return toldIn({ foretold }, olds);
  const { validateReferences, credentials } = context.settings;
  if (validateReferences === "off" || credentials === undefined) return {};
  const { budget } = beginStep(context, LOOKUP_TIMEOUT);
  return foretold.tell(key, context.client, budget).catch((error: unknown) => {
    // The create needs it, too, and says what is in the way.
    if (error instanceof GenesysError) return {};
    throw error;
  });
}

/** The foretold outputs that properties have. */
export const toldIn = ({ foretold }: { foretold?: Foretold }, properties: Properties): Properties =>
  Object.fromEntries(
    (foretold?.fields ?? []).flatMap((name) =>
      properties[name] === undefined ? [] : [[name, properties[name]]],
    ),
  );
