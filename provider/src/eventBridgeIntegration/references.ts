/** Whether the topics of an integration exist and can be sent to EventBridge. */
import type { StepBudget } from "../genesys/retry.js";
import type { Properties } from "../lifecycle/inputs.js";
import { didYouMean } from "../nearest.js";
import { patternOf } from "../pattern.js";
import type { Context, Problem } from "../resourceHandler.js";
import { isUnknown } from "../unknown.js";
import { isCarriedBy, type Topic, topicsOf, withIds } from "./topics.js";

/** As many topics as are named that a pattern would match. */
const MOST_NAMED = 5;

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

function whyNotSent(topic: Topic): string | undefined {
  if (isCarriedBy(topic, "EventBridge")) return undefined;
  return `this topic is not sent to EventBridge, but by ${topic.transports?.join(" and ")} alone: use another`;
}

/** Why there is no such topic. The topics that are named are the platform's. */
function whyNone(topic: string, ids: readonly string[]): string {
  if (topic.includes("*")) {
    const matches = ids.filter((id) => patternOf(withIds(topic))?.(id));
    const named = matches.slice(0, MOST_NAMED).map((id) => JSON.stringify(id));
    const more = matches.length > MOST_NAMED ? ` and ${matches.length - MOST_NAMED} more` : "";
    const which = matches.length === 0 ? "" : `: it would match ${named.join(", ")}${more}`;
    return `topics have no wildcards${which}: name each topic`;
  }
  const spelt = withIds(topic);
  const right = ids.find((id) => id.toLowerCase() === spelt.toLowerCase());
  if (right !== undefined) return `topics are spelt exactly as the platform lists them: write "${right}"`;
  return `there is no such topic${didYouMean(topic, ids)}: use an id of the platform's list of topics`;
}
