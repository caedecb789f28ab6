/**
 * What the platform shows and no program can hold, through the real SDK: a refresh is an error that says so, an import
 * leaves it out, and nothing is ever sent back as something else. And answers of a shape that nobody expects.
 */
import type { RequestListener, ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { SOURCE } from "../../provider/src/eventBridgeSource/kind.js";
import type { SourceInputs, SourceState } from "../../provider/src/eventBridgeSource/model.js";
import { findObjects } from "../../provider/src/importing/find.js";
import { gather } from "../../provider/src/importing/gather.js";
import { loadNaming } from "../../provider/src/importing/names.js";
import { beginOn } from "../../provider/src/lifecycle/kind.js";
import type { Context } from "../../provider/src/resourceHandler.js";
import { fakeContext, stateAfter } from "../unit/provider/support/context.js";
import { createSourceHandler, inputsWith } from "../unit/provider/support/source.js";
import { clientOf, serve } from "./support.js";

const handler = createSourceHandler();

const send = (response: ServerResponse, body: string) =>
  response.writeHead(200, { "content-type": "application/json" }).end(body);

/** An organisation whose answers are these texts, by request; and what it was sent. */
async function organisationOf(answers: Record<string, string>) {
  const bodies: string[] = [];
  const answer: RequestListener = async (request, response) => {
    if (request.url === "/oauth/token") return void send(response, '{"access_token":"t","expires_in":3600}');
    let body = "";
    for await (const chunk of request) body += chunk;
    if (body !== "") bodies.push(body);
    const text = answers[`${request.method} ${request.url?.split("?")[0]?.split("/").slice(4).join("/")}`];
    if (text === undefined) response.writeHead(404).end();
    else send(response, text);
  };
  const { url, got } = await serve(answer);
  const context: Context = { ...fakeContext().context, client: clientOf(url) };
  return { context, bodies, calls: () => got.map(({ method, url: at }) => `${method} ${at}`) };
}

/** The text of a source, some of its values written as the test wants. */
const sourceText = (id: string, more: Record<string, string> = {}): string => {
  const whole = {
    source_id: `"${id}"`,
    name: `"name of ${id}"`,
    description: '"d"',
    source_type: '"eventbridge"',
    event_topic_id: '"topic-1"',
    filters: "[]",
    targets: '[{"target_id":"target-1","priority":1}]',
    status: '"active"',
    webhook_url: "null",
    version: "1",
    ...more,
  };
  return `{${Object.entries(whole)
    .map(([key, text]) => `"${key}":${text}`)
    .join(",")}}`;
};

const filterOf = (value: string): string =>
  `[{"name":"f","conditions":[{"field":"amount","operator":"equals","value":${value}}],"action":"route"}]`;

const VALUE = "filters[0].conditions[0].value";

/** Where something is that no program can hold, and how it is named. */
const UNHELD: [string, Record<string, string>, string, string][] = [
  ["beyond 2^53", { filters: filterOf("9007199254740993") }, VALUE, "9007199254740993"],
  ["beyond 2^53, though exact", { filters: filterOf("9007199254740992") }, VALUE, "9007199254740992"],
  ["1e400", { filters: filterOf("1e400") }, VALUE, "1e400"],
  ["of too many digits", { filters: filterOf("0.1234567890123456789") }, VALUE, "0.1234567890123456789"],
  ["half a character in a value", { filters: filterOf('"a\\ud800"') }, VALUE, '"a\\ud800"'],
  ["half a character in a name", { name: '"a\\udc00b"' }, "name", '"a\\udc00b"'],
  ["half a character in a description", { description: '"\\ud83d"' }, "description", '"\\ud83d"'],
  ["a priority", { targets: '[{"target_id":"t","priority":1e400}]' }, "targets[0].priority", "1e400"],
  ["a version", { version: "9007199254740993" }, "version", "9007199254740993"],
  ["a value that stands twice", { filters: filterOf('1,"value":2') }, VALUE, "…"],
];

describe.each(UNHELD)("what no program can hold, %s", (_, more, path, shown) => {
  test("is an error of a read, at its path and without its value", async () => {
    const { context } = await organisationOf({ "GET sources/src-1": sourceText("src-1", more) });
    const error = await handler.read(context, "src-1", undefined).catch((reason: unknown) => reason);
    expect(String(error)).toContain(`${path} `);
    expect(String(error)).toContain("no program can hold");
    if (shown !== "…") expect(String(error)).not.toContain(shown);
  });

  test("keeps a source out of an import, and it alone, and is named", async () => {
    const entities = [
      sourceText("src-1", more),
      sourceText("src-2", { filters: filterOf("900719925474099") }),
    ];
    const { context, bodies, calls } = await organisationOf({
      "GET sources": `{"entities":[${entities}],"pageCount":1}`,
    });
    const step = beginOn(SOURCE, context, "1m");
    const { objects } = await findObjects([step], { ids: [], names: [], all: true }, () => () => {});
    const destination = { project: "shop", stack: "dev", resources: [] };
    const { imports, leftOut } = await gather(objects, destination, await loadNaming(), [step]);
    expect(imports.map(({ id }) => id)).toEqual(["src-2"]);
    expect(leftOut).toMatchObject([{ id: "src-1", gone: false }]);
    expect(leftOut[0]?.reason).toContain(`${path}: ${shown} `);
    expect(bodies).toEqual([]);
    // The login and one page: telling them apart costs no call.
    expect(calls()).toHaveLength(2);
  });

  test("is not imported by the option import either", async () => {
    const { context, bodies } = await organisationOf({ "GET sources/src-1": sourceText("src-1", more) });
    const inputs: SourceInputs = { ...STATE, __import: "src-1" };
    await expect(handler.create(context, inputs)).rejects.toThrow("no program can hold");
    expect(bodies).toEqual([]);
  });
});

const STATE: SourceState = {
  name: "name of src-1",
  description: "d",
  sourceType: "eventbridge",
  eventTopicId: "topic-1",
  filters: [],
  targets: [{ targetId: "target-1", priority: 1 }],
  status: "active",
  sourceId: "src-1",
  version: 1,
};

test("an update whose answer is what no program can hold keeps it out of the state", async () => {
  const answer = sourceText("src-1", { filters: filterOf("9007199254740993"), description: '"new"' });
  const { context, bodies } = await organisationOf({ "PUT sources/src-1": answer });
  const update = stateAfter(handler.update(context, "src-1", STATE, { ...STATE, description: "new" }));
  await expect(update).rejects.toThrow(`${VALUE} is a number that no program can hold`);
  expect(JSON.parse(bodies[0] ?? "")).toMatchObject({ filters: [] });
});

test("ids that are numbers stay what they are, however large", async () => {
  const source = sourceText("x", {
    source_id: "9007199254740993",
    event_topic_id: "7",
    targets: '[{"target_id":12345678901234567890}]',
  });
  const { context } = await organisationOf({ "GET sources/9007199254740993": source });
  expect((await handler.read(context, "9007199254740993", undefined))?.state).toMatchObject({
    sourceId: "9007199254740993",
    eventTopicId: "7",
    targets: [{ targetId: "12345678901234567890", priority: 1 }],
  });
});

describe("an id that leaves its place in the address", () => {
  test.each(["", ".", "..", "%2e%2E"])("%j reaches nobody, wherever it comes from", async (id) => {
    const { context, calls } = await organisationOf({});
    const refused = { code: "not.sent" };
    const wanted = { ids: [id], names: [], all: false };
    const found = findObjects([beginOn(SOURCE, context, "1m")], wanted, () => () => {});
    await expect(found).rejects.toMatchObject(refused);
    await expect(handler.read(context, id, undefined)).rejects.toMatchObject(refused);
    await expect(handler.create(context, { ...STATE, __import: id })).rejects.toMatchObject(refused);
    await expect(handler.delete(context, id, { ...STATE, sourceId: id })).rejects.toMatchObject(refused);
    await expect(handler.read(context, `job:${id}`, undefined)).rejects.toMatchObject(refused);
    expect(calls()).toEqual([]);
  });

  test("in a list keeps that source out of an import, and it alone", async () => {
    const entities = [sourceText(".."), sourceText("src-2")];
    const { context, calls } = await organisationOf({ "GET sources": `{"entities":[${entities}]}` });
    const step = beginOn(SOURCE, context, "1m");
    const { objects } = await findObjects([step], { ids: [], names: [], all: true }, () => () => {});
    const destination = { project: "shop", stack: "dev", resources: [] };
    const { imports } = await gather(objects, destination, await loadNaming(), [step]);
    expect(imports.map(({ id }) => id)).toEqual(["src-2"]);
    expect(calls()).toHaveLength(2);
  });
});

async function firstOf<Each>(all: AsyncIterable<Each>): Promise<Each | undefined> {
  for await (const each of all) return each;
  return undefined;
}

describe("an answer of another shape", () => {
  test("keeps a source out of an import, and it alone, and says why", async () => {
    const entities = [sourceText("src-1", { filters: "{}" }), sourceText("src-2")];
    const { context } = await organisationOf({ "GET sources": `{"entities":[${entities}]}` });
    const step = beginOn(SOURCE, context, "1m");
    const { objects } = await findObjects([step], { ids: [], names: [], all: true }, () => () => {});
    const destination = { project: "shop", stack: "dev", resources: [] };
    const { imports, leftOut } = await gather(objects, destination, await loadNaming(), [step]);
    expect(imports.map(({ id }) => id)).toEqual(["src-2"]);
    expect(leftOut[0]?.reason).toContain("filters must be a list, not an object");
  });

  test.each<[string, string, string]>([
    ["topics/topic-1", '{"topic_id":"topic-1"}', "status must be a text, not undefined"],
    ["topics/topic-1", '{"status":"active","event_type":[]}', "event_type must be a text, not a list"],
    ["targets/target-1", '{"status":"active","event_types":"x"}', "event_types must be a list, not a string"],
    [
      "targets/target-1",
      '{"status":"active","event_types":[1]}',
      "event_types[0] must be a text, not a number",
    ],
  ])("of %s, %s, is told by the check that needs it", async (where, answer, said) => {
    const { context } = await organisationOf({
      "GET topics": '{"entities":[]}',
      "GET targets": '{"entities":[]}',
      "GET topics/topic-1": '{"status":"active","event_type":"x"}',
      "GET targets/target-1": '{"status":"active"}',
      [`GET ${where}`]: answer,
    });
    const news = { eventTopicId: "topic-1", targets: [{ targetId: "target-1" }] };
    const checked = await handler.check(context, undefined, news);
    expect(checked).toMatchObject({ problems: [{ path: "", reason: expect.stringContaining(said) }] });
  });

  test.each<[Record<string, string>, string]>([
    [{ filters: "{}" }, "filters must be a list, not an object"],
    [{ filters: "[7]" }, "filters[0] must be an object, not a number"],
    [{ filters: '[{"name":"f","conditions":5}]' }, "filters[0].conditions must be a list, not a number"],
    [{ targets: "[null]" }, "targets[0] must be an object, not null"],
    [{ targets: '"x"' }, "targets must be a list, not a string"],
    [{ targets: '[{"target_id":{}}]' }, "targets[0].target_id must be an id, not an object"],
    [{ targets: '[{"target_id":".."}]' }, 'targets[0].target_id is ".."'],
    [{ name: "[]" }, "name must be a text, not a list"],
    [{ version: '"1"' }, "version must be a number, not a string"],
    [{ filters: filterOf("[1]") }, `${VALUE} must be a text, a number or a boolean, not a list`],
    [{ webhook_url: '{"secret":"s3cr3t"}' }, "webhook_url must be a text, not an object"],
    [{ filters: '[],"filters":[{}]' }, "filters stands there twice"],
  ])("%j is one error of ours, which names the place", async (more, said) => {
    const { context } = await organisationOf({ "GET sources/src-1": sourceText("src-1", more) });
    const error = await handler.read(context, "src-1", undefined).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "answer.malformed", status: 200 });
    expect(String(error)).toContain(said);
    expect(String(error)).not.toContain("s3cr3t");
  });

  test.each<[string, string]>([
    ["{}", "entities must be a list, not an object"],
    ["[null]", "entities[0] must be an object, not null"],
    ["[[]]", "entities[0] must be an object, not a list"],
  ])("entities that are %s are one, too", async (entities, said) => {
    const { context } = await organisationOf({ "GET sources": `{"entities":${entities}}` });
    const { api } = beginOn(SOURCE, context, "1m");
    await expect(firstOf(api.bearers("x"))).rejects.toThrow(said);
  });

  test("nobody minds what others have under other names", async () => {
    const entities = [
      sourceText("src-1", { filters: "{}" }),
      sourceText("src-2", { name: '"x"' }),
      sourceText("src-3", { name: "7" }),
    ];
    const { context } = await organisationOf({ "GET sources": `{"entities":[${entities}]}` });
    const { api } = beginOn(SOURCE, context, "1m");
    expect(await firstOf(api.bearers("x"))).toMatchObject({ id: "src-2" });
  });

  test("null and missing read as empty, and keys that are not known are left out", async () => {
    const source =
      '{"source_id":"src-1","name":"n","event_topic_id":null,"filters":null,"targets":[{"target_id":"a","x":1}],"tags":[[1]]}';
    const { context } = await organisationOf({ "GET sources/src-1": source });
    expect((await handler.read(context, "src-1", undefined))?.state).toMatchObject({
      name: "n",
      description: "",
      eventTopicId: "",
      filters: [],
      targets: [{ targetId: "a", priority: 1 }],
    });
  });

  test.each<[string, string]>([
    ['{"job_id":{}}', "job_id must be an id, not an object"],
    ['{"job_id":".."}', "job_id is"],
    ['{"source_id":"."}', "source_id is"],
    ['{"source_id":"","job_id":""}', "neither a job nor the id"],
  ])("of a POST, %s is as good as lost", async (answer, said) => {
    const { context } = await organisationOf({ "POST sources": answer });
    const { api } = beginOn(SOURCE, context, "1m");
    const error = await api.create(inputsWith()).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "answer.malformed", status: 200 });
    expect(String(error)).toContain(said);
  });

  test("with a list of very many things that are wrong is one, too, and names a few", async () => {
    const targets = `[${"null,".repeat(300_000)}7]`;
    const { context } = await organisationOf({ "GET sources/src-1": sourceText("src-1", { targets }) });
    const error = await handler.read(context, "src-1", undefined).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "answer.malformed" });
    expect(String(error).match(/must be an object/g)).toHaveLength(3);
  });

  test("nested without end is one, too", async () => {
    const deep = `{"name":${"[".repeat(200_000)}${"]".repeat(200_000)}}`;
    const { context } = await organisationOf({ "GET sources/src-1": deep });
    await expect(handler.read(context, "src-1", undefined)).rejects.toThrow("nested too deep");
  });
});
