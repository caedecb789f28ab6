/** The routes of topics, targets and jobs. */
import type { FastifyInstance } from "fastify";
import { presentJob } from "./jobs.js";
import { pageOf, type Query } from "./page.js";
import { notFound } from "./platformError.js";
import { apiRoot, presentTarget, presentTopic } from "./present.js";
import type { World } from "./world.js";

/** Topics, targets and jobs, which the API only reads. */
export function readRoutes(app: FastifyInstance, { organisation, now }: World): void {
  const topicsPath = `${apiRoot}/topics`;
  const targetsPath = `${apiRoot}/targets`;

  app.get<{ Querystring: Query }>(topicsPath, async ({ query }) => {
    const { state, variants } = organisation;
    const topics = state.topics.map((topic) => presentTopic(topic, variants));
    return pageOf(topics, topicsPath, query, variants);
  });

  app.get<{ Params: { topic_id: string } }>(`${topicsPath}/:topic_id`, async ({ params }) => {
    const topic = organisation.state.topics.find(({ topic_id }) => topic_id === params.topic_id);
    if (!topic) throw notFound("topic", params.topic_id);
    return presentTopic(topic, organisation.variants);
  });

  app.get<{ Querystring: Query }>(targetsPath, async ({ query }) => {
    const { state, variants } = organisation;
    const targets = state.targets.map((target) => presentTarget(target, variants));
    return pageOf(targets, targetsPath, query, variants);
  });

  app.get<{ Params: { target_id: string } }>(`${targetsPath}/:target_id`, async ({ params }) => {
    const target = organisation.state.targets.find(({ target_id }) => target_id === params.target_id);
    if (!target) throw notFound("target", params.target_id);
    return presentTarget(target, organisation.variants);
  });

  app.get<{ Params: { job_id: string } }>("/api/v2/asyncapi/jobs/:job_id", async ({ params }) => {
    const job = organisation.state.jobs.find(({ job_id }) => job_id === params.job_id);
    if (!job) throw notFound("job", params.job_id);
    return presentJob(job, now(), organisation.variants);
  });
}
