/** Comments and issues on GitHub. https://docs.github.com/en/rest/issues/comments and /rest/issues/issues */
import { readFile } from "node:fs/promises";
import { asker, needed } from "./ask.mjs";

/** @returns {Promise<import("./platform.mjs").Platform>} */
export async function github() {
  const token = needed("GITHUB_TOKEN", "give the step the job's token");
  const repository = needed("GITHUB_REPOSITORY", "GitHub sets it");
  const ask = asker(
    `${process.env.GITHUB_API_URL ?? "https://api.github.com"}/repos/${repository}`,
    { authorization: `Bearer ${token}`, "x-github-api-version": "2022-11-28" },
    "The job needs the permissions pull-requests: write and issues: write.",
  );
  const ofChange = async () => `/issues/${await numberOfChange(ask)}/comments`;
  return {
    limit: 65_536,
    comments: async () =>
      (await everyPage(ask, await ofChange())).map(({ id, body, user }) => ({
        id: String(id),
        body: body ?? "",
        isOurs: user?.type === "Bot",
      })),
    addComment: async (body) => ask("POST", await ofChange(), { body }),
    editComment: (id, body) => ask("PATCH", `/issues/comments/${id}`, { body }),
    openIssue: async (label) => {
      const { json } = await ask("GET", `/issues?state=open&labels=${encodeURIComponent(label)}`);
      return json.find((/** @type {any} */ each) => !each.pull_request)?.number?.toString();
    },
    createIssue: ({ title, body, label }) => ask("POST", "/issues", { title, body, labels: [label] }),
    commentIssue: (id, body) => ask("POST", `/issues/${id}/comments`, { body }),
    closeIssue: (id) => ask("PATCH", `/issues/${id}`, { state: "closed" }),
  };
}

/**
 * The pull request that the event is about. Behind a fork's workflow GitHub names none: it is the one whose last commit
 * that workflow ran for, and nothing that the fork has written is asked.
 *
 * @param {import("./ask.mjs").Ask} ask
 */
async function numberOfChange(ask) {
  const event = JSON.parse(await readFile(needed("GITHUB_EVENT_PATH", "GitHub sets it"), "utf8"));
  if (event.pull_request) return event.pull_request.number;
  const { head_sha, head_branch, head_repository } = event.workflow_run ?? {};
  const head = encodeURIComponent(`${head_repository?.owner?.login}:${head_branch}`);
  const { json } = await ask("GET", `/pulls?state=open&head=${head}`);
  const found = json.find((/** @type {any} */ each) => each.head.sha === head_sha);
  if (found === undefined) throw new Error(`no open pull request has ${head_sha} as its last commit`);
  return found.number;
}

/** @param {import("./ask.mjs").Ask} ask @param {string} path @returns {Promise<any[]>} */
async function everyPage(ask, path) {
  const all = [];
  for (let page = 1; ; page++) {
    const { json, headers } = await ask("GET", `${path}?per_page=100&page=${page}`);
    all.push(...json);
    if (!headers.get("link")?.includes('rel="next"')) return all;
  }
}
