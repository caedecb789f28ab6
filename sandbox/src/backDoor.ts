/** Changes objects as another's hand would, for tests. */
import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import type { Source } from "./model.js";
import { badRequest, notFound, objectIn } from "./platformError.js";
import type { World } from "./world.js";

interface ById {
  Params: { id: string };
}

/** Changes objects as if by another's hand: nothing is checked, and the change shows at once. */
export function backDoorRoutes(app: FastifyInstance, world: World, root: string): void {
  sourceBackDoor(app, world, `${root}/sources`);
  const active = { status: "active" };
  listBackDoor(app, world, `${root}/topics`, { list: "topics", idKey: "topic_id", usual: active });
  listBackDoor(app, world, `${root}/targets`, { list: "targets", idKey: "target_id", usual: active });
  for (const list of ["availableTopics", "integrationTypes"] as const) {
    listBackDoor(app, world, `${root}/${list}`, { list, idKey: "id", usual: {} });
  }

  app.delete<ById>(`${root}/jobs/:id`, async ({ params }, reply) => {
    removeFrom(world.organisation.state.jobs, "job", params.id, ({ job_id }) => job_id);
    await world.save();
    return reply.code(204).send();
  });
}

function sourceBackDoor(app: FastifyInstance, world: World, path: string): void {
  const { organisation } = world;

  app.post(path, async ({ body }, reply) => {
    const date = new Date(world.now()).toISOString();
    const source: Source = {
      source_id: randomUUID(),
      name: "made-by-hand",
      description: "",
      source_type: "eventbridge",
      event_topic_id: "topic-conversation-start",
      filters: [],
      targets: [{ target_id: "target-crm", priority: 1 }],
      status: "active",
      webhook_url: null,
      version: 1,
      date_created: date,
      date_modified: date,
      ...objectIn(body),
    };
    organisation.state.sources.push({ source, made_at: 0 });
    await world.save();
    return reply.code(201).send(source);
  });

  app.patch<ById & { Querystring: { keepVersion?: string } }>(
    `${path}/:id`,
    async ({ params, query, body }) => {
      const stored = organisation.source(params.id);
      if (!stored) throw notFound("source", params.id);
      const { source } = stored;
      organisation.noteChange(stored, world.now());
      if (query.keepVersion !== "1") {
        source.version += 1;
        source.date_modified = new Date(world.now()).toISOString();
      }
      Object.assign(source, objectIn(body));
      await world.save();
      return source;
    },
  );

  app.delete<ById>(`${path}/:id`, async ({ params }, reply) => {
    removeFrom(organisation.state.sources, "source", params.id, ({ source }) => source.source_id);
    await world.save();
    return reply.code(204).send();
  });
}

interface ListOfObjects {
  list: "topics" | "targets" | "availableTopics" | "integrationTypes";
  idKey: string;
  /** What an added object has unless it is told otherwise. */
  usual: object;
}

/** Objects that the API only reads. */
function listBackDoor(app: FastifyInstance, world: World, path: string, of: ListOfObjects): void {
  const { list, idKey, usual } = of;
  const entityName = list.slice(0, -1);
  const entries = () => world.organisation.state[list] as object[];
  const idOf = (entry: object) => String((entry as Record<string, unknown>)[idKey]);

  app.post(path, async ({ body }, reply) => {
    const entry: object = { ...usual, ...objectIn(body) };
    if (!(idKey in entry)) throw badRequest(`The field '${idKey}' is required.`);
    entries().push(entry);
    await world.save();
    return reply.code(201).send(entry);
  });

  app.patch<ById>(`${path}/:id`, async ({ params, body }) => {
    const entry = entries().find((candidate) => idOf(candidate) === params.id);
    if (!entry) throw notFound(entityName, params.id);
    Object.assign(entry, objectIn(body));
    await world.save();
    return entry;
  });

  app.delete<ById>(`${path}/:id`, async ({ params }, reply) => {
    removeFrom(entries(), entityName, params.id, idOf);
    await world.save();
    return reply.code(204).send();
  });
}

/** Takes an object out of a list. */
export function removeFrom<T>(list: T[], entityName: string, id: string, idOf: (entry: T) => string): void {
  const index = list.findIndex((entry) => idOf(entry) === id);
  if (index < 0) throw notFound(entityName, id);
  list.splice(index, 1);
}
