/** The sources API: topics, targets, sources, and the jobs that make them. */
import { randomUUID } from "node:crypto";
import { pageOf } from "./page.mjs";
import { notFound, ok, problem } from "./routes.mjs";

const ROOT = "/api/v2/eventbridge";

/**
 * @param {(post: number) => number} jobMs how long the job of the n-th POST takes, in milliseconds
 * @returns {readonly import("./routes.mjs").Route[]}
 */
export function sourceRoutes(jobMs) {
  /** @type {Map<string, Record<string, any>>} */
  const sources = new Map();
  /** @type {Map<string, { job_id: string, source_id: string, endsAt: number }>} */
  const jobs = new Map();

  return [
    list("references", "topics", () => [
      { topic_id: "topic-bench", status: "active", event_type: "v2.bench.{id}" },
    ]),
    list("references", "targets", () => [{ target_id: "target-bench", status: "active" }]),
    list("list", "sources", (query) => {
      const name = query.get("name");
      return [...sources.values()].filter((source) => name === null || source.name === name).map(shown);
    }),
    {
      kind: "post",
      method: "POST",
      path: `${ROOT}/sources`,
      answer: ({ body }) => {
        if ([...sources.values()].some(({ name }) => name === body.name))
          return problem(409, "name.already.exists", `A source with the name '${body.name}' already exists.`);
        return { status: 202, body: { job_id: make(body), status: "queued" } };
      },
    },
    {
      kind: "poll",
      method: "GET",
      path: "/api/v2/asyncapi/jobs/{id}",
      answer: ({ id }) => {
        const job = jobs.get(id);
        if (!job) return notFound();
        const { job_id, source_id, endsAt } = job;
        return ok(
          Date.now() >= endsAt ? { job_id, status: "completed", source_id } : { job_id, status: "running" },
        );
      },
    },
    one("read", "GET", (source) => ok(shown(source))),
    one("put", "PUT", (source, body) => {
      if (body.version !== source.version)
        return problem(409, "version.conflict", "The version does not match the current version.");
      Object.assign(source, body, { version: source.version + 1, date_modified: new Date().toISOString() });
      return ok(shown(source));
    }),
    one("delete", "DELETE", ({ source_id }) => {
      sources.delete(source_id);
      return { status: 204 };
    }),
  ];

  /** @param {any} body */
  function make(body) {
    const [job_id, source_id] = [randomUUID(), randomUUID()];
    const date = new Date().toISOString();
    const endsAt = Date.now() + jobMs(jobs.size);
    jobs.set(job_id, { job_id, source_id, endsAt });
    sources.set(source_id, {
      ...body,
      status: "active",
      source_id,
      version: 1,
      date_created: date,
      date_modified: date,
      self_uri: `${ROOT}/sources/${source_id}`,
      endsAt,
    });
    return job_id;
  }

  /** A source is a draft until its job is over. @param {Record<string, any>} source */
  function shown({ endsAt, ...source }) {
    return Date.now() >= endsAt ? source : { ...source, status: "draft" };
  }

  /**
   * @param {string} kind
   * @param {string} name
   * @param {(query: URLSearchParams) => unknown[]} all
   * @returns {import("./routes.mjs").Route}
   */
  function list(kind, name, all) {
    const path = `${ROOT}/${name}`;
    return { kind, method: "GET", path, answer: ({ query }) => ok(pageOf(all(query), path, query)) };
  }

  /**
   * @param {string} kind
   * @param {string} method
   * @param {(source: Record<string, any>, body: any) => import("./routes.mjs").Answer} answer
   * @returns {import("./routes.mjs").Route}
   */
  function one(kind, method, answer) {
    return {
      kind,
      method,
      path: `${ROOT}/sources/{id}`,
      answer: ({ id, body }) => {
        const source = sources.get(id);
        return source ? answer(source, body) : notFound();
      },
    };
  }
}
