/** How a request finds its route: by method and path, where `{id}` stands for one segment. */

/**
 * @typedef {object} Call
 * @property {string} id the path's variable segment, decoded
 * @property {URLSearchParams} query
 * @property {any} body parsed JSON
 *
 * @typedef {object} Answer
 * @property {number} status
 * @property {unknown} [body]
 *
 * @typedef {object} Route
 * @property {string} kind under which its calls are counted
 * @property {string} method
 * @property {string} path
 * @property {(call: Call) => Answer} answer
 */

/** @param {unknown} body @returns {Answer} */
export const ok = (body) => ({ status: 200, body });

/** @returns {Answer} */
export const notFound = () => problem(404, "not.found", "There is no such object.");

/**
 * @param {number} status
 * @param {string} code
 * @param {string} message
 * @returns {Answer}
 */
export const problem = (status, code, message) => ({ status, body: { status, code, message } });

/**
 * @param {readonly Route[]} routes
 * @param {string} method
 * @param {string} pathname
 * @returns {{ route: Route, id: string } | undefined}
 */
export function routeOf(routes, method, pathname) {
  for (const route of routes) {
    if (route.method !== method) continue;
    const found = new RegExp(`^${route.path.replace("{id}", "([^/]+)")}$`).exec(pathname);
    if (found) return { route, id: decodeURIComponent(found[1] ?? "") };
  }
  return undefined;
}
