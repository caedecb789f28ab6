/**
 * A stand-in for the AWS provider, served to the engine as a plugin, as far as `examples/aws-event-bus` goes: what it
 * does to event buses and rules is what AWS and its provider are documented to do. Its account is a JSON file, named by
 * the environment variable AWS_STAND_IN; partner sources are what the simulated organisation has at this moment.
 *
 * - A bus takes the partner source of its name, and is refused where there is none (ResourceNotFoundException).
 * - A bus that has rules cannot be deleted. It stays with the source that it took, whatever becomes of it.
 * - Names, and the bus of a rule, cannot be changed in place; a name that is not known yet counts as changed.
 */
const { randomUUID } = require("node:crypto");
const { readFileSync, writeFileSync } = require("node:fs");
const grpc = require("@grpc/grpc-js");
const { createRequire } = require("node:module");
const { dirname } = require("node:path");
const proto = require("@pulumi/pulumi/proto/provider_pb.js");
const { ResourceProviderService } = require("@pulumi/pulumi/proto/provider_grpc_pb.js");
const { PluginInfo } = require("@pulumi/pulumi/proto/plugin_pb.js");

// The messages that the SDK's own copy of protobuf makes.
const sdk = createRequire(require.resolve("@pulumi/pulumi"));
const { Struct } = sdk("google-protobuf/google/protobuf/struct_pb.js");
const { Empty } = sdk("google-protobuf/google/protobuf/empty_pb.js");

/** @type {{ file: string, organisation: string, account: string, region: string }} */
const { file, organisation, account, region } = JSON.parse(String(process.env.AWS_STAND_IN));
/** That of the program's package: the engine wants them equal. @type {{ version: string }} */
const { version } = require(`${dirname(file)}/node_modules/@pulumi/aws/package.json`);

/** What cannot be changed in place, by type. @type {Record<string, string[]>} */
const FORCES_NEW = {
  EventBus: ["name", "eventSourceName"],
  EventRule: ["name", "eventBusName"],
  EventTarget: ["rule", "eventBusName", "targetId"],
  LogGroup: ["name"],
  LogResourcePolicy: ["policyName"],
};

/** @typedef {{ id: string, type: string, made: string, source?: string }} Resource */

/** @returns {Resource[]} */
const load = () => JSON.parse(readFileSync(file, "utf8"));
/** @param {Resource[]} all */
const save = (all) => writeFileSync(file, JSON.stringify(all));
/** @param {string} urn */
const typeOf = (urn) => String(urn.split("::").at(-2)?.split(":").at(-1));
/** @param {string} urn */
const nameOf = (urn) => String(urn.split("::").at(-1));

/** The partner source of a name: the id of its integration. @param {string} name */
async function partnerSource(name) {
  const answer = await fetch(`${organisation}/__sandbox/state`);
  const { integrations } = /** @type {any} */ (await answer.json());
  const found = integrations.find(
    (/** @type {any} */ each) =>
      `${each.config?.current?.properties?.eventSourceSuffix}` === name.split("/").at(-1),
  );
  if (found === undefined) throw new Error(`ResourceNotFoundException: Event source ${name} does not exist.`);
  return found.id;
}

/** @param {string} urn @param {any} inputs */
async function create(urn, inputs) {
  const type = typeOf(urn);
  const arn = `arn:aws:${type}:${region}:${account}:${inputs.eventBusName ?? ""}/${inputs.name ?? nameOf(urn)}`;
  const id =
    type === "EventBus"
      ? inputs.name
      : `${inputs.eventBusName ?? ""}/${inputs.name ?? inputs.targetId ?? nameOf(urn)}`;
  const all = load();
  if (all.some((each) => each.id === id && each.type === type))
    throw new Error(`ResourceAlreadyExistsException: ${type} ${id}`);
  const source = type === "EventBus" ? await partnerSource(inputs.eventSourceName) : undefined;
  if (type === "EventRule" && !all.some((each) => each.id === inputs.eventBusName))
    throw new Error(`ResourceNotFoundException: Event bus ${inputs.eventBusName} does not exist.`);
  save([...all, { id, type, made: randomUUID(), ...(source && { source }) }]);
  return { id, outs: { ...inputs, arn } };
}

