/** A kind whose reads are answered from a list: reading a thousand objects takes the pages of the list and no more. */
import type { Kind } from "../lifecycle/kind.js";
import type { KindApi, Shown } from "../lifecycle/kindApi.js";
import { isWhole, leftOutByItself } from "../lifecycle/wholeEntries.js";

/** The same kind, which asks only for what a list has shown in part. @param api of the kind. */
export async function answeredFrom(kind: Kind, shown: readonly Shown[], api: KindApi): Promise<Kind> {
  const leftOut = await leftOutByItself(shown, api);
  const whole = shown.filter((each) => isWhole(each, leftOut));
  const known = new Map(whole.map((each) => [String(each.id), each]));
  return {
    ...kind,
    api: (client, budget) => {
      const asking = kind.api(client, budget);
      return { ...asking, get: async (id) => (await known.get(id)?.observe(budget)) ?? asking.get(id) };
    },
  };
}
