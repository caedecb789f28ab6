/**
 * GitHub, GitLab and Azure DevOps, as far as comments and issues go: one server, three ways to speak to it, as these pages
 * describe them. Whatever they do not describe is answered with 404, and every call without the token with 401.
 *
 * - https://docs.github.com/en/rest/issues/comments, /rest/issues/issues and /rest/pulls/pulls
 * - https://docs.gitlab.com/api/notes/, /api/issues/ and /api/users/
 * - https://learn.microsoft.com/en-us/rest/api/azure/devops/git/pull-request-threads, …/wit/work-items, …/wit/wiql,
 *   …/wit/comments and …/wit/work-item-type-states
 */
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** Who wrote something: the account of the job, or a person. */
type Author = "job" | "person";

export interface Issue {
  id: number;
  title: string;
  body: string;
  label: string;
  isOpen: boolean;
  comments: string[];
}

/** One platform's repository, with one change that waits for a review. */
export interface Platform {
  name: "github" | "gitlab" | "azure";
  /** What a runner of it sets, the token included. */
  environment: Record<string, string>;
  /** The comments of the change. */
  comments: { id: number; body: string; author: Author }[];
  issues: Issue[];
  /** What it was asked, such as `POST /repos/o/r/issues`. */
  calls: string[];
}

/** The number of the change on each platform. */
const CHANGE = 7;
const TOKEN = "planted-platform-token";
/** The last commit of the change, as a workflow behind a fork's run is told of it. */
export const FORK_HEAD = { sha: "f00dfeed", branch: "patch-1", owner: "stranger" };

interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  // biome-ignore lint/suspicious/noExplicitAny: each platform has bodies of its own.
  body: any;
  headers: IncomingHttpHeaders;
}
interface Answer {
  status?: number;
  json?: unknown;
  headers?: Record<string, string>;
}
type Handler = (call: Call) => Answer | undefined;

/** Starts all three, for the running test. */
export async function startPlatforms(): Promise<Platform[]> {
  const platforms = await Promise.all([
    start("github", github, (url) => ({
      GITHUB_ACTIONS: "true",
      GITHUB_API_URL: url,
      GITHUB_REPOSITORY: "o/r",
      GITHUB_TOKEN: TOKEN,
    })),
    start("gitlab", gitlab, (url) => ({
      GITLAB_CI: "true",
      CI_API_V4_URL: `${url}/api/v4`,
      CI_PROJECT_ID: "5",
      CI_MERGE_REQUEST_IID: String(CHANGE),
      GITLAB_TOKEN: TOKEN,
    })),
    start("azure", azure, (url) => ({
      TF_BUILD: "True",
      SYSTEM_COLLECTIONURI: `${url}/o/`,
      SYSTEM_TEAMPROJECT: "My project",
      BUILD_REPOSITORY_ID: "r-1",
      SYSTEM_PULLREQUEST_PULLREQUESTID: String(CHANGE),
      SYSTEM_ACCESSTOKEN: TOKEN,
    })),
  ]);
  return platforms;
}

async function start(
  name: Platform["name"],
  speak: (platform: Platform) => Handler,
  environmentAt: (url: string) => Record<string, string>,
): Promise<Platform> {
  const platform: Platform = { name, environment: {}, comments: [], issues: [], calls: [] };
  const handle = speak(platform);
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request.setEncoding("utf8")) text += chunk;
    const { pathname, searchParams } = new URL(request.url ?? "", "http://platform");
    const { method = "", headers } = request;
    const path = decodeURIComponent(pathname);
    platform.calls.push(`${method} ${path}`);
    const isKnown = headers.authorization === `Bearer ${TOKEN}` || headers["private-token"] === TOKEN;
    const call = { method, path, query: searchParams, body: text === "" ? {} : JSON.parse(text), headers };
    const answer = isKnown ? (handle(call) ?? { status: 404 }) : { status: 401 };
    response.writeHead(answer.status ?? 200, { "content-type": "application/json", ...answer.headers });
    response.end(answer.json === undefined ? "" : JSON.stringify(answer.json));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  platform.environment = environmentAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return platform;
}

