/** The control plane: looks into the server, sets it up and makes it misbehave, for tests. */
import type { FastifyInstance } from "fastify";
import { backDoorRoutes } from "./backDoor.js";
import { type FaultRule, faultProblem } from "./faults.js";
import { type JobOutcome, presentJob } from "./jobs.js";
import { badRequest, objectIn } from "./platformError.js";
import { apiRoot } from "./present.js";
import { integrationBackDoor, trueIntegration } from "./publicApi/backDoor.js";
import { stateOutcomeProblem } from "./publicApi/stateChange.js";
import { changeSettings } from "./settings.js";
import { defaultVariants, variantsProblem } from "./variants.js";
import type { World } from "./world.js";

/** The control plane: looks into the server, and makes it misbehave. */
export function controlRoutes(app: FastifyInstance, world: World): void {
  const root = "/__sandbox";
  const { organisation, integrations, faults, requests } = world;

  app.get(`${root}/health`, async () => ({ status: "ok" }));
  app.get(`${root}/state`, async () => wholeState(world));
  app.post<{ Querystring: { tokens?: string } }>(`${root}/reset`, async ({ query }, reply) => {
    reset(world, query.tokens === "revoke");
    await world.save();
    return reply.code(204).send();
  });

  app.get(`${root}/requests`, async () => requests.list());
  app.delete(`${root}/requests`, async (_, reply) => {
    requests.clear();
    return reply.code(204).send();
  });

  app.get(`${root}/faults`, async () => faults.list());
  app.post(`${root}/faults`, async ({ body }, reply) => {
    const rules = (Array.isArray(body) ? body : [body]) as FaultRule[];
    for (const rule of rules) refuseIf(faultProblem(rule));
    const added = rules.map((rule) => faults.add(rule));
    return reply.code(201).send(Array.isArray(body) ? added : added[0]);
  });
  app.delete(`${root}/faults`, async (_, reply) => {
    faults.clear();
    return reply.code(204).send();
  });

  app.get(`${root}/variants`, async () => organisation.variants);
  app.patch(`${root}/variants`, async ({ body }) => {
    const change = objectIn(body);
    refuseIf(variantsProblem(change));
    Object.assign(organisation.variants, change);
    return organisation.variants;
  });

  app.get(`${root}/settings`, async () => organisation.settings);
  app.patch(`${root}/settings`, async ({ body }) => {
    const changed = changeSettings(organisation.settings, objectIn(body));
    if (typeof changed === "string") throw badRequest(changed);
    organisation.settings = changed;
    return changed;
  });

  outcomeRoutes(app, `${root}/jobOutcomes`, organisation.outcomes, jobOutcomeProblem);
  outcomeRoutes(app, `${root}/stateOutcomes`, integrations.outcomes, stateOutcomeProblem);

  app.post(`${root}/tokens/revoke`, async () => {
    const revoked = world.tokens.revokeAll();
    await world.save();
    return { revoked };
  });

  backDoorRoutes(app, world, root);
  integrationBackDoor(app, world, `${root}/integrations`);
}

/** A queue of outcomes: shown, added to, emptied. */
function outcomeRoutes<Outcome extends object>(
  app: FastifyInstance,
  path: string,
  queue: Outcome[],
  problemOf: (outcome: Outcome) => string | null,
): void {
  app.get(path, async () => queue);
  app.post(path, async ({ body }, reply) => {
    const outcome = objectIn(body) as Outcome;
    refuseIf(problemOf(outcome));
    queue.push({ ...outcome });
    return reply.code(201).send(outcome);
  });
  app.delete(path, async (_, reply) => {
    queue.length = 0;
    return reply.code(204).send();
  });
}

function refuseIf(problem: string | null): void {
  if (problem) throw badRequest(problem);
}

function jobOutcomeProblem({
  times = 1,
  status,
  error,
  afterMs = 0,
  sourceMade = true,
}: JobOutcome): string | null {
  if (typeof status !== "string" || status === "") return "'status' must be a string that is not empty.";
  if (!Number.isInteger(times) || times < 1) return "'times' must be a whole number from 1.";
  if (typeof afterMs !== "number" || !(afterMs >= 0)) return "'afterMs' must be a number from 0.";
  if (typeof sourceMade !== "boolean") return "'sourceMade' must be a boolean.";
  const complete = typeof error?.code === "string" && typeof error.message === "string";
  return error === undefined || complete ? null : "'error' needs a 'code' and a 'message'.";
}

/** Everything as it truly is, whatever the variants hide. */
function wholeState(world: World): Record<string, unknown> {
  const { organisation, integrations, now } = world;
  const { topics, targets, jobs, organization, integrationTypes, availableTopics } = organisation.state;
  return {
    topics,
    targets,
    sources: organisation.visibleSources(0).map((source) => ({
      ...source,
      self_uri: `${apiRoot}/sources/${encodeURIComponent(source.source_id)}`,
    })),
    jobs: jobs.map((job) => ({
      ...presentJob(job, now(), defaultVariants()),
      source_id: job.source_id,
      kind: job.kind,
      name: job.body?.name,
    })),
    organization,
    integrations: integrations.present().map((integration) => trueIntegration(integration, world)),
    integrationTypes,
    availableTopics,
  };
}

function reset(world: World, tokensToo: boolean): void {
  const { organisation, integrations } = world;
  const tokens = tokensToo ? [] : organisation.state.tokens;
  organisation.state = { ...world.firstDay(), tokens };
  organisation.variants = defaultVariants();
  organisation.settings = world.firstSettings;
  organisation.outcomes.length = 0;
  integrations.outcomes.length = 0;
  world.faults.clear();
  world.requests.clear();
  world.limiter.clear();
}
