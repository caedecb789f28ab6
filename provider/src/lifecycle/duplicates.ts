/** What a POST that was sent twice has made beside what is used. */
import { eventually, unlessStopped } from "../step.js";
import { DUPLICATES_TIMEOUT } from "../waits.js";
import { removeObject } from "./delete.js";
import type { State } from "./inputs.js";
import { beginOn, type KindStep } from "./kind.js";
import type { Observed } from "./kindApi.js";
import { findPosted } from "./look.js";
import { begunIn } from "./stateRecord.js";

/**
 * Removes what a repeated POST may have made twice, but for the one that is used. Only a kind whose POST bears no key can have
 * two. They are looked for as long as lists may lag behind, whatever time the step has left: nobody would look again.
 *
 * @param used the id of what is used, where there is anything.
 * @throws Error where the run has to stop before lists have caught up.
 */
export async function removeDuplicates(
  state: State,
  used: string | undefined,
  { kind, context }: KindStep,
): Promise<void> {
  const { duplicatesUntil: until } = begunIn(kind, state);
  if (until === undefined) return;
  const step = beginOn(kind, context, DUPLICATES_TIMEOUT);
  let posted: Observed[] = [];
  // Where one is shown there may be yet another: lists must have had their time.
  const look = async () => {
    const haveCaughtUp = until < context.client.clock.at(context.now()).earliest;
    posted = await findPosted(state.__urn ?? "", step);
    return haveCaughtUp || undefined;
  };
  unlessStopped(await eventually(step, look), "what a POST that was sent twice has made");
  for (const { id } of posted) if (id !== undefined && id !== used) await removeObject(id, state, step);
}
