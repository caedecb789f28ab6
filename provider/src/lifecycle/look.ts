/** Looking for an object by its key. */
import { unlessMissing } from "../step.js";
import type { KindStep, Observed } from "./kind.js";

/** The object that bears a key, as a list shows it. */
export async function findListed(key: string, { api }: KindStep): Promise<Observed | undefined> {
  for await (const object of api.bearers(key)) return object;
  return undefined;
}

/** As `findListed`, read itself: a list that lags behind may show what is there no more, beside what is. */
export async function findLive(key: string, { api }: KindStep): Promise<Observed | undefined> {
  for await (const { id } of api.bearers(key)) {
    const object = id === undefined ? undefined : await unlessMissing(api.get(id));
    if (object !== undefined) return object;
  }
  return undefined;
}
