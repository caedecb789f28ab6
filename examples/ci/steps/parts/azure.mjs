/**
 * Comments and work items on Azure DevOps. https://learn.microsoft.com/rest/api/azure/devops/git/pull-request-threads and
 * https://learn.microsoft.com/rest/api/azure/devops/wit
 */
import { asker, needed } from "./ask.mjs";

const STABLE = "api-version=7.1";
const PATCH = "application/json-patch+json";

/** @returns {Promise<import("./platform.mjs").Platform>} */
export async function azure() {
  const token = needed("SYSTEM_ACCESSTOKEN", "give the step $(System.AccessToken)");
  const collection = needed("SYSTEM_COLLECTIONURI", "Azure Pipelines sets it").replace(/\/$/, "");
  const project = encodeURIComponent(needed("SYSTEM_TEAMPROJECT", "Azure Pipelines sets it"));
  const type = process.env.DRIFT_WORK_ITEM_TYPE ?? "Issue";
  const ask = asker(
    collection,
    { authorization: `Bearer ${token}` },
    'The build service needs "Contribute to pull requests" on the repository, and "Edit work items in this node".',
  );
  const ofChange = () => {
    const repository = needed("BUILD_REPOSITORY_ID", "Azure Pipelines sets it");
    const change = needed("SYSTEM_PULLREQUEST_PULLREQUESTID", "the run is to be one of a pull request");
    return `/${project}/_apis/git/repositories/${repository}/pullRequests/${change}/threads`;
  };
  const items = `/${project}/_apis/wit`;
  const statesOf = async (/** @type {string} */ category) => {
    const { json } = await ask("GET", `${items}/workitemtypes/${encodeURIComponent(type)}/states?${STABLE}`);
    const those = json.value.filter((/** @type {any} */ state) => state.category === category);
    return those.map((/** @type {any} */ { name }) => name);
  };
  return {
    // Azure DevOps documents none for a comment: GitHub's is taken.
    limit: 65_536,
    comments: async () => {
      const { json: me } = await ask("GET", "/_apis/connectionData");
      const { json } = await ask("GET", `${ofChange()}?${STABLE}`);
      return json.value.flatMap((/** @type {any} */ thread) =>
        thread.comments.slice(0, 1).map((/** @type {any} */ first) => ({
          id: `${thread.id}/comments/${first.id}`,
          body: first.content ?? "",
          isOurs: first.author?.id === me.authenticatedUser.id,
        })),
      );
    },
    // A thread that is open would keep the change from being completed where comments have to be resolved.
    addComment: async (body) =>
      ask("POST", `${ofChange()}?${STABLE}`, {
        comments: [{ parentCommentId: 0, content: body, commentType: "text" }],
        status: "closed",
      }),
    editComment: async (id, body) => ask("PATCH", `${ofChange()}/${id}?${STABLE}`, { content: body }),
    openIssue: async (label) => {
      const ended = [...(await statesOf("Completed")), ...(await statesOf("Removed"))].map(quoted).join(", ");
      const query = `SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject] = @project AND [System.Tags] CONTAINS ${quoted(label)} AND [System.State] NOT IN (${ended})`;
      const { json } = await ask("POST", `${items}/wiql?${STABLE}`, { query });
      return json.workItems[0]?.id?.toString();
    },
    createIssue: ({ title, body, label }) =>
      ask(
        "POST",
        `${items}/workitems/$${encodeURIComponent(type)}?${STABLE}`,
        [
          add("/fields/System.Title", title),
          add("/fields/System.Tags", label),
          add("/fields/System.Description", body),
          add("/multilineFieldsFormat/System.Description", "Markdown"),
        ],
        PATCH,
      ),
    commentIssue: (id, body) =>
      ask("POST", `${items}/workItems/${id}/comments?format=markdown&api-version=7.2-preview.4`, {
        text: body,
      }),
    closeIssue: async (id) => {
      const [done] = await statesOf("Completed");
      return ask("PATCH", `${items}/workitems/${id}?${STABLE}`, [add("/fields/System.State", done)], PATCH);
    },
  };
}

/** @param {string} path @param {string | undefined} value */
const add = (path, value) => ({ op: "add", path, value });

/** @param {string} text as a query has it */
const quoted = (text) => `'${text.replaceAll("'", "''")}'`;