/** @param {string} urn @param {string} id */
function remove(urn, id) {
  const all = load();
  if (
    typeOf(urn) === "EventBus" &&
    all.some((each) => each.type === "EventRule" && each.id.startsWith(`${id}/`))
  )
    throw new Error("ValidationException: Cannot delete event bus with rules");
  save(all.filter((each) => !(each.id === id && each.type === typeOf(urn))));
}

/** @param {any} message */
const plain = (message) => message?.toJavaScript() ?? {};
/** @param {any} value */
const struct = (value) => Struct.fromJavaScript(JSON.parse(JSON.stringify(value)));

/** The answers, by the names of the calls. @type {Record<string, (request: any) => any>} */
const answers = {
  getPluginInfo: () => {
    const info = new PluginInfo();
    info.setVersion(version);
    return info;
  },
  checkConfig: (request) => checked(plain(request.getNews())),
  diffConfig: () => new proto.DiffResponse(),
  configure: () => {
    const response = new proto.ConfigureResponse();
    response.setSupportspreview(true);
    return response;
  },
  check: (request) => {
    const { __defaults: _, ...news } = plain(request.getNews());
    const olds = plain(request.getOlds());
    if (typeOf(request.getUrn()) === "EventRule")
      news.name ??= olds.name ?? `${nameOf(request.getUrn())}-1a2b3c4`;
    if (typeOf(request.getUrn()) === "EventTarget") news.targetId ??= olds.targetId ?? "target";
    return checked(news);
  },
  diff: (request) => {
    const olds = plain(request.getOldInputs());
    const news = plain(request.getNews());
    const changed = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter(
      (key) => JSON.stringify(olds[key]) !== JSON.stringify(news[key]),
    );
    const response = new proto.DiffResponse();
    response.setChanges(
      changed.length > 0
        ? proto.DiffResponse.DiffChanges.DIFF_SOME
        : proto.DiffResponse.DiffChanges.DIFF_NONE,
    );
    response.setDiffsList(changed);
    response.setReplacesList(changed.filter((key) => FORCES_NEW[typeOf(request.getUrn())]?.includes(key)));
    return response;
  },
  create: async (request) => {
    const response = new proto.CreateResponse();
    const inputs = plain(request.getProperties());
    if (request.getPreview()) {
      response.setProperties(struct(inputs));
      return response;
    }
    const { id, outs } = await create(request.getUrn(), inputs);
    response.setId(id);
    response.setProperties(struct(outs));
    return response;
  },
  update: (request) => {
    const response = new proto.UpdateResponse();
    response.setProperties(struct({ ...plain(request.getOlds()), ...plain(request.getNews()) }));
    return response;
  },
  read: (request) => {
    const response = new proto.ReadResponse();
    response.setId(request.getId());
    response.setProperties(request.getProperties());
    response.setInputs(request.getInputs());
    return response;
  },
  delete: (request) => {
    remove(request.getUrn(), request.getId());
    return new Empty();
  },
  invoke: (request) => {
    const response = new proto.InvokeResponse();
    response.setReturn(
      struct(request.getTok().endsWith("getCallerIdentity") ? { accountId: account } : { region }),
    );
    return response;
  },
  cancel: () => new Empty(),
};

/** @param {any} inputs */
function checked(inputs) {
  const response = new proto.CheckResponse();
  response.setInputs(struct(inputs));
  return response;
}

const server = new grpc.Server();
server.addService(
  /** @type {any} */ (ResourceProviderService),
  Object.fromEntries(
    Object.entries(answers).map(([name, answer]) => [
      name,
      async (/** @type {any} */ call, /** @type {any} */ callback) => {
        try {
          callback(undefined, await answer(call.request));
        } catch (error) {
          callback({ code: grpc.status.UNKNOWN, details: /** @type {Error} */ (error).message });
        }
      },
    ]),
  ),
);
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (_, port) => console.log(port));
