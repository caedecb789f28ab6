/** Comments and issues on GitLab. https://docs.gitlab.com/api/notes/ and https://docs.gitlab.com/api/issues/ */
import { asker, needed } from "./ask.mjs";

/** @returns {Promise<import("./platform.mjs").Platform>} */
export async function gitlab() {
  const advice = "GITLAB_TOKEN is to be a project access token with the role Reporter and the scope api.";
  const token = needed("GITLAB_TOKEN", `the job's own token may not write comments. ${advice}`);
  const api = needed("CI_API_V4_URL", "GitLab sets it");
  const project = encodeURIComponent(needed("CI_PROJECT_ID", "GitLab sets it"));
  const headers = { "private-token": token };
  const ask = asker(`${api}/projects/${project}`, headers, advice);
  const ofChange = () =>
    `/merge_requests/${needed("CI_MERGE_REQUEST_IID", "the pipeline is to be one of a merge request")}/notes`;
  return {
    // 1 MiB: https://docs.gitlab.com/administration/instance_limits/
    limit: 1_000_000,
    comments: async () => {
      const { json: me } = await asker(api, headers, advice)("GET", "/user");
      return (await everyPage(ask, ofChange())).map(({ id, body, author }) => ({
        id: String(id),
        body,
        isOurs: author?.id === me.id,
      }));
    },
    addComment: async (body) => ask("POST", ofChange(), { body }),
    editComment: async (id, body) => ask("PUT", `${ofChange()}/${id}`, { body }),
    openIssue: async (label) => {
      const { json } = await ask("GET", `/issues?state=opened&labels=${encodeURIComponent(label)}`);
      return json[0]?.iid?.toString();
    },
    createIssue: ({ title, body, label }) =>
      ask("POST", "/issues", { title, description: body, labels: label }),
    commentIssue: (id, body) => ask("POST", `/issues/${id}/notes`, { body }),
    closeIssue: (id) => ask("PUT", `/issues/${id}`, { state_event: "close" }),
  };
}

/** @param {import("./ask.mjs").Ask} ask @param {string} path @returns {Promise<any[]>} */
async function everyPage(ask, path) {
  const all = [];
  for (let page = "1"; page !== ""; ) {
    const { json, headers } = await ask("GET", `${path}?per_page=100&page=${page}`);
    all.push(...json);
    page = headers.get("x-next-page") ?? "";
  }
  return all;
}