/** Routes such as `GET /issues/:id`; what stands behind a colon is handed over. */
function routes(all: Record<string, (call: Call, ...found: string[]) => Answer>): Handler {
  const compiled = Object.entries(all).map(([route, answer]) => {
    const [method = "", path = ""] = route.split(/ (.*)/);
    const escaped = path.replaceAll(/[$.]/g, "\\$&").replaceAll(/:\w+/g, "([^/]+)");
    return { method, pattern: new RegExp(`^${escaped}$`), answer };
  });
  return (call) => {
    for (const { method, pattern, answer } of compiled) {
      const found = method === call.method ? pattern.exec(call.path) : null;
      if (found !== null) return answer(call, ...found.slice(1));
    }
    return undefined;
  };
}

const newId = (all: readonly { id: number }[]): number => Math.max(100, ...all.map(({ id }) => id)) + 1;
const byId = <Each extends { id: number }>(all: readonly Each[], id: string): Each => {
  const found = all.find((each) => each.id === Number(id));
  if (found === undefined) throw new Error(`there is no ${id}`);
  return found;
};

function add(platform: Platform, body: string): Answer {
  if (typeof body !== "string" || body === "") return { status: 422 };
  const comment = { id: newId(platform.comments), body, author: "job" as const };
  platform.comments.push(comment);
  return { status: 201, json: { id: comment.id, body } };
}

function edit(platform: Platform, id: string, body: string): Answer {
  byId(platform.comments, id).body = body;
  return { json: { id: Number(id), body } };
}

function open(platform: Platform, issue: Pick<Issue, "title" | "body" | "label">): Answer {
  const id = newId(platform.issues);
  platform.issues.push({ ...issue, id, isOpen: true, comments: [] });
  return { status: 201, json: { id, number: id, iid: id } };
}

const openOf = ({ issues }: Platform, label: string | null) =>
  issues.filter((issue) => issue.isOpen && issue.label === label);

/** A page of a list, as `page` and `per_page` ask for it. */
function pageOf<Each>(all: readonly Each[], query: URLSearchParams) {
  const size = Number(query.get("per_page") ?? 20);
  const page = Number(query.get("page") ?? 1);
  return {
    json: all.slice((page - 1) * size, page * size),
    next: page * size < all.length ? page + 1 : undefined,
  };
}

const github = (platform: Platform): Handler =>
  routes({
    [`GET /repos/o/r/issues/${CHANGE}/comments`]: ({ query }) => {
      const { json, next } = pageOf(platform.comments, query);
      const link: Record<string, string> =
        next === undefined ? {} : { link: `<https://api.github.com/x?page=${next}>; rel="next"` };
      const user = (author: Author) => ({ type: author === "job" ? "Bot" : "User" });
      return {
        json: json.map(({ author, ...comment }) => ({ ...comment, user: user(author) })),
        headers: link,
      };
    },
    [`POST /repos/o/r/issues/${CHANGE}/comments`]: ({ body }) => add(platform, body.body),
    "PATCH /repos/o/r/issues/comments/:id": ({ body }, id = "") => edit(platform, id, body.body),
    "GET /repos/o/r/pulls": ({ query }) => ({
      json:
        query.get("head") === `${FORK_HEAD.owner}:${FORK_HEAD.branch}`
          ? [
              { number: 6, head: { sha: "older" } },
              { number: CHANGE, head: { sha: FORK_HEAD.sha } },
            ]
          : [],
    }),
    "GET /repos/o/r/issues": ({ query }) => ({
      json: (query.get("state") === "open" ? openOf(platform, query.get("labels")) : platform.issues).map(
        ({ id }) => ({ number: id }),
      ),
    }),
    "POST /repos/o/r/issues": ({ body: { title, body, labels } }) =>
      open(platform, { title, body, label: labels[0] }),
    "POST /repos/o/r/issues/:id/comments": ({ body }, id = "") => {
      byId(platform.issues, id).comments.push(body.body);
      return { status: 201, json: {} };
    },
    "PATCH /repos/o/r/issues/:id": ({ body }, id = "") => {
      byId(platform.issues, id).isOpen = body.state !== "closed";
      return { json: {} };
    },
  });

