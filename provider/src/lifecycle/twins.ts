/** What a POST that was sent twice has made beside what is used. */
import { eventually } from "../step.js";
import { removeObject } from "./delete.js";
import type { State } from "./inputs.js";
import type { KindStep } from "./kind.js";
import { findPosted } from "./look.js";

/**
 * A POST that is sent again after its answer was lost can make two of a kind whose POST bears no key: all but the one that is
 * used go. They are looked for as long as lists may lag behind.
 *
 * @param used the id of what is used, where there is anything.
 */
export async function removeTwins(state: State, used: string | undefined, step: KindStep): Promise<void> {
  const { __twinsUntil: until } = state;
  if (until === undefined) return;
  const look = async () => {
    const posted = await findPosted(state.__urn ?? "", step);
    const twins = posted.flatMap(({ id }) => (id === undefined || id === used ? [] : [id]));
    return twins.length > 0 ? twins : undefined;
  };
  const { client, now } = step.context;
  const isShown = until < client.clock.at(now()).earliest;
  const twins = await (isShown ? look() : eventually(step, look));
  for (const id of twins ?? []) await removeObject(id, state, step);
}
