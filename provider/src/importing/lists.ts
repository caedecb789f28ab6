/** Every object that a list shows, although it may change while it is read. */
import type { KindApi, Shown } from "../lifecycle/kindApi.js";
import { Round } from "../lifecycle/round.js";

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
  const round = new Round(0);
  for await (const page of api.pages()) {
    round.take(page);
    for (const each of page.shown) if (each.id !== undefined) found.set(each.id, each);
    progress(found.size, page.total);
  }
  return { shown: [...found.values()], isSteady: round.isSteady };
}
