/** Which entries of a list show all of an object. */
import { unlessMissing } from "../step.js";
import type { KindApi, Shown } from "./kindApi.js";

/**
 * What an object's own address leaves out. Those fields are empty, so that an entry without them is whole all the same. Where no
 * entry is partial nothing is asked.
 *
 * @param entries those that matter: the first partial one is asked for by itself.
 */
export async function leftOutByItself(entries: readonly Shown[], api: KindApi): Promise<readonly string[]> {
  const part = entries.find(({ lacks }) => lacks.length > 0);
  const one = part && (await unlessMissing(api.show(String(part.id))));
  return one?.lacks ?? [];
}

/** Whether an entry shows all that the object's own address would. @param leftOut by that. */
export const isWhole = ({ lacks }: Shown, leftOut: readonly string[]): boolean =>
  lacks.every((key) => leftOut.includes(key));
