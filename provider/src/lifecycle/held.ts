/** Whether an object is in a stack already: then it is neither ours to take nor an orphan. */
import type { StackState } from "../resourceHandler.js";

/**
 * Whether the stack has an object, or another stack of the project: what was moved there, or was renamed with its stack,
 * bears what is derived from a URN of this one. `undefined` where that cannot be told.
 *
 * @param urn of any resource of the stack.
 * @param id the object's, or that of a resource of which only the job is known.
 * @param key the object's: what the stack is still making under that key may be it.
 */
export async function lookUpInStacks(
  stack: StackState,
  urn: string,
  id: string,
  key?: string,
): Promise<boolean | undefined> {
  const isHere = await stack.lookUpId(urn, id, key);
  return isHere !== true && (await stack.lookUpInOthers(urn, id, key)) ? true : isHere;
}
