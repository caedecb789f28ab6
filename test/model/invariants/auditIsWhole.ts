/** What the stack has done can be read from the audit log, also after a kill. */
import type { AuditRecord } from "../../../provider/src/hooks/audit/record.js";
import type { AuditSeen, Invariant } from "../observation.js";
import { resourceCalled, resourceOf } from "../program.js";
import type { StoredObject } from "../subjects/subject.js";

/**
 * The audit log is unbroken, and tells of every object that the stack has made, before it was made. What a step brought
 * about is in it, too: an outcome for each, as it ended.
 */
export const auditIsWhole: Invariant = ({ operation, audit, after, run, killed, knowledge }) => {
  const { foreign, madeElsewhere } = knowledge;
  const broken = audit.finding === undefined ? [] : [audit.finding];
  const untold = after.objects
    .filter(({ id }) => !foreign.has(id) && !madeElsewhere.has(id))
    .filter((object) => !isToldOf(object, audit))
    .map(({ name }) => `the audit log says nothing of ${name}`);
  if (killed) return [...broken, ...untold];
  const outcomes = audit.added.filter((record) => !isIntent(record));
  const open = audit.added
    .filter(isIntent)
    .filter(({ seq }) => !outcomes.some(({ intent_seq }) => intent_seq === seq))
    .map(({ event_type, name }) => `the audit log lacks the outcome of ${event_type} of ${name}`);
  const missing = run.steps.flatMap(({ step, urn, error }) => {
    const event = EVENTS[step];
    if (operation === "preview" || event === undefined || error !== undefined) return [];
    const isTold = outcomes.some(
      (record) =>
        // What was just imported does not know its URN yet, and what was renamed or moved only that of before.
        resourceOf(record.urn ?? urn) === resourceOf(urn) &&
        record.event_type.endsWith(event) &&
        record.validation_success === true,
    );
    return isTold ? [] : [`the audit log lacks the ${step} of ${urn}`];
  });
  return [...broken, ...untold, ...open, ...missing];
};

/**
 * What another hand has renamed is told of under the name that it had; what is still called as it was posted, under the one
 * that it was to get. A derived name that follows a suffix which another hand has set can end in the same words.
 */
const isToldOf = (object: StoredObject, { names, resources }: AuditSeen): boolean =>
  names.has(object.name) ||
  names.has(object.name.replace(/(-by-hand)+$/, "")) ||
  (object.key === "" && resources.has(resourceCalled(object)));

const isIntent = ({ event_type }: AuditRecord): boolean => event_type.endsWith("_intent");

/** How the events of steps end that change the organisation. */
const EVENTS: Readonly<Partial<Record<string, string>>> = {
  create: "_registration",
  replace: "_registration",
  update: "_update",
  delete: "_deletion",
};
