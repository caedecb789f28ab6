/** What a POST that was sent twice has made beside what is used. */
import { eventually } from "../step.js";
import { removeObject } from "./delete.js";
import type { State } from "./inputs.js";
import type { KindStep } from "./kind.js";
import { findPosted } from "./look.js";

/**
 * Removes what a repeated POST may have made twice, but for the one that is used. Only a kind whose POST bears no key can have
 * two. They are looked for as long as lists may lag behind.
 *
 * @param used the id of what is used, where there is anything.
 */
export async function removeDuplicates(
  state: State,
  used: string | undefined,
  step: KindStep,
): Promise<void> {
  const { __duplicatesUntil: until } = state;
  if (until === undefined) return;
  const look = async () => {
    const posted = await findPosted(state.__urn ?? "", step);
    const duplicates = posted.flatMap(({ id }) => (id === undefined || id === used ? [] : [id]));
    return duplicates.length > 0 ? duplicates : undefined;
  };
  const { client, now } = step.context;
  const isShown = until < client.clock.at(now()).earliest;
  const duplicates = await (isShown ? look() : eventually(step, look));
  for (const id of duplicates ?? []) await removeObject(id, state, step);
}
