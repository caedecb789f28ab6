/** Looks up the topic and the targets that a source refers to, each once a process, and says what is wrong with them. */
import { z } from "zod";
import { aList, anId, inShape } from "../genesys/body.js";
import type { GenesysClient } from "../genesys/client.js";
import { isNotFound } from "../genesys/errors.js";
import { getPage } from "../genesys/pages.js";
import type { StepBudget } from "../genesys/retry.js";
import { didYouMean } from "../nearest.js";
import type { Problem } from "../resourceHandler.js";
import { isUnknown } from "../unknown.js";
import type { SourceFields } from "./model.js";

const TOPIC = z.object({ status: z.string(), event_type: z.string().nullish() });
const TARGET = z.object({ status: z.string(), event_types: aList(z.string()) });

type WireTopic = z.output<typeof TOPIC>;
type WireTarget = z.output<typeof TARGET>;

/**
 * How many objects are asked for one by one before the rest of the list is fetched at once. Checks run one
 * after the other, so this bounds the round trips of a run, however many sources it has.
 */
const ONE_BY_ONE = 3;
/** Lists longer than this are not fetched whole: 1,000 objects, 40 of the 300 calls a minute. */
const MOST_PAGES = 40;

/** Looks objects of one kind up, each at most once in the life of the process. */
class Directory<Entity extends { status: string }> {
  private readonly found = new Map<string, Entity | undefined>();
  private firstPage: Promise<number> | undefined;
  private otherPages: Promise<unknown> | undefined;
  private asked = 0;

  constructor(
    private readonly client: GenesysClient,
    private readonly path: string,
    private readonly idKey: string,
    private readonly shape: z.ZodType<Entity>,
  ) {}

  /** @returns `undefined` when there is no such object. */
  async get(id: string, budget: StepBudget): Promise<Entity | undefined> {
    this.firstPage ??= this.fetchPage(1, budget);
    const pageCount = await this.firstPage;
    if (!this.found.has(id) && this.asked >= ONE_BY_ONE && pageCount <= MOST_PAGES) {
      this.otherPages ??= Promise.all(
        Array.from({ length: pageCount - 1 }, (_, index) => this.fetchPage(index + 2, budget)),
      );
      await this.otherPages;
    }
    // A list can lag behind: only the object's own address says for sure that it does not exist.
    if (!this.found.has(id)) this.found.set(id, await this.fetchOne(id, budget));
    return this.found.get(id);
  }

  /** Ids that are known to exist, for "did you mean". */
  ids(): string[] {
    return [...this.found].filter(([, entity]) => entity !== undefined).map(([id]) => id);
  }

  /** @returns how many pages the list has, as far as the server tells. */
  private async fetchPage(pageNumber: number, budget: StepBudget): Promise<number> {
    const page = await getPage<Record<string, unknown>>(this.client, this.path, {}, pageNumber, budget);
    for (const entity of page.entities ?? []) {
      const [id, read] = [anId.safeParse(entity[this.idKey]), this.shape.safeParse(entity)];
      // What a list shows in part, or in another shape, is asked for by itself where it is needed.
      if (id.data !== undefined && read.success) this.found.set(id.data, read.data);
    }
    return page.pageCount ?? 1;
  }

  private async fetchOne(id: string, budget: StepBudget): Promise<Entity | undefined> {
    this.asked += 1;
    const request = { method: "GET", path: `${this.path}/{id}`, pathParams: { id } } as const;
    try {
      const { body } = await this.client.send(request, budget);
      return inShape(this.shape, body, request);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }
}

interface Directories {
  topics: Directory<WireTopic>;
  targets: Directory<WireTarget>;
}

const directories = new WeakMap<GenesysClient, Directories>();

function directoriesOf(client: GenesysClient): Directories {
  let both = directories.get(client);
  if (both === undefined) {
    both = {
      topics: new Directory(client, "/api/v2/eventbridge/topics", "topic_id", TOPIC),
      targets: new Directory(client, "/api/v2/eventbridge/targets", "target_id", TARGET),
    };
    directories.set(client, both);
  }
  return both;
}

/** Whether inputs refer to another topic or other targets than before, and so have to be looked up. */
export function refersElsewhere(olds: Partial<SourceFields> | undefined, news: SourceFields): boolean {
  const ids = (fields: Partial<SourceFields>) =>
    JSON.stringify([fields.eventTopicId, targetIds(fields.targets).toSorted()]);
  return olds?.eventTopicId === undefined || ids(olds) !== ids(news);
}

/** What a source refers to; the targets in the order in which the program wrote them, which problems name. */
interface References {
  eventTopicId: string;
  targets: { targetId: string }[];
}

/**
 * Whether the topic and the targets exist, are active and go together. Unknown ones are taken on trust: the
 * API checks them when they are known.
 */
export async function checkReferences(
  client: GenesysClient,
  inputs: References,
  budget: StepBudget,
): Promise<Problem[]> {
  const { topics, targets } = directoriesOf(client);
  const topicKnown = !isUnknown(inputs.eventTopicId);
  const topic = topicKnown ? topics.get(inputs.eventTopicId, budget) : Promise.resolve(undefined);
  const found: Promise<[string, WireTarget | undefined]>[] = [];
  for (const id of targetIds(inputs.targets))
    found.push(targets.get(id, budget).then((target) => [id, target]));
  const [theTopic, theTargets] = await Promise.all([topic, Promise.all(found)]);
  const positions = new Map(
    Array.isArray(inputs.targets) ? inputs.targets.map((target, index) => [target.targetId, index]) : [],
  );
  const known = { topic: theTopic, ids: targets.ids() };
  return [
    ...(topicKnown ? topicProblems(inputs.eventTopicId, theTopic, topics.ids()) : []),
    ...theTargets.flatMap(([id, target]) =>
      targetProblems(`targets[${positions.get(id)}].targetId`, id, target, known),
    ),
  ];
}

function topicProblems(id: string, topic: WireTopic | undefined, ids: string[]): Problem[] {
  const path = "eventTopicId";
  if (topic === undefined)
    return [
      {
        path,
        reason: `this topic does not exist in the organisation${didYouMean(id, ids)}: use the id of an active topic`,
      },
    ];
  if (topic.status !== "active")
    return [{ path, reason: `this topic is ${topic.status}: only an active topic sends events` }];
  return [];
}

function targetProblems(
  path: string,
  id: string,
  target: WireTarget | undefined,
  known: { topic: WireTopic | undefined; ids: string[] },
): Problem[] {
  if (target === undefined)
    return [
      {
        path,
        reason: `this target does not exist in the organisation${didYouMean(id, known.ids)}: use the id of an active target`,
      },
    ];
  if (target.status !== "active")
    return [{ path, reason: `this target is ${target.status}: only an active target takes events` }];
  const type = known.topic?.event_type ?? undefined;
  const taken = target.event_types ?? undefined;
  if (type !== undefined && taken !== undefined && !taken.includes(type))
    return [
      {
        path,
        reason: `this target does not take the topic's events (${type}); it takes ${taken.join(", ") || "none"}`,
      },
    ];
  return [];
}

/** The known ids among the targets; the list itself, or one of its entries, can be unknown. */
function targetIds(targets: References["targets"] | undefined): string[] {
  if (!Array.isArray(targets)) return [];
  return targets.map((target) => target.targetId).filter((id) => typeof id === "string" && !isUnknown(id));
}
