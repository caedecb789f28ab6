/** What a preview, or the preview of a refresh, is about to change: read from what the CLI prints with `--json`. */

/**
 * @typedef {object} State
 * @property {Record<string, unknown>} [inputs]
 * @property {Record<string, unknown>} [outputs]
 * @property {string} [type]
 *
 * @typedef {object} Step
 * @property {string} op
 * @property {string} urn
 * @property {State} [oldState]
 * @property {State} [newState]
 * @property {Record<string, unknown> | null} [detailedDiff] by the paths of what differs
 * @property {string[]} [diffReasons]
 *
 * @typedef {object} Preview
 * @property {Step[]} [steps]
 * @property {{ severity?: string, message?: string }[]} [diagnostics]
 *
 * @typedef {object} Change
 * @property {string} word such as `added`
 * @property {string} name
 * @property {string} type without its package
 * @property {{ path: string, before?: unknown, after?: unknown }[]} fields
 */

/** The words of the picture. @type {Readonly<Record<string, string>>} */
const WORDS = {
  create: "added",
  import: "imported",
  update: "changed",
  replace: "replaced",
  "create-replacement": "replaced",
  "import-replacement": "replaced",
  delete: "removed",
};

/**
 * @param {string} stdout
 * @returns {Preview | undefined} `undefined` where the CLI did not come so far
 */
export function previewIn(stdout) {
  try {
    return JSON.parse(stdout);
  } catch {
    return undefined;
  }
}

/** @param {Preview} preview @returns {Change[]} the stack itself is none */
export const changesIn = ({ steps = [] }) =>
  steps
    .filter(({ op, urn }) => WORDS[op] !== undefined && !urn.includes("::pulumi:pulumi:Stack::"))
    .map((step) => ({
      word: WORDS[step.op] ?? step.op,
      name: step.urn.split("::").slice(3).join("::"),
      type: (step.newState ?? step.oldState)?.type?.split(":").at(-1) ?? "",
      fields: fieldsOf(step),
    }));

/** @param {Preview} preview how many stay as they are, without the stack itself and its providers */
export const countSame = ({ steps = [] }) =>
  steps.filter(({ op, urn }) => ["same", "refresh"].includes(op) && !/::pulumi:(pulumi|providers):/.test(urn))
    .length;

/** @param {Preview} preview @param {"error" | "warning"} severity @returns {string[]} */
export const messagesIn = ({ diagnostics = [] }, severity) => [
  ...new Set(
    diagnostics
      .filter((each) => each.severity === severity)
      .map(({ message = "" }) => message.replace(/^(error|warning): /, "").trim()),
  ),
];

/** @param {Step} step */
function fieldsOf({ detailedDiff, diffReasons, oldState, newState }) {
  const paths = detailedDiff ? Object.keys(detailedDiff) : (diffReasons ?? []);
  return paths
    .filter((path) => !path.startsWith("__"))
    .map((path) => ({ path, before: valueIn(oldState, path), after: valueIn(newState, path) }));
}

/** @param {State | undefined} state @param {string} path such as `targets[1].targetId` @returns {unknown} */
function valueIn(state, path) {
  const keys = [...path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(
    ([, quoted, index, key]) => quoted ?? index ?? key ?? "",
  );
  const at = (/** @type {unknown} */ from) =>
    keys.reduce((value, key) => /** @type {any} */ (value)?.[key], from);
  return at(state?.inputs) ?? at(state?.outputs);
}
