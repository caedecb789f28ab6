/** The routes of sources. */
import type { FastifyInstance, FastifyReply } from "fastify";
import { keptForm } from "./keptForm.js";
import type { Source, SourceBody } from "./model.js";
import type { Outcome } from "./organisation.js";
import { pageOf, type Query } from "./page.js";
import { badRequest, notFound, PlatformError } from "./platformError.js";
import { apiRoot, presentListed, presentSource } from "./present.js";
import { checkReferences } from "./references.js";
import { checkedSource } from "./sourceLimits.js";
import { versionConflict } from "./versionConflict.js";
import type { World } from "./world.js";

const path = `${apiRoot}/sources`;

interface ById {
  Params: { source_id: string };
}

/** Sources: list, read, create, replace, delete. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a list of routes and the checks that they share; each of them is short
export function sourceRoutes(app: FastifyInstance, world: World): void {
  const { organisation } = world;

  app.get<{ Querystring: Query }>(path, async ({ query }) => {
    const { variants } = organisation;
    const all = organisation.listedSources();
    const named = variants.listName === "exact" && query.name !== undefined;
    const found = named ? all.filter(({ name }) => name === query.name) : all;
    return pageOf(
      found.map((source) => presentListed(source, variants)),
      path,
      query,
      variants,
    );
  });

  app.get<ById>(`${path}/:source_id`, async ({ params }) => {
    const { variants } = organisation;
    const source = organisation
      .visibleSources(variants.readDelaySeconds)
      .find(({ source_id }) => source_id === params.source_id);
    if (!source) throw notFound("source", params.source_id);
    return presentSource(source, variants);
  });

  app.post(path, async (request, reply) => {
    const body = bodyOf(request.body);
    checkReferences(body, organisation);
    refuseTakenName(body.name);
    const outcome = organisation.create(body);
    return answer(outcome, reply, organisation.variants.createAnswer === "source201" ? 201 : 200);
  });

  app.put<ById>(`${path}/:source_id`, async (request, reply) => {
    const stored = organisation.source(request.params.source_id);
    if (!stored) throw notFound("source", request.params.source_id);
    const body = bodyOf(request.body);
    checkVersion(stored.source, request.body as { version?: unknown });
    checkImmutable(stored.source, body);
    checkReferences(body, organisation);
    refuseTakenName(body.name, stored.source.source_id);
    return answer(organisation.update(stored, body), reply, 200);
  });

  app.delete<ById>(`${path}/:source_id`, async (request, reply) => {
    const stored = organisation.source(request.params.source_id);
    if (!stored) throw notFound("source", request.params.source_id);
    return answer(organisation.remove(stored), reply, 204);
  });

  function bodyOf(body: unknown): SourceBody {
    const { assumedLimits, keeps } = organisation.variants;
    return keptForm(checkedSource(body, assumedLimits), keeps);
  }

  async function answer(outcome: Outcome, reply: FastifyReply, status: number): Promise<FastifyReply> {
    const { variants } = organisation;
    // What is answered now must not show what happens during the write.
    const body =
      "job" in outcome ? accepted(outcome) : outcome.source && presentSource(outcome.source, variants);
    await world.save();
    return reply.code("job" in outcome ? 202 : status).send(body ?? undefined);
  }

  function accepted({ job }: Extract<Outcome, { job: unknown }>) {
    const early = organisation.variants.createAnswer === "jobWithSourceId";
    return { job_id: job.job_id, status: "queued", ...(early && { source_id: job.source_id }) };
  }

  function refuseTakenName(name: string, exceptId?: string): void {
    const { uniqueNames, nameConflict } = organisation.variants;
    if (!uniqueNames || !organisation.isNameTaken(name, exceptId)) return;
    throw new PlatformError(nameConflict, {
      code: "name.already.exists",
      message: `A source with the name '${name}' already exists.`,
      messageWithParams: "A {entity} with the name '{name}' already exists.",
      messageParams: { entity: "source", name },
      entityName: "source",
      details: [{ errorCode: "name.already.exists", fieldName: "name", message: "The name must be unique." }],
    });
  }

  function checkVersion(source: Source, { version }: { version?: unknown }): void {
    if (!Number.isInteger(version)) {
      throw badRequest("The field 'version' must be a whole number.", "version.required");
    }
    if (version !== source.version) {
      throw versionConflict(
        { entityName: "source", entityId: source.source_id },
        { sent: version as number, current: source.version },
        organisation.variants,
      );
    }
  }

  function checkImmutable(source: Source, body: SourceBody): void {
    if (organisation.variants.immutableFields === "ignored") return;
    for (const field of ["event_topic_id", "source_type"] as const) {
      if (body[field] !== source[field]) {
        throw badRequest(`The field '${field}' can't be changed.`, `${field}.immutable`);
      }
    }
  }
}
