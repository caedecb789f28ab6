/** The topics and targets that an organisation has, by their ids and by their names. */
import { z } from "zod";
import { aList, anId, aText, inShape, malformed } from "../genesys/body.js";
import type { GenesysClient } from "../genesys/client.js";
import { everyEntity } from "../genesys/pages.js";
import type { StepBudget } from "../genesys/retry.js";
import { didYouMean, nearest } from "../nearest.js";
import { inQuotes } from "../printable.js";
import { unlessMissing } from "../step.js";

/** What a source refers to. */
export type Word = "topic" | "target";

/** A topic or target. */
export interface Described {
  id: string;
  /** Empty where it has none. */
  name: string;
  status: string;
  /** Of a topic, where the platform tells it. */
  eventType?: string;
  /** Of a target that does not take every event. */
  eventTypes?: string[];
}

/** A topic or target as its list shows it. */
export interface Listed {
  id: string;
  /** Empty where it is not shown. */
  name: string;
  /** Absent where the list shows it in part. */
  whole?: Described;
}

/** The one that is meant: by its id or by its exact name. */
export type Wanted = { id: string } | { name: string };

/** As many ids of one name as a message shows. */
const MOST_NAMED = 5;

const listOf = (word: Word): string => `/api/v2/eventbridge/${word}s`;

const SHAPE = {
  topic: z.object({ name: aText, status: aText, event_type: aText }),
  target: z.object({ name: aText, status: aText, event_types: aList(z.string()) }),
} as const;

type Wire = { name?: string; status?: string; event_type?: string; event_types?: string[] };

/** Those that the list shows with an id, each once. One call a page. @throws GenesysError */
export async function everyListed(word: Word, client: GenesysClient, budget: StepBudget): Promise<Listed[]> {
  const found = new Map<string, Listed>();
  const list = everyEntity<Record<string, unknown>>(client, listOf(word), {}, budget);
  for await (const entity of list) {
    const id = anId.safeParse(entity[`${word}_id`]).data;
    if (id === undefined) continue;
    const name = typeof entity.name === "string" ? entity.name : "";
    const wire: Wire | undefined = SHAPE[word].safeParse(entity).data;
    const isWhole = wire?.status !== undefined;
    found.set(id, { id, name, ...(isWhole ? { whole: describedBy(id, wire) } : {}) });
  }
  return [...found.values()];
}

/**
 * One of them. What the list shows in part, and what is asked for by its id, takes a call of its own.
 *
 * @param list reads the list, where it is needed.
 * @throws Error when none is the one that is meant, or several have the name.
 * @throws GenesysError
 */
export async function describe(
  word: Word,
  wanted: Wanted,
  { client, budget, list }: { client: GenesysClient; budget: StepBudget; list(): Promise<readonly Listed[]> },
): Promise<Described> {
  const listed: Pick<Listed, "id" | "whole"> =
    "name" in wanted ? theOneNamed(word, wanted.name, await list()) : wanted;
  const { id, whole } = listed;
  if (whole !== undefined) return whole;
  const request = { method: "GET", path: `${listOf(word)}/{id}`, pathParams: { id } } as const;
  const answer = await unlessMissing(client.send(request, budget));
  if (answer !== undefined) {
    const wire = inShape(SHAPE[word], answer.body, request);
    if (wire.status === undefined) throw malformed(request, `the answer is no ${word}`);
    return describedBy(id, wire);
  }
  const ids = (await list()).map((each) => each.id);
  throw new Error(`there is no ${word} with the id ${inQuotes(id)}${didYouMean(id, ids)}`);
}

/** The only one that has a name. @throws Error */
function theOneNamed(word: Word, name: string, all: readonly Listed[]): Listed {
  const named = all.filter((each) => each.name === name);
  const [only, ...others] = named;
  if (only === undefined) throw new Error(noneNamed(word, name, all));
  if (others.length === 0) return only;
  const ids = named.slice(0, MOST_NAMED).map((each) => inQuotes(each.id));
  const more = named.length > MOST_NAMED ? ` and ${named.length - MOST_NAMED} more` : "";
  throw new Error(
    `${named.length} ${word}s have the name ${inQuotes(name)}, with the ids ${ids.join(", ")}${more}: give the id of the one that is meant`,
  );
}

function noneNamed(word: Word, name: string, all: readonly Listed[]): string {
  const names = all.map((each) => each.name).filter((each) => each !== "");
  if (names.length === 0 && all.length > 0)
    return `the organisation shows no names of its ${word}s: give the id of the one that is meant`;
  const near = nearest(name, names);
  const meant = all.find((each) => each.name === near);
  const hint =
    meant === undefined ? "" : ` (did you mean ${inQuotes(meant.name)}, with the id ${inQuotes(meant.id)}?)`;
  return `there is no ${word} of the name ${inQuotes(name)}${hint}`;
}

const describedBy = (id: string, { name, status, ...more }: Wire): Described => ({
  id,
  name: name ?? "",
  status: status ?? "",
  ...(more.event_type === undefined ? {} : { eventType: more.event_type }),
  ...(more.event_types === undefined ? {} : { eventTypes: more.event_types }),
});
