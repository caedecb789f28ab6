/** Asks a simulated organisation's control plane. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
export type Control = (method: string, path: string, body?: object) => Promise<any>;

/** The control plane of the organisation at an address. @throws Error with what it answers, and its `status`, where it refuses. */
export const controlPlaneOf =
  (url: string): Control =>
  async (method, path, body) => {
    const answer = await fetch(`${url}/__sandbox/${path}`, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    const text = await answer.text();
    if (!answer.ok)
      throw Object.assign(new Error(`${method} ${path}: ${answer.status} ${text}`), {
        status: answer.status,
      });
    return text === "" ? undefined : JSON.parse(text);
  };
