/** The notice of a step, as every attempt sends it. */
import { createHash, randomUUID } from "node:crypto";
import { LONGEST } from "../../limits.js";
import { cut } from "../../printable.js";
import type { Summary } from "../../resourceHandler.js";
import type { Settings } from "../../settings.js";
import type { LifecycleStep, Operation, Outcome } from "../lifecycle.js";
import { type IdField, idFieldOf, wordOf } from "../words.js";

/** A notice of a step, exactly as it is sent, however often. */
export interface Notice {
  /** The header `webhook-id`. */
  id: string;
  /** Whose notices go out in order: the resource's URN, or what else it is known by. */
  source: string;
  name: string;
  operation: Operation;
  /** ISO 8601, UTC. */
  timestamp: string;
  contentType: string;
  body: string;
}

/** What is told of a step. */
interface NoticeBody {
  /** What receivers route by, such as `eventbridge_source.created`. */
  type: string;
  /** The object's id, under its kind's own name for it, such as `source_id`; `null` where it is not known. */
  [id: IdField]: string | null;
  /** The status that the API reported; `deleted`, `kept`, `failed` or `unfinished`. */
  status: string;
  timestamp: string;
  latency_seconds: number;
  operation: Operation | typeof TRIAL;
  name: string;
  /** The end of the audit log when the notice was made, such as `12:9f86d0…`. */
  audit_head?: string;
  /** After a failure. */
  error?: { code: string; message: string };
}

/** The notice of a step that has ended. */
export function noticeOf(
  step: LifecycleStep,
  outcome: Outcome,
  more: { now: number; auditHead: string | undefined; format: Settings["webhookFormat"] },
): Notice {
  const { about, failure } = outcome;
  const name = cut(about.name, LONGEST.shown);
  const timestamp = new Date(more.now).toISOString();
  const data: NoticeBody = {
    type: typeOf(step, outcome),
    [idFieldOf(step.kind)]: about.id ?? null,
    status: outcome.finalStatus,
    timestamp,
    latency_seconds: outcome.latencySeconds,
    operation: step.operation,
    name,
    ...(more.auditHead === undefined ? {} : { audit_head: more.auditHead }),
    ...(failure === undefined ? {} : { error: { code: failure.code, message: failure.message } }),
  };
  const id = noticeId(step, outcome);
  return {
    id,
    source: sourceOf(about),
    name,
    operation: step.operation,
    timestamp,
    ...bodyOf(more.format, id, data, about),
  };
}

/** The operation of a notice that is sent to try a receiver out. */
const TRIAL = "test";

/** A notice of nothing, for a receiver to be tried out with: its `type` is `eventbridge.test`. */
export function trialNotice(
  now: number,
  format: Settings["webhookFormat"],
): Pick<Notice, "id" | "contentType" | "body"> {
  const id = `msg_test_${randomUUID().replaceAll("-", "")}`;
  const data: NoticeBody = {
    type: `eventbridge.${TRIAL}`,
    source_id: null,
    status: TRIAL,
    timestamp: new Date(now).toISOString(),
    latency_seconds: 0,
    operation: TRIAL,
    name: "a trial of the webhook",
  };
  return { id, ...bodyOf(format, id, data) };
}

/** The data as it is sent in a format. @param about what it is about, if it is about anything. */
function bodyOf(
  format: Settings["webhookFormat"],
  id: string,
  data: NoticeBody,
  about: Partial<Summary> = {},
): Pick<Notice, "contentType" | "body"> {
  return format === "cloudevents"
    ? { contentType: "application/cloudevents+json", body: JSON.stringify(cloudEvent(id, data, about)) }
    : { contentType: "application/json", body: JSON.stringify(data) };
}

/**
 * The same for the same step, so that one that is taken again after a crash does not count twice: it asks for the same
 * and brings the same object to the same version.
 */
function noticeId(
  { kind, operation, digest }: LifecycleStep,
  { about, finalStatus, failure }: Outcome,
): string {
  const asked = operation === "delete" ? [] : [digest, about.version ?? null];
  const what = about.id ?? about.jobId ?? about.name;
  const step = [about.urn ?? null, kind, operation, what, finalStatus, failure?.code ?? null, ...asked];
  return `msg_${createHash("sha256").update(JSON.stringify(step)).digest("hex").slice(0, 32)}`;
}

const sourceOf = ({ urn, id, name }: Summary): string => urn ?? id ?? cut(name, LONGEST.shown);

/** The past participles of what happened. */
const HAPPENED: Readonly<Record<Operation, string>> = {
  create: "created",
  update: "updated",
  delete: "deleted",
};

/** `eventbridge_source.created`, `.create_failed`, or `.kept` where another resource keeps what was to be deleted. */
function typeOf({ kind, operation }: LifecycleStep, { failure, finalStatus }: Outcome): string {
  const happened =
    failure !== undefined ? `${operation}_failed` : finalStatus === "kept" ? "kept" : HAPPENED[operation];
  return `${wordOf(kind)}.${happened}`;
}

/** The notice as the data of a CloudEvent, version 1.0, in the structured mode. */
const cloudEvent = (id: string, data: NoticeBody, about: Partial<Summary>): object => ({
  specversion: "1.0",
  id,
  source: about.urn ?? "pulumi-genesyscloud-eventbridge",
  type: `com.genesys.cloud.${data.type}`,
  ...(about.id === undefined ? {} : { subject: about.id }),
  time: data.timestamp,
  datacontenttype: "application/json",
  data,
});
