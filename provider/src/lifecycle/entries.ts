/** What the pages of a list have shown, by the objects' ids and by their keys, and which entries show all of an object. */
import type { KindApi, Shown } from "./kindApi.js";
import { isWhole, leftOutByItself } from "./wholeEntries.js";

/** What is looked for: an object, or whatever bears a key. */
export type Wanted = { id: string } | { key: string };

/**
 * Since when a page counts: `kept`, one of the last half minute does, until this process writes to the object; `now`, only
 * one that is asked for from now on; a moment, only one that was asked for after it, by the clock that never jumps.
 */
export type Since = "kept" | "now" | number;

/** An entry of a page, where it shows all of the object, and when that page was asked for. */
export interface Entry {
  shown: Shown | undefined;
  at: number;
}

export class Entries {
  private readonly byId = new Map<string, Entry>();
  private readonly byKey = new Map<string, Entry>();
  private leftOut: readonly string[] | undefined;

  /** The last entry that a page has shown. */
  find(wanted: Wanted): Entry | undefined {
    return "id" in wanted ? this.byId.get(wanted.id) : this.byKey.get(wanted.key);
  }

  /**
   * Takes the entries of a page.
   *
   * @param at when it was asked for.
   * @param wanted what is looked for now: where an entry of it is partial, one object is asked for by itself.
   * @returns whether any of them can be used; a list that shows parts alone is of no use.
   */
  async take(shown: readonly Shown[], at: number, wanted: readonly Wanted[], api: KindApi): Promise<boolean> {
    const isWanted = ({ id, name }: Shown) =>
      wanted.some((each) => ("id" in each ? each.id === id : each.key === name));
    this.leftOut ??= await whatIsLeftOut(shown.filter(isWanted), api);
    const whole = new Set(shown.filter((each) => isWhole(each, this.leftOut ?? [])));
    for (const each of shown) {
      if (each.id === undefined) continue;
      const entry = { shown: whole.has(each) ? each : undefined, at };
      this.byId.set(each.id, entry);
      this.byKey.set(each.name, entry);
    }
    return shown.length === 0 || whole.size > 0 || this.leftOut === undefined;
  }
}

/** What objects leave out because it is empty, once one is met in part. */
async function whatIsLeftOut(asked: readonly Shown[], api: KindApi): Promise<readonly string[] | undefined> {
  const isNeeded = asked.some(({ lacks }) => lacks.length > 0);
  return isNeeded ? leftOutByItself(asked, api) : undefined;
}
