import { z } from "zod";
import { anId, inShape } from "../genesys/body.js";
import type { GenesysClient, Request } from "../genesys/client.js";
import { GenesysError } from "../genesys/errors.js";
import { everyEntity, everyPage } from "../genesys/pages.js";
import type { StepBudget } from "../genesys/retry.js";
import { unlessMissing } from "../step.js";
import { inProgramWords } from "./complaint.js";
import { sourceIn, type WireBody, type WireSource } from "./wire.js";

const LIST = "/api/v2/eventbridge/sources";
/** The path of one source; its parameter is `sourceId`. */
export const ONE = "/api/v2/eventbridge/sources/{sourceId}";

/** What the API makes of a change: the source itself, or a job that will see to it. */
export type Accepted = { source: WireSource } | { jobId: string; sourceId?: string };

/** Sources that this process has deleted, or wanted to and found gone: a list that lags behind may still show them. */
const deleted = new WeakMap<GenesysClient, Set<string>>();

/** The calls that the handler makes, each one request; their errors are `GenesysError`s. */
export const sourceApi = (client: GenesysClient, budget: StepBudget) => ({
  async get(sourceId: string): Promise<WireSource> {
    const answer = await client.send({ method: "GET", path: ONE, pathParams: { sourceId } }, budget);
    const source = sourceIn(answer.body, { method: "GET", path: ONE });
    if (source.name !== undefined || source.event_topic_id !== undefined) return source;
    throw malformed("GET", ONE, answer.status, "the answer is no source");
  },

  /** The source that bears exactly this name; a server may ignore the filter, so the names are compared here. */
  async findByName(name: string): Promise<WireSource | undefined> {
    for await (const source of this.bearers(name)) return source;
    return undefined;
  },

  /** As `findByName`, read itself: a list that lags behind may show what is there no more, beside what is. */
  async findLive(name: string): Promise<WireSource | undefined> {
    for await (const { source_id: id } of this.bearers(name)) {
      const source = id === undefined ? undefined : await unlessMissing(this.get(id));
      if (source !== undefined) return source;
    }
    return undefined;
  },

  /** Every source that a list shows under this name, but for those that this process has deleted. */
  async *bearers(name: string): AsyncGenerator<WireSource> {
    for await (const entity of everyEntity<WireSource>(client, LIST, { name }, budget)) {
      // What others have there is nobody's business here, in whatever shape it is.
      if (entity.name !== name) continue;
      const source = sourceIn(entity, { method: "GET", path: LIST });
      if (!deleted.get(client)?.has(source.source_id ?? "")) yield source;
    }
  },

  /**
   * Every source, page after page, and how many there are in all where the server tells. But for their ids they are as
   * the list shows them: what cannot be understood is of one of them alone.
   */
  async *pages(): AsyncGenerator<{ sources: WireSource[]; total?: number }> {
    for await (const { entities = [], total } of everyPage<WireSource>(client, LIST, {}, budget))
      yield { sources: entities.map(withTextId), total };
  },

  /** @throws GenesysError `answer.malformed` where the answer bears neither a job nor an id: it is as good as lost. */
  async create(body: WireBody): Promise<{ jobId: string; sourceId?: string } | { sourceId: string }> {
    const accepted = await change(client, budget, { method: "POST", path: LIST, body });
    if ("jobId" in accepted) return accepted;
    const sourceId = accepted.source.source_id;
    if (typeof sourceId === "string") return { sourceId };
    throw malformed("POST", LIST, 200, "the answer bears neither a job nor the id of a source");
  },

  replace: (sourceId: string, body: WireBody & { version?: number }) =>
    change(client, budget, { method: "PUT", path: ONE, pathParams: { sourceId }, body }),

  /** @returns `undefined` where it is gone already. */
  async remove(sourceId: string): Promise<Accepted | undefined> {
    return unlessMissing(change(client, budget, { method: "DELETE", path: ONE, pathParams: { sourceId } }));
  },

  /** A source is gone, or its deletion has gone through: it is not found by its name any more. */
  noteDeleted(sourceId: string): void {
    deleted.set(client, (deleted.get(client) ?? new Set()).add(sourceId));
  },
});

const malformed = (method: string, path: string, status: number, message: string): GenesysError =>
  new GenesysError({ method, path, status, code: "answer.malformed", message });

/** What a list shows of a source, its id brought into the form that ids have; none where it is no id. */
function withTextId(source: WireSource): WireSource {
  const { source_id, ...rest } = source;
  const id = anId.safeParse(source_id).data;
  return id === undefined ? rest : { ...rest, source_id: id };
}

/** The calls on sources, within one step's budget. */
export type SourceApi = ReturnType<typeof sourceApi>;

const ACCEPTED = z.object({ job_id: anId, source_id: anId });

async function change(client: GenesysClient, budget: StepBudget, request: Request): Promise<Accepted> {
  const { body } = await client
    .send(request, budget)
    .catch((error: unknown) => Promise.reject(inProgramWords(error, request.method)));
  const { job_id: jobId, source_id: sourceId } = inShape(ACCEPTED, body, request);
  if (jobId !== undefined) return { jobId, ...(sourceId === undefined ? {} : { sourceId }) };
  // Of what was posted the id is enough, and of what was deleted nothing is left to look at.
  if (request.method === "PUT") return { source: sourceIn(body, request) };
  return { source: sourceId === undefined ? {} : { source_id: sourceId } };
}
