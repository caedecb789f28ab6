/** The three platforms, in the same words. A fourth one is a file like theirs, and a line here. */
import { azure } from "./azure.mjs";
import { github } from "./github.mjs";
import { gitlab } from "./gitlab.mjs";

/**
 * @typedef {object} Comment
 * @property {string} id
 * @property {string} body
 * @property {boolean} isOurs whether the job's own account wrote it; an edit of somebody else's would be lost in his name
 *
 * @typedef {object} Platform
 * @property {number} limit bytes of a text at the most
 * @property {() => Promise<Comment[]>} comments those of the change that the job runs for
 * @property {(body: string) => Promise<unknown>} addComment
 * @property {(id: string, body: string) => Promise<unknown>} editComment
 * @property {(label: string) => Promise<string | undefined>} openIssue the id of the open issue of that label
 * @property {(issue: { title: string, body: string, label: string }) => Promise<unknown>} createIssue
 * @property {(id: string, body: string) => Promise<unknown>} commentIssue
 * @property {(id: string) => Promise<unknown>} closeIssue
 */

/** By the variable that each sets on its runners. @type {readonly [string, () => Promise<Platform>][]} */
const PLATFORMS = [
  ["GITHUB_ACTIONS", github],
  ["GITLAB_CI", gitlab],
  ["TF_BUILD", azure],
];

/** @returns {Promise<Platform>} the one that this job runs on */
export async function platform() {
  const here = PLATFORMS.find(([variable]) => process.env[variable]);
  if (here === undefined)
    throw new Error(
      `none of ${PLATFORMS.map(([variable]) => variable).join(", ")} is set: this is no such runner`,
    );
  return here[1]();
}
