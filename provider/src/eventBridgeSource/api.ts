/** The calls on sources, each one request; their errors are `GenesysError`s. */
import { z } from "zod";
import { anId, inShape, malformed } from "../genesys/body.js";
import type { GenesysClient, Request } from "../genesys/client.js";
import { GenesysError } from "../genesys/errors.js";
import { everyPage } from "../genesys/pages.js";
import type { StepBudget } from "../genesys/retry.js";
import { inProgramWords, type Wording } from "../lifecycle/complaint.js";
import { Deleted } from "../lifecycle/deleted.js";
import { type KindApi, type PostAnswer, pageShowing, type Shown } from "../lifecycle/kindApi.js";
import { unlessMissing } from "../step.js";
import { NOT_OFFERED } from "./access.js";
import type { SourceFields } from "./model.js";
import { observedFrom, sourceIn, toWire, type WireSource } from "./wire.js";

const LIST = "/api/v2/eventbridge/sources";
/** The path of one source; its parameter is `sourceId`. */
const ONE = "/api/v2/eventbridge/sources/{sourceId}";

/** `filters[0].conditions[1].operator` and `eventTopicId` for what the API calls them. */
const WORDING: Wording = {
  noun: "source",
  telling:
    /\b(event_topic_id|source_type|target_id|webhook_url|event_types?|filters|conditions|targets|priority|operator)\b/g,
  propertyOf: (field) => field.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
};

const deleted = new Deleted();

/** The calls on sources, within one step's budget. */
export function sourceApi(client: GenesysClient, budget: StepBudget): KindApi {
  return {
    // An answer may leave out what was asked for.
    get: async (sourceId) =>
      observedFrom({ ...(await showSource(client, sourceId, budget)), source_id: sourceId }),

    show: async (sourceId) => shown({ ...(await showSource(client, sourceId, budget)), source_id: sourceId }),

    async *bearers(name) {
      for await (const page of this.pages(name))
        for (const source of page.shown)
          if (!deleted.has(client, source.id ?? "")) yield await source.observe();
    },

    async *pages(name, from) {
      const query: Record<string, string> = name === undefined ? {} : { name };
      const list = everyPage<WireSource>(client, LIST, query, budget, from);
      for await (const page of list) {
        const all = (page.entities ?? []).map(shown);
        const ids = all.flatMap(({ id }) => id ?? []);
        yield pageShowing(all, ids, name, page);
      }
    },

    async create(inputs): Promise<PostAnswer> {
      // The specification creates in draft; the status asked for is brought about once the source is there.
      const body = toWire({ ...(inputs as SourceFields), status: "draft" });
      const accepted = await change(client, budget, { method: "POST", path: LIST, body });
      if ("jobId" in accepted) return accepted;
      const id = accepted.source.source_id;
      if (typeof id === "string") return { id };
      throw malformed(
        { method: "POST", path: LIST },
        "the answer bears neither a job nor the id of a source",
      );
    },

    async update(sourceId, { version }, to) {
      const body = { ...toWire(to as unknown as SourceFields), version };
      const accepted = await change(client, budget, {
        method: "PUT",
        path: ONE,
        pathParams: { sourceId },
        body,
      });
      if ("jobId" in accepted) return accepted;
      return isWhole(accepted.source) ? { observed: observedFrom(accepted.source) } : {};
    },

    async remove(sourceId) {
      const request = { method: "DELETE", path: ONE, pathParams: { sourceId } } as const;
      const accepted = await unlessMissing(change(client, budget, request));
      if (accepted === undefined) return "missing";
      return "jobId" in accepted ? { jobId: accepted.jobId } : {};
    },

    noteDeleted: (sourceId) => deleted.note(client, sourceId),
  };
}

async function showSource(client: GenesysClient, sourceId: string, budget: StepBudget): Promise<WireSource> {
  const request = { method: "GET", path: ONE, pathParams: { sourceId } } as const;
  const source = sourceIn((await client.send(request, budget)).body, request);
  // What an answer leaves out passes for empty: it has to say that it is a source, or that one.
  const isOther = source.source_id !== undefined && source.source_id.toLowerCase() !== sourceId.toLowerCase();
  if (isOther) throw malformed(request, "the answer is about another source");
  const isIt = source.event_topic_id !== undefined || source.source_id === sourceId;
  if (source.name !== undefined && isIt) return source;
  throw malformed(request, "the answer is no source");
}

/** Whether an answer is the source itself, and not just a part: what it leaves out would pass for empty. */
const isWhole = (answered: WireSource): boolean =>
  [answered.source_id, answered.name, answered.event_topic_id, answered.status, answered.targets].every(
    (each) => each !== undefined,
  );

/** What a source needs to have to be told from a mere mention of it. */
const WHOLE = [
  "name",
  "description",
  "source_type",
  "event_topic_id",
  "filters",
  "targets",
  "status",
] as const satisfies readonly (keyof WireSource)[];

function shown(source: WireSource): Shown {
  const id = anId.safeParse(source.source_id).data;
  return {
    ...(id === undefined ? {} : { id }),
    name: typeof source.name === "string" ? source.name : "",
    lacks: WHOLE.filter((key) => source[key] === undefined),
    observe: async () => observedFrom(sourceIn(source, { method: "GET", path: LIST })),
  };
}

/** What the API makes of a change: the source itself, or a job that will see to it. */
type Accepted = { source: WireSource } | { jobId: string; id?: string };

const ACCEPTED = z.object({ job_id: anId, source_id: anId });

async function change(client: GenesysClient, budget: StepBudget, request: Request): Promise<Accepted> {
  const { body } = await client
    .send(request, budget)
    .catch((error: unknown) => Promise.reject(complaintOf(error, request.method)));
  const { job_id: jobId, source_id: sourceId } = inShape(ACCEPTED, body, request);
  if (jobId !== undefined) return { jobId, ...(sourceId === undefined ? {} : { id: sourceId }) };
  // Of what was posted the id is enough, and of what was deleted nothing is left to look at.
  if (request.method === "PUT") return { source: sourceIn(body, request) };
  return { source: sourceId === undefined ? {} : { source_id: sourceId } };
}

/** An error of a change, with what to do about it. */
const complaintOf = (error: unknown, method: string): unknown =>
  method === "POST" && error instanceof GenesysError && error.status === 404
    ? error.with({
        advice: `Does a topic or target exist no more? Check eventTopicId and targets. Otherwise: ${NOT_OFFERED}`,
      })
    : inProgramWords(error, method, WORDING);
