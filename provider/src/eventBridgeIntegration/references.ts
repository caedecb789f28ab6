/** Whether the topics of an integration exist and can be sent to EventBridge. */
import { z } from "zod";
import { aList, aText, inShape } from "../genesys/body.js";
import type { GenesysClient } from "../genesys/client.js";
import type { StepBudget } from "../genesys/retry.js";
import type { Properties } from "../lifecycle/inputs.js";
import { didYouMean } from "../nearest.js";
import type { Context, Problem } from "../resourceHandler.js";
import { isUnknown } from "../unknown.js";

const TOPICS = "/api/v2/notifications/availabletopics";
const LIST = z.object({
  entities: aList(z.looseObject({ id: aText, visibility: aText, transports: aList(z.string()) })),
});
/** What carries events to EventBridge. */
const TRANSPORTS = ["EventBridge", "All"];
/** As many topics as are named that a pattern would match. */
const MOST_NAMED = 5;

/** A topic, as far as it is needed; one whose transports are not shown can be any. */
interface Topic {
  visibility?: string;
  transports?: readonly string[];
}

/** Every topic of the platform, asked for once in the life of the process. */
const known = new WeakMap<GenesysClient, Promise<ReadonlyMap<string, Topic>>>();

function topicsOf(client: GenesysClient, budget: StepBudget): Promise<ReadonlyMap<string, Topic>> {
  const topics = known.get(client) ?? ask(client, budget);
  known.set(client, topics);
  return topics.catch((error: unknown) => {
    known.delete(client);
    throw error;
  });
}

async function ask(client: GenesysClient, budget: StepBudget): Promise<ReadonlyMap<string, Topic>> {
  const request = { method: "GET", path: TOPICS, query: { expand: "transports,visibility" } } as const;
  const { body } = await client.send(request, budget);
  const topics = new Map<string, Topic>();
  for (const { id, visibility, transports } of inShape(LIST, body, request).entities ?? [])
    if (id !== undefined) topics.set(id, { visibility, transports });
  return topics;
}

/** Whether inputs name other topics than before, in whatever order. */
export function refersElsewhere(olds: Properties | undefined, news: Properties): boolean {
  const [before, after] = [namedIn(olds?.eventFilter), namedIn(news.eventFilter)];
  return after.some((topic) => !before.includes(topic));
}

const namedIn = (topics: unknown): string[] =>
  Array.isArray(topics)
    ? topics.filter((each): each is string => typeof each === "string" && !isUnknown(each))
    : [];

/** Unknown topics are taken on trust: the API checks them when they are known. */
export async function checkReferences(
  { client, log }: Context,
  { eventFilter, __urn: urn }: Properties & { __urn?: string },
  budget: StepBudget,
): Promise<Problem[]> {
  const topics = await topicsOf(client, budget);
  const problems: Problem[] = [];
  for (const [index, topic] of (Array.isArray(eventFilter) ? eventFilter : []).entries()) {
    if (typeof topic !== "string" || isUnknown(topic)) continue;
    const path = `eventFilter[${index}]`;
    const found = topics.get(topic);
    const reason = found === undefined ? whyNone(topic, [...topics.keys()]) : whyNotSent(found);
    if (reason !== undefined) problems.push({ path, reason });
    else if (found?.visibility === "Preview")
      log(urn).warn(`${path}: this topic is a preview: the platform may change it, or take it away`);
  }
  return problems;
}

function whyNotSent({ transports }: Topic): string | undefined {
  if (transports === undefined || transports.some((each) => TRANSPORTS.includes(each))) return undefined;
  return `this topic is not sent to EventBridge, but by ${transports.join(" and ")} alone: use another`;
}

/** Why there is no such topic. The topics that are named are the platform's. */
function whyNone(topic: string, ids: readonly string[]): string {
  if (topic.includes("*")) {
    const matches = ids.filter(matching(topic));
    const named = matches.slice(0, MOST_NAMED).map((id) => JSON.stringify(id));
    const more = matches.length > MOST_NAMED ? ` and ${matches.length - MOST_NAMED} more` : "";
    const which = matches.length === 0 ? "" : `: it would match ${named.join(", ")}${more}`;
    return `topics have no wildcards${which}: name each topic`;
  }
  const spelt = topic.replaceAll(/\{[^}]*\}/g, "{id}");
  const right = ids.find((id) => id.toLowerCase() === spelt.toLowerCase());
  if (right !== undefined) return `topics are spelt exactly as the platform lists them: write "${right}"`;
  return `there is no such topic${didYouMean(topic, ids)}: use an id of the platform's list of topics`;
}

function matching(pattern: string): (id: string) => boolean {
  const parts = pattern.replaceAll(/\{[^}]*\}/g, "{id}").split(/\*+/);
  return (id) => {
    let at = 0;
    for (const [index, part] of parts.entries()) {
      const found = id.indexOf(part, at);
      if (found === -1 || (index === 0 && found !== 0)) return false;
      at = found + part.length;
    }
    return parts.at(-1) === "" || id.endsWith(parts.at(-1) as string);
  };
}
