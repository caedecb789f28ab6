/** The webhook's notices leave out nothing that the audit log tells of an object with a webhook. */
import type { AuditRecord } from "../../../provider/src/hooks/audit/record.js";
import { idIn } from "../../../provider/src/hooks/words.js";
import { objectIdIn } from "../knowledge.js";
import type { Invariant, NoticeSeen, Observation } from "../observation.js";
import { resourceOf, specOf } from "../program.js";
import { subjectOf } from "../subjects/index.js";
import type { ResourceState } from "../support/command.js";
import { revealed } from "../support/secrets.js";

/**
 * Whatever the audit log says has come about at an object with a webhook is told: its notice was delivered, or waits. The
 * notice of a step that is taken twice may be the first one's.
 */
export const noticesAreComplete: Invariant = (observation) => {
  const { audit, notices } = observation;
  const all = [...notices.delivered, ...notices.waiting];
  return audit.added
    .filter((record) => isDue(record, observation))
    .filter((record) => !all.some((notice) => tellsOf(notice, record)))
    .map(({ event_type, name, seq }) => `nobody is told of record ${seq}, ${event_type} of ${name}`);
};

const tellsOf = ({ body }: NoticeSeen, record: AuditRecord): boolean =>
  idIn(body) === idIn(record) &&
  body.name === record.name &&
  body.status === record.final_status &&
  record.event_type.endsWith(EVENTS[body.operation]);

const EVENTS = { create: "_registration", update: "_update", delete: "_deletion" };

/** Whether a record is about a step at an object that has a webhook. */
function isDue(record: AuditRecord, observation: Observation): boolean {
  const { knowledge, stateBefore, begunWith, state } = observation;
  const { event_type, urn, job_id, validation_success } = record;
  if (urn === null || event_type.endsWith("_intent")) return false;
  const isIt = (each: (typeof state)[number]) =>
    resourceOf(each.urn) === resourceOf(urn) &&
    (objectIdIn(each) === idIn(record) || (job_id !== null && each.outputs.jobId === job_id));
  const before = stateBefore.find(isIt);
  if (event_type.endsWith(EVENTS.delete))
    return before !== undefined && revealed(before.outputs).webhookUrl !== undefined;
  const hasWebhook = specOf(knowledge.program, urn)?.webhook !== undefined;
  // Whoever was told that an object is unfinished is told when it is no longer.
  const read = begunWith.find(isIt);
  const created = before?.outputs.__create as { postedAt?: number } | undefined;
  const stamp = created?.postedAt === undefined ? stampOf(read) : undefined;
  const changedNothing =
    validation_success === true && stamp !== undefined && stamp === stampOf(state.find(isIt));
  return hasWebhook && !(event_type.endsWith(EVENTS.update) && changedNothing);
}

/** What the state says of the object's last write. */
const stampOf = (resource: ResourceState | undefined): string | undefined =>
  resource?.outputs.version === undefined
    ? undefined
    : subjectOf(resourceOf(resource.urn)).stampIn(resource.outputs);
