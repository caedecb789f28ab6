/** Every object that a list shows, although it may change while it is read. */
import type { KindApi, Shown } from "../lifecycle/kindApi.js";

/** Told while a list is being read. @param total how many there are, where the server tells. */
export type Progress = (seen: number, total: number | undefined) => void;

export interface List {
  shown: Shown[];
  /** Whether it was the same from its first page to its last. */
  isSteady: boolean;
}

/** How often a list is read that changes meanwhile. */
const ATTEMPTS = 3;

/** A list that changes between two pages can hide an object, so it is read again then. */
export async function everyShown(api: KindApi, progress: Progress): Promise<List> {
  const seen = new Map<string, Shown>();
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { shown, isSteady } = await readOnce(api, progress);
    if (isSteady) return { shown, isSteady };
    for (const each of shown) seen.set(String(each.id), each);
  }
  return { shown: [...seen.values()], isSteady: false };
}

async function readOnce(api: KindApi, progress: Progress): Promise<List> {
  const found = new Map<string, Shown>();
  const listed = new Set<string>();
  const totals = new Set<number>();
  for await (const { shown, ids, total } of api.pages()) {
    if (total !== undefined) totals.add(total);
    for (const id of ids) listed.add(id);
    for (const each of shown) if (each.id !== undefined) found.set(each.id, each);
    progress(found.size, total);
  }
  const [total = listed.size, ...others] = totals;
  return { shown: [...found.values()], isSteady: others.length === 0 && total === listed.size };
}
