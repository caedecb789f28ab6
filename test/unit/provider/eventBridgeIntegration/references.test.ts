/** Whether the topics of an integration are such as the platform sends to EventBridge. */
import { expect, test } from "vitest";
import {
  checkReferences,
  refersElsewhere,
} from "../../../../provider/src/eventBridgeIntegration/references.js";
import type { GenesysClient, Request } from "../../../../provider/src/genesys/client.js";
import { UNKNOWN } from "../../../../provider/src/unknown.js";
import { budgetOf, errorOf, fakeContext } from "../support/context.js";

const TOPICS = [
  { id: "v2.users.{id}.presence", transports: ["All"], visibility: "Public" },
  { id: "v2.users.{id}.routingStatus", transports: ["EventBridge", "ProcessAutomation"] },
  { id: "v2.users.{id}.geolocation", transports: ["Websocket"] },
  { id: "v2.users.{id}.conversationsummary", transports: ["All"], visibility: "Preview" },
  { id: "v2.outbound.settings" },
];

/** A platform that knows these topics. */
function platform(answer: object = { entities: TOPICS }) {
  const { context, lines } = fakeContext();
  const calls: Request[] = [];
  const send = async (request: Request) => {
    calls.push(request);
    return { status: 200, body: answer };
  };
  Object.assign(context, { client: { ...context.client, send } as unknown as GenesysClient });
  const check = (...eventFilter: unknown[]) =>
    checkReferences(context, { eventFilter, __urn: "urn" }, budgetOf(10_000));
  return { check, calls, lines };
}

test("topics that EventBridge is sent pass, and so does one of which no transport is known", async () => {
  const { check, calls } = platform();
  expect(
    await check("v2.users.{id}.presence", "v2.users.{id}.routingStatus", "v2.outbound.settings"),
  ).toEqual([]);
  expect(await check("v2.users.{id}.presence", UNKNOWN)).toEqual([]);
  expect(calls.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "GET /api/v2/notifications/availabletopics",
  ]);
});

test.each([
  ["v2.users.{userId}.presence", 'write "v2.users.{id}.presence"'],
  ["v2.users.{id}.routingstatus", 'write "v2.users.{id}.routingStatus"'],
  ["v2.users.{id}.presense", 'did you mean "v2.users.{id}.presence"?'],
  ["v2.users.{id}.routing*", 'it would match "v2.users.{id}.routingStatus"'],
  ["v2.users.{id}.geolocation", "by Websocket alone"],
])("%s is refused: %s", async (topic, said) => {
  const { check } = platform();
  expect(await check("v2.users.{id}.presence", topic)).toEqual([
    { path: "eventFilter[1]", reason: expect.stringContaining(said) },
  ]);
});

test("of a preview topic the log warns", async () => {
  const { check, lines } = platform();
  expect(await check("v2.users.{id}.conversationsummary")).toEqual([]);
  expect(lines).toEqual([expect.stringMatching(/^warn urn: eventFilter\[0\]: .*preview/)]);
});

test("topics are looked up where there are others than before, and not for their order", () => {
  const olds = { eventFilter: ["a", "b"] };
  expect(refersElsewhere(olds, { eventFilter: ["b", "a"] })).toBe(false);
  expect(refersElsewhere(olds, { eventFilter: ["a", "c"] })).toBe(true);
  expect(refersElsewhere(undefined, { eventFilter: ["a"] })).toBe(true);
});

test("an answer without a list makes no topic wrong", async () => {
  const { check } = platform({});
  expect(await errorOf(check("v2.users.{id}.presence"))).toMatchObject({ code: "answer.malformed" });
});
