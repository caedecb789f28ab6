/** Looking for an object by its key, or by the token under which it was posted. */
import { unlessMissing } from "../step.js";
import { lookUpInStacks } from "./held.js";
import type { KindStep } from "./kind.js";
import type { Observed } from "./kindApi.js";
import { bearsToken } from "./recognise.js";

/** The object that bears a key, read itself: a list that lags behind may show what is there no more, or has another key by now. */
export async function findLive(key: string, { api, kind }: KindStep): Promise<Observed | undefined> {
  for await (const { id } of api.bearers(key)) {
    const object = id === undefined ? undefined : await unlessMissing(api.get(id));
    if (object?.fields[kind.key.field] === key) return object;
  }
  return undefined;
}

/**
 * What was posted for a resource under its token, read itself, but for what a stack has: a create that was cut short may
 * stand in its state under that name. A list that lags behind still shows the name that somebody has changed since.
 */
export async function findPosted(urn: string, { api, context, kind }: KindStep): Promise<Observed[]> {
  const found: Observed[] = [];
  const token = kind.token?.(urn);
  if (token === undefined || api.posted === undefined) return found;
  for await (const { id } of api.posted(token)) {
    if (id === undefined || (await lookUpInStacks(context.stack, urn, id)) === true) continue;
    const object = await unlessMissing(api.get(id));
    if (object !== undefined && bearsToken(kind, object, urn)) found.push(object);
  }
  return found;
}
