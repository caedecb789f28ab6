/**
 * The calls of a source and nothing else: no check, no record, no retry. What any provider of sources has to wait for. It is
 * loaded into the provider's process by the program `calls`.
 *
 * With `BENCH_SDK` the platform's SDK sends them, which this package has to use; without, Node's own client does.
 */
const http = require("node:http");

const gateway = process.env.BENCH_GATEWAY ?? "";
const agent = new http.Agent({ keepAlive: true });

/** @typedef {{ status: number, body: any }} Answer */

/**
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<Answer>}
 */
function byNode(method, path, body) {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers = text === undefined ? {} : { "content-type": "application/json" };
  return new Promise((resolve, reject) => {
    const request = http.request(`${gateway}${path}`, { method, agent, headers }, (response) => {
      let answer = "";
      response.setEncoding("utf8").on("data", (piece) => (answer += piece));
      response.on("end", () =>
        resolve({ status: Number(response.statusCode), body: answer && JSON.parse(answer) }),
      );
    });
    request.on("error", reject).end(text);
  });
}

/** @type {any} */
let client;

/**
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<Answer>}
 */
function bySdk(method, path, body) {
  client ??= openSdk();
  const json = ["application/json"];
  return client
    .callApi(path, method, {}, {}, {}, {}, body, ["PureCloud OAuth"], json, json)
    .catch((/** @type {Answer} */ error) => error);
}

function openSdk() {
  const sdk = require(process.env.BENCH_SDK ?? "");
  const api = new sdk.ApiClientClass();
  const { protocol, hostname, port } = new URL(gateway);
  const path = { path_params_login: "", path_params_api: "" };
  api.setGateway({ protocol: protocol.slice(0, -1), host: hostname, port, ...path });
  api.setReturnExtendedResponses(true);
  api.setAccessToken("bench");
  return api;
}

const call = process.env.BENCH_SDK ? bySdk : byNode;

/** @type {Promise<unknown> | undefined} */
let login;
const loggedIn = () => (login ??= byNode("POST", "/oauth/token", {}));

/** @type {Promise<Map<string, object>> | undefined} */
let listed;

/** All sources, page after page, once for all reads. */
async function list() {
  const all = new Map();
  for (let page = 1, pages = 1; page <= pages; page++) {
    const { body } = await call("GET", `/api/v2/eventbridge/sources?pageSize=100&pageNumber=${page}`);
    for (const entity of body.entities) all.set(entity.source_id, entity);
    pages = body.pageCount;
  }
  return all;
}

let made = 0;
const bodyOf = (/** @type {any} */ { eventTopicId, targets }) => ({
  name: `calls-${process.pid}-${made++}`,
  event_topic_id: eventTopicId,
  targets: targets.map((/** @type {any} */ { targetId }) => ({ target_id: targetId })),
});

module.exports = {
  /** @param {any} inputs */
  create: async (inputs) => {
    await loggedIn();
    const posted = await call("POST", "/api/v2/eventbridge/sources", bodyOf(inputs));
    const job = await call("GET", `/api/v2/asyncapi/jobs/${posted.body.job_id}`);
    const { source_id: id } = job.body;
    const { body } = await call("GET", `/api/v2/eventbridge/sources/${id}`);
    return { id, outs: { ...inputs, version: body.version } };
  },
  /** @param {string} id @param {any} props */
  read: async (id, props) => {
    await loggedIn();
    listed ??= list();
    return { id: (await listed).has(id) ? id : "", props };
  },
  /** @param {string} id */
  remove: async (id) => {
    await loggedIn();
    await call("DELETE", `/api/v2/eventbridge/sources/${id}`);
    await call("GET", `/api/v2/eventbridge/sources/${id}`);
  },
};
