import type { Invariant } from "../observation.js";

/** The audit log is unbroken, and tells of every source that the stack has made, before it was made. */
export const auditIsWhole: Invariant = ({ audit, after, knowledge: { foreign, imported } }) => {
  if (audit === undefined) return [];
  const broken = audit.finding === undefined ? [] : [audit.finding];
  const untold = after.sources
    .filter(({ source_id }) => !foreign.has(source_id) && !imported.has(source_id))
    // What another hand has renamed is told of under the name that it had.
    .filter(({ name }) => !audit.names.has(name.replace(/(-by-hand)+$/, "")));
  return [...broken, ...untold.map(({ name }) => `the audit log says nothing of ${name}`)];
};