const gitlab = (platform: Platform): Handler => {
  const notes = `/api/v4/projects/5/merge_requests/${CHANGE}/notes`;
  return routes({
    "GET /api/v4/user": () => ({ json: { id: 42 } }),
    [`GET ${notes}`]: ({ query }) => {
      const { json, next } = pageOf(platform.comments, query);
      const id = (author: Author) => (author === "job" ? 42 : 1);
      return {
        json: json.map(({ author, ...comment }) => ({ ...comment, author: { id: id(author) } })),
        headers: { "x-next-page": String(next ?? "") },
      };
    },
    [`POST ${notes}`]: ({ body }) => add(platform, body.body),
    [`PUT ${notes}/:id`]: ({ body }, id = "") => edit(platform, id, body.body),
    "GET /api/v4/projects/5/issues": ({ query }) => ({
      json:
        query.get("state") === "opened"
          ? openOf(platform, query.get("labels")).map(({ id }) => ({ iid: id }))
          : [],
    }),
    "POST /api/v4/projects/5/issues": ({ body: { title, description, labels } }) =>
      open(platform, { title, body: description, label: labels }),
    "POST /api/v4/projects/5/issues/:id/notes": ({ body }, id = "") => {
      byId(platform.issues, id).comments.push(body.body);
      return { status: 201, json: {} };
    },
    "PUT /api/v4/projects/5/issues/:id": ({ body }, id = "") => {
      byId(platform.issues, id).isOpen = body.state_event !== "close";
      return { json: {} };
    },
  });
};

/** The states of the type Issue in the process "Basic". */
const STATES = [
  { name: "To Do", category: "Proposed" },
  { name: "Doing", category: "InProgress" },
  { name: "Done", category: "Completed" },
];

const azure = (platform: Platform): Handler => {
  const threads = `/o/My project/_apis/git/repositories/r-1/pullRequests/${CHANGE}/threads`;
  const items = "/o/My project/_apis/wit";
  const handle = routes({
    "GET /o/_apis/connectionData": () => ({ json: { authenticatedUser: { id: "job" } } }),
    [`GET ${threads}`]: () => ({
      json: {
        value: platform.comments.map(({ id, body, author }) => ({
          id,
          comments: [{ id: 1, content: body, author: { id: author } }],
        })),
      },
    }),
    [`POST ${threads}`]: ({ body }) => add(platform, body.comments[0].content),
    [`PATCH ${threads}/:thread/comments/1`]: ({ body }, thread = "") => edit(platform, thread, body.content),
    [`GET ${items}/workitemtypes/Issue/states`]: () => ({ json: { value: STATES } }),
    [`POST ${items}/wiql`]: ({ body: { query } }) => {
      const label = /\[System\.Tags\] CONTAINS '([^']*)'/.exec(query)?.[1] ?? null;
      const endings = /\[System\.State\] NOT IN \(([^)]*)\)/.exec(query)?.[1];
      const found = endings === "'Done'" ? openOf(platform, label) : platform.issues;
      return { json: { workItems: found.map(({ id }) => ({ id })) } };
    },
    [`POST ${items}/workitems/$Issue`]: ({ body }) => {
      const field = (name: string) => body.find(({ path }: { path: string }) => path === name)?.value;
      return open(platform, {
        title: field("/fields/System.Title"),
        body: field("/fields/System.Description"),
        label: field("/fields/System.Tags"),
      });
    },
    [`POST ${items}/workItems/:id/comments`]: ({ body }, id = "") => {
      byId(platform.issues, id).comments.push(body.text);
      return { json: {} };
    },
    [`PATCH ${items}/workitems/:id`]: ({ body }, id = "") => {
      byId(platform.issues, id).isOpen = body[0].value !== "Done";
      return { json: {} };
    },
  });
  return (call) => {
    const isPatch = call.headers["content-type"] === "application/json-patch+json";
    if (isPatch !== Array.isArray(call.body)) return { status: 415 };
    const needsVersion = !call.path.endsWith("/connectionData");
    return needsVersion && !call.query.has("api-version") ? { status: 400 } : handle(call);
  };
};
