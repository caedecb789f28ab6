/** The topics of the platform that an integration can name: one list, in one answer, asked for once. */
import { z } from "zod";
import { aList, aText, inShape, malformed } from "../genesys/body.js";
import type { GenesysClient } from "../genesys/client.js";
import type { StepBudget } from "../genesys/retry.js";
import { didYouMean } from "../nearest.js";
import { patternOf } from "../pattern.js";
import { inQuotes } from "../printable.js";

const TOPICS = "/api/v2/notifications/availabletopics";
const LIST = z.object({
  entities: aList(z.looseObject({ id: aText, visibility: aText, transports: aList(z.string()) })),
});
/** The transport that stands for every one. */
const EVERY = "All";

/** A topic, as far as it is needed; one whose transports are not shown can be any. */
export interface Topic {
  visibility?: string;
  transports?: readonly string[];
}

/** By the id, such as `v2.users.{id}.presence`. */
export type Topics = ReadonlyMap<string, Topic>;

/** Every topic of the platform, asked for once in the life of the process. */
const known = new WeakMap<GenesysClient, Promise<Topics>>();

/** @throws GenesysError where they cannot be had; the next call asks again. */
export function topicsOf(client: GenesysClient, budget: StepBudget): Promise<Topics> {
  const topics = known.get(client) ?? ask(client, budget);
  known.set(client, topics);
  return topics.catch((error: unknown) => {
    known.delete(client);
    throw error;
  });
}

async function ask(client: GenesysClient, budget: StepBudget): Promise<Topics> {
  const request = { method: "GET", path: TOPICS, query: { expand: "transports,visibility" } } as const;
  const { body } = await client.send(request, budget);
  const { entities } = inShape(LIST, body, request);
  // No topic at all would make every one that a program names wrong.
  if (entities === undefined) throw malformed(request, "the answer is no list of topics");
  const topics = new Map<string, Topic>();
  for (const { id, visibility, transports } of entities)
    if (id !== undefined) topics.set(id, { visibility, transports });
  return topics;
}

/** Whether a transport carries a topic, as far as anybody tells. */
export const isCarriedBy = ({ transports }: Topic, transport: string): boolean =>
  transports === undefined || transports.includes(transport) || transports.includes(EVERY);

/** The platform writes `{id}` for whatever stands in the place of an id. */
export const withIds = (topic: string): string => topic.replaceAll(/\{[^{},]*\}/g, "{id}");

/**
 * The ids of the topics that a transport carries and a pattern of the shell matches, in one order.
 *
 * @param pattern default: every topic. `{userId}` says the same as `{id}`.
 * @throws Error when there is none, or no such transport.
 */
export function matchingTopics(topics: Topics, transport: string, pattern: string | undefined): string[] {
  const all = [...topics.keys()].toSorted();
  const carried = all.filter((id) => isCarriedBy(topics.get(id) as Topic, transport));
  const transports = new Set([...topics.values()].flatMap((topic) => topic.transports ?? []));
  if (transports.size > 0 && !transports.has(transport)) {
    const names = [...transports].toSorted();
    throw new Error(
      `there is no transport ${inQuotes(transport)}${didYouMean(transport, names)}: there are ${names.join(", ")}`,
    );
  }
  if (pattern === undefined) return carried;
  const spelt = withIds(pattern);
  const isMeant = patternOf(spelt) ?? ((id: string) => id === spelt);
  const found = carried.filter(isMeant);
  if (found.length > 0) return found;
  const others = all.filter(isMeant).length;
  const why =
    others === 0 ? didYouMean(spelt, carried) : `: another transport carries the ${others} that match`;
  throw new Error(`there is no topic of the transport ${transport} that matches ${inQuotes(pattern)}${why}`);
}
