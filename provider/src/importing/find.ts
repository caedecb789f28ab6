/** Finds what is to be imported, in the lists of every kind. */
import { mapLimit } from "async";
import { GenesysError } from "../genesys/errors.js";
import type { Kind, KindStep } from "../lifecycle/kind.js";
import type { KindApi, Shown } from "../lifecycle/kindApi.js";
import { patternOf } from "../pattern.js";
import { inQuotes } from "../printable.js";
import { unlessMissing } from "../step.js";
import { nounsOf } from "./kindWords.js";
import { everyShown, type List, type Progress } from "./lists.js";
import { byNameThenId } from "./order.js";

/** Which objects of the organisation are meant. */
export interface Wanted {
  ids: readonly string[];
  /** Exact names, or patterns of the shell: `*`, `?`, `[ab]`, `{a,b}`. */
  names: readonly string[];
  all: boolean;
}

/** An object of the organisation. */
export interface FoundObject {
  kind: Kind;
  shown: Shown;
}

/** What was found. */
export interface Found {
  /** Each once, by name, then by id: the order of a list is not the same from one day to the next. */
  objects: FoundObject[];
  /** What nothing answers to, in words. */
  missing: string[];
  /** Kinds whose list kept changing while it was read: some that are there may not be among them. */
  uncertain: Kind[];
  /** Kinds that this organisation does not have: their list does not exist. */
  notOffered: Kind[];
  /** Kinds that the OAuth client may not read. What nothing answers to is not told then: it may be of one of these. */
  forbidden: Forbidden[];
}

/** A kind that the OAuth client may not read, and the answer that says so. */
export interface Forbidden {
  kind: Kind;
  error: GenesysError;
}

/** Requests for single objects that are under way at once; the rate limit paces them beyond that. */
const AT_ONCE = 8;

/**
 * Finds objects with as few calls as it takes: pages of a list for patterns, for all, and for names that several may
 * bear; one page for a name where the platform looks for names, one call a kind for an id.
 */
export async function findObjects(
  steps: readonly KindStep[],
  wanted: Wanted,
  progress: (kind: Kind) => Progress,
): Promise<Found> {
  const parts = await Promise.all(
    steps.map(({ kind, api }) => findOfKind({ kind, api }, wanted, progress(kind)).catch(orForbidden)),
  );
  const of = (which: (part: OfKind) => boolean) =>
    steps.filter((_, index) => which(parts[index] as OfKind)).map(({ kind }) => kind);
  const offered = of(({ isOffered }) => isOffered);
  const nouns = nounsOf(offered.length > 0 ? offered : steps.map(({ kind }) => kind));
  const isMet = (key: string) => parts.some(({ met }) => met.has(key));
  const missing = [
    ...wanted.names.filter((name) => !isMet(nameKey(name))).map((name) => sayNoName(name, nouns)),
    ...[...new Set(wanted.ids)]
      .filter((id) => !isMet(idKey(id)))
      .map((id) => `no ${nouns} with the id ${JSON.stringify(id)}`),
  ];
  const forbidden = steps.flatMap(({ kind }, index) => {
    const error = parts[index]?.forbidden;
    return error === undefined ? [] : [{ kind, error }];
  });
  const objects = parts.flatMap(({ objects: shown }, index) =>
    [...shown.values()].map((each) => ({ kind: (steps[index] as KindStep).kind, shown: each })),
  );
  return {
    objects: objects.sort(byNameThenId),
    missing: forbidden.length > 0 ? [] : missing,
    forbidden,
    uncertain: of(({ isSteady }) => !isSteady),
    notOffered: of(({ isOffered }) => !isOffered),
  };
}

const nameKey = (name: string): string => `name ${name}`;
const idKey = (id: string): string => `id ${id}`;

const sayNoName = (name: string, nouns: string): string =>
  patternOf(name) === undefined
    ? `no ${nouns} of the name ${inQuotes(name)}`
    : `no ${nouns} whose name matches ${JSON.stringify(name)}`;

/** What was found of one kind. */
interface OfKind {
  objects: Map<string, Shown>;
  /** Of what was wanted, what something answers to. */
  met: Set<string>;
  isSteady: boolean;
  isOffered: boolean;
  forbidden?: GenesysError;
}

const nothingOfKind = (): OfKind => ({
  objects: new Map(),
  met: new Set(),
  isSteady: true,
  isOffered: true,
});

async function findOfKind(
  { kind, api }: Pick<KindStep, "kind" | "api">,
  wanted: Wanted,
  progress: Progress,
): Promise<OfKind> {
  const found = nothingOfKind();
  const add = (key: string, shown: readonly Shown[]) => {
    if (shown.length > 0) found.met.add(key);
    for (const each of shown) found.objects.set(String(each.id), each);
  };
  // A name that is no key may be that of several, on any page.
  const isOfSeveral = (name: string) => kind.key.field !== "name" || patternOf(name) !== undefined;
  const ofSeveral = wanted.names.filter(isOfSeveral);
  if (wanted.all || ofSeveral.length > 0) {
    const list = await unlessMissing(everyShown(api, progress));
    found.isOffered = list !== undefined;
    const { shown, isSteady } = list ?? NOTHING;
    found.isSteady = isSteady;
    if (wanted.all) add("all", shown);
    for (const name of ofSeveral) add(nameKey(name), namedBy(name, shown));
  }
  const plain = found.isOffered ? wanted.names.filter((name) => !ofSeveral.includes(name)) : [];
  for (const name of plain) add(nameKey(name), await firstNamed(name, api));
  const ids = [...new Set(wanted.ids)];
  const byId = await mapLimit(ids, AT_ONCE, async (id: string) => unlessMissing(api.show(id)));
  for (const [index, shown] of byId.entries()) if (shown) add(idKey(String(ids[index])), [shown]);
  return found;
}

const NOTHING: List = { shown: [], isSteady: true };

/** What is not allowed for one kind need not keep the others out. */
const orForbidden = (error: unknown): OfKind => {
  if (!(error instanceof GenesysError) || error.status !== 403) throw error;
  return { ...nothingOfKind(), forbidden: error };
};

async function firstNamed(name: string, api: KindApi): Promise<Shown[]> {
  const first = async () => {
    for await (const { shown } of api.pages(name)) if (shown[0] !== undefined) return [shown[0]];
    return [];
  };
  return (await unlessMissing(first())) ?? [];
}

/** Those that a name or a pattern is about. What looks like one and is the very name of an object means that object. */
function namedBy(wanted: string, all: readonly Shown[]): Shown[] {
  const exactly = all.filter(({ name }) => name === wanted);
  const matches = patternOf(wanted);
  return exactly.length > 0 ? exactly : all.filter(({ name }) => matches?.(name));
}
