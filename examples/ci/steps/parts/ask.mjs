/** Calls of a platform's API. */

const PATIENCE_MS = 30_000;

/**
 * @typedef {(method: string, path: string, body?: unknown, type?: string) => Promise<{ json: any, headers: Headers }>} Ask
 */

/**
 * @param {string} base
 * @param {Record<string, string>} headers
 * @param {string} advice what to do where a call is refused
 * @returns {Ask} throws where the answer is none of success; never with what was sent, nor with the token
 */
export const asker =
  (base, headers, advice) =>
  async (method, path, body, type = "application/json") => {
    const answer = await fetch(`${base}${path}`, {
      method,
      headers: {
        accept: "application/json",
        ...headers,
        ...(body === undefined ? {} : { "content-type": type }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await answer.text();
    if (!answer.ok) {
      const refused = [401, 403, 404].includes(answer.status) ? ` ${advice}` : "";
      throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 300)}${refused}`);
    }
    return { json: text === "" ? undefined : JSON.parse(text), headers: answer.headers };
  };

/** @param {string} name of an environment variable @param {string} advice @returns {string} */
export function needed(name, advice) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: ${advice}`);
  return value;
}
