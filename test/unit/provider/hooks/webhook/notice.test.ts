/** What one of the webhook's notices says of a step, in either format, and what receivers can rely on in it. */
import { type CloudEvent, HTTP } from "cloudevents";
import { describe, expect, test } from "vitest";
import type { LifecycleStep, Outcome } from "../../../../../provider/src/hooks/lifecycle.js";
import { noticeOf, trialNotice } from "../../../../../provider/src/hooks/webhook/notice.js";

const URN = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/genesyscloud:EventBridgeSource::orders";
const NOW = Date.parse("2030-01-01T00:00:00.123Z");

const stepWith = (more: Partial<LifecycleStep> = {}): LifecycleStep => ({
  operation: "create",
  kind: "EventBridge source",
  about: { name: "orders", key: "orders" },
  digest: "as asked",
  ...more,
});

const outcomeWith = ({ about, ...more }: Partial<Outcome> = {}): Outcome => ({
  about: { id: "src-1", name: "orders", key: "orders", version: 1, urn: URN, ...about },
  finalStatus: "active",
  latencySeconds: 1.5,
  retryCount: 0,
  ...more,
});

const make = (step = stepWith(), outcome = outcomeWith(), format: "plain" | "cloudevents" = "plain") =>
  noticeOf(step, outcome, { now: NOW, auditHead: "7:abc", format });

test("the body tells what the contract says, and where the audit log stood", () => {
  const notice = make();
  expect(JSON.parse(notice.body)).toEqual({
    type: "eventbridge_source.created",
    source_id: "src-1",
    status: "active",
    timestamp: "2030-01-01T00:00:00.123Z",
    latency_seconds: 1.5,
    operation: "create",
    name: "orders",
    audit_head: "7:abc",
  });
  expect(notice.contentType).toBe("application/json");
});

test("a failure is told with its code and message", () => {
  const failure = { status: 400, code: "bad", message: "no" };
  const notice = make(stepWith(), outcomeWith({ finalStatus: "failed", failure }));
  expect(JSON.parse(notice.body)).toMatchObject({ status: "failed", error: { code: "bad", message: "no" } });
});

test("a name of megabytes, as somebody gave it in the organisation, is cut", () => {
  const notice = make(stepWith(), outcomeWith({ about: { name: "x".repeat(5_000_000), key: "x" } }));
  expect(notice.name).toBe(`${"x".repeat(293)}… (cut)`);
  expect(JSON.parse(notice.body)).toMatchObject({ name: notice.name });
});

describe("the id", () => {
  const idOf = (...given: Parameters<typeof make>) => make(...given).id;

  test("is the same when the step is taken again after a crash, however long that takes", () => {
    const first = idOf();
    expect(first).toMatch(/^msg_[0-9a-f]{32}$/);
    expect(idOf(stepWith(), outcomeWith({ latencySeconds: 99, retryCount: 4 }))).toBe(first);
  });

  test("differs for another step", () => {
    const about = { id: "src-1", name: "orders", key: "orders", urn: URN };
    const failure = { status: 400, code: "bad", message: "no" };
    const ids = [
      idOf(),
      idOf(stepWith({ operation: "update" })),
      idOf(stepWith({ operation: "delete" })),
      idOf(stepWith({ digest: "as asked otherwise" })),
      idOf(stepWith(), outcomeWith({ about: { ...about, version: 2 } })),
      idOf(stepWith(), outcomeWith({ about: { ...about, id: "src-2" } })),
      idOf(stepWith(), outcomeWith({ about: { ...about, urn: `${URN}2` } })),
      idOf(stepWith(), outcomeWith({ finalStatus: "inactive" })),
      idOf(stepWith(), outcomeWith({ finalStatus: "failed", failure })),
      idOf(stepWith({ kind: "EventBridge integration" })),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("the type, by which receivers route", () => {
  const failure = { status: 400, code: "bad", message: "no" };
  const kinds = {
    "EventBridge source": "eventbridge_source",
    "EventBridge integration": "eventbridge_integration",
  };
  const operations = { create: "created", update: "updated", delete: "deleted" } as const;
  const cases = Object.entries(kinds).flatMap(([kind, word]) =>
    (Object.keys(operations) as (keyof typeof operations)[]).flatMap((operation) => [
      { kind, operation, more: {}, type: `${word}.${operations[operation]}` },
      { kind, operation, more: { finalStatus: "kept" }, type: `${word}.kept` },
      { kind, operation, more: { finalStatus: "failed", failure }, type: `${word}.${operation}_failed` },
      { kind, operation, more: { finalStatus: "kept", failure }, type: `${word}.${operation}_failed` },
    ]),
  );

  test.each(cases)(
    "of $kind, $operation, $more is $type, in either format",
    ({ kind, operation, more, type }) => {
      const [step, outcome] = [stepWith({ kind, operation }), outcomeWith(more)];
      expect(JSON.parse(make(step, outcome).body).type).toBe(type);
      expect(JSON.parse(make(step, outcome, "cloudevents").body)).toMatchObject({
        type: `com.genesys.cloud.${type}`,
        data: { type, operation },
      });
    },
  );
});

test("a trial is a notice of nothing, with an id of its own each time", () => {
  const [first, second] = [trialNotice(NOW, "plain"), trialNotice(NOW, "plain")];
  expect(first.id).toMatch(/^msg_test_[0-9a-f]{32}$/);
  expect(second.id).not.toBe(first.id);
  expect(JSON.parse(first.body)).toMatchObject({
    type: "eventbridge.test",
    source_id: null,
    operation: "test",
  });
  const { contentType, body } = trialNotice(NOW, "cloudevents");
  const event = HTTP.toEvent({ headers: { "content-type": contentType }, body }) as CloudEvent<unknown>;
  expect(event.validate()).toBe(true);
  expect(event.type).toBe("com.genesys.cloud.eventbridge.test");
});

test("as a CloudEvent it is one for the format's own library, and the id is the same", () => {
  const notice = make(stepWith(), outcomeWith(), "cloudevents");
  expect(notice.contentType).toBe("application/cloudevents+json");
  const event = HTTP.toEvent({
    headers: { "content-type": notice.contentType },
    body: notice.body,
  }) as CloudEvent<unknown>;
  expect(event.validate()).toBe(true);
  expect(event).toMatchObject({
    specversion: "1.0",
    id: make().id,
    source: URN,
    type: "com.genesys.cloud.eventbridge_source.created",
    subject: "src-1",
    datacontenttype: "application/json",
    data: JSON.parse(make().body),
  });
});
