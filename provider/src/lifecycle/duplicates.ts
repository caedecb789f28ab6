/** What a POST that was sent twice has made beside what is used. */
import { eventually } from "../step.js";
import { SETTLES_WITHIN_MS } from "../waits.js";
import { removeObject } from "./delete.js";
import type { State } from "./inputs.js";
import type { KindStep } from "./kind.js";
import { findPosted } from "./look.js";

/**
 * Removes what a repeated POST may have made twice, but for the one that is used. Only a kind whose POST bears no key can have
 * two. They are looked for as long as lists may lag behind.
 *
 * @param used the id of what is used, where there is anything.
 * @throws Error where the step has to be over before lists have caught up: then nobody would look again.
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
  const { client, now, elapsed } = step.context;
  const isShown = () => until < client.clock.at(now()).earliest;
  const begun = elapsed();
  const duplicates = await (isShown() ? look() : eventually(step, look));
  const haveCaughtUp = elapsed() - begun >= SETTLES_WITHIN_MS || isShown();
  if (duplicates === undefined && !haveCaughtUp) throw new Error(NOT_SHOWN_YET);
  for (const id of duplicates ?? []) await removeObject(id, state, step);
}

const NOT_SHOWN_YET =
  "Its POST was sent twice, and there was no time to see what the other one has made: give it a time-out of two minutes or more.";
