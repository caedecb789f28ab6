import { mapLimit } from "async";
import type { SourceApi } from "../eventBridgeSource/api.js";
import type { WireSource } from "../eventBridgeSource/wire.js";
import { inQuotes } from "../printable.js";
import { unlessMissing } from "../step.js";
import { byNameThenId, nameOf } from "./order.js";
import { patternOf } from "./pattern.js";

/** Which sources of the organisation are meant. */
export interface Wanted {
  ids: readonly string[];
  /** Exact names, or patterns of the shell: `*`, `?`, `[ab]`, `{a,b}`. */
  names: readonly string[];
  all: boolean;
}

/** What was found. */
export interface Found {
  /** Each once, by name, then by id: the order of a list is not the same from one day to the next. */
  sources: WireSource[];
  /** What nothing answers to, in words. */
  missing: string[];
  /** The list kept changing while it was read: some that are there may not be among them. */
  uncertain: boolean;
}

/** Told while a list is being read. @param total how many there are, where the server tells. */
export type Progress = (seen: number, total: number | undefined) => void;

/** Requests for single sources that are under way at once; the rate limit paces them beyond that. */
const AT_ONCE = 8;
/** How often a list is read that changes meanwhile. */
const ATTEMPTS = 3;

/**
 * Finds sources with as few calls as it takes: pages of the list for patterns and for all, one page for a name, one
 * call for an id.
 */
export async function findSources(api: SourceApi, wanted: Wanted, progress: Progress): Promise<Found> {
  const patterns = new Map<string, Matches>();
  for (const name of wanted.names) {
    const matches = patternOf(name);
    if (matches !== undefined) patterns.set(name, matches);
  }
  const found = new Map<string, WireSource>();
  const missing: string[] = [];
  let uncertain = false;
  const add = (source: WireSource) => void found.set(String(source.source_id), source);
  const addOr = (source: WireSource | undefined, what: string) => {
    if (source === undefined) missing.push(what);
    else add(source);
  };

  if (wanted.all || patterns.size > 0) {
    const list = await listSources(api, progress);
    uncertain = !list.steady;
    if (wanted.all) list.sources.forEach(add);
    for (const [pattern, matches] of patterns) {
      const named = namedBy(pattern, matches, list.sources);
      named.forEach(add);
      if (named.length === 0) missing.push(`no source whose name matches ${JSON.stringify(pattern)}`);
    }
  }
  for (const name of wanted.names.filter((each) => !patterns.has(each)))
    addOr(await firstNamed(name, api), `no source of the name ${inQuotes(name)}`);
  const ids = [...new Set(wanted.ids)];
  const byId = await mapLimit(ids, AT_ONCE, async (id: string) => unlessMissing(api.show(id)));
  for (const [index, source] of byId.entries())
    addOr(source, `no source with the id ${JSON.stringify(ids[index])}`);
  return { sources: [...found.values()].sort(byNameThenId), missing, uncertain };
}

type Matches = (name: string) => boolean;

async function firstNamed(name: string, api: SourceApi): Promise<WireSource | undefined> {
  for await (const source of api.named(name)) return source;
  return undefined;
}

/** Those that a pattern is about. What looks like one and is the very name of a source means that source. */
function namedBy(pattern: string, matches: Matches, sources: readonly WireSource[]): WireSource[] {
  const exactly = sources.filter(({ name }) => name === pattern);
  return exactly.length > 0 ? exactly : sources.filter((source) => matches(nameOf(source)));
}

interface List {
  sources: WireSource[];
  /** Whether it was the same from its first page to its last. */
  steady: boolean;
}

/** Every source. A list that changes between two pages can hide one of them, so it is read again then. */
async function listSources(api: SourceApi, progress: Progress): Promise<List> {
  const seen = new Map<string, WireSource>();
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { sources, steady } = await readOnce(api, progress);
    if (steady) return { sources, steady };
    for (const source of sources) seen.set(String(source.source_id), source);
  }
  return { sources: [...seen.values()], steady: false };
}

async function readOnce(api: SourceApi, progress: Progress): Promise<List> {
  const found = new Map<string, WireSource>();
  const totals = new Set<number>();
  for await (const { sources, total } of api.pages()) {
    if (total !== undefined) totals.add(total);
    for (const source of sources) if (source.source_id !== undefined) found.set(source.source_id, source);
    progress(found.size, total);
  }
  const [total = found.size, ...others] = totals;
  return { sources: [...found.values()], steady: others.length === 0 && total === found.size };
}
