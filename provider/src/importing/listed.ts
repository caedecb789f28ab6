/** A kind whose reads are answered from a list: reading a thousand objects takes the pages of the list and no more. */
import type { Kind } from "../lifecycle/kind.js";
import type { KindApi, Shown } from "../lifecycle/kindApi.js";
import { unlessMissing } from "../step.js";

/** The same kind, which asks only for what a list has shown in part. @param api of the kind. */
export async function answeredFrom(kind: Kind, shown: readonly Shown[], api: KindApi): Promise<Kind> {
  const known = new Map<string, Shown>();
  // What the address of one leaves out, too, is left out because it is empty: asking for each would tell no more.
  const part = shown.find(({ lacks }) => lacks.length > 0);
  const one = part && (await unlessMissing(api.show(String(part.id))));
  const empty = one?.lacks ?? [];
  for (const each of shown)
    if (each.lacks.every((key) => empty.includes(key))) known.set(String(each.id), each);
  return {
    ...kind,
    api: (...given) => {
      const asking = kind.api(...given);
      return { ...asking, get: async (id) => (await known.get(id)?.observe()) ?? asking.get(id) };
    },
  };
}
