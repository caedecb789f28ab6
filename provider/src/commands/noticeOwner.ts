/** Whose a notice is: several stacks, and projects, can share an outbox. */
import type { StoredNotice } from "../hooks/webhook/outbox.js";
import { CommandError } from "./failure.js";

/** A stack, by the names that stand in URNs. */
export interface Owner {
  /** Absent outside of a project: then every stack's notices count. */
  stack: string | undefined;
  /** Absent where it cannot be told: then every project's. */
  project: string | undefined;
}

type Sourced = Pick<StoredNotice, "id" | "source">;

const URN = /^urn:pulumi:(?<stack>[^:]+)::(?<project>[^:]+)::/;

/** Whether a notice is the stack's. One that names no resource may be anybody's. */
export function isOf({ source }: Sourced, { stack, project }: Owner): boolean {
  const of = URN.exec(source)?.groups;
  if (of === undefined) return true;
  return (stack ?? of.stack) === of.stack && (project ?? of.project) === of.project;
}

/** @throws CommandError where one of the notices, each asked for by its id, is another stack's. */
export function refuseOthers(notices: readonly Sourced[], owner: Owner): void {
  const others = notices.filter((notice) => !isOf(notice, owner));
  if (others.length === 0) return;
  const whose = others.map(({ id, source }) => {
    const { stack, project } = URN.exec(source)?.groups ?? {};
    return `${id} belongs to the stack ${stack} of the project ${project}`;
  });
  throw new CommandError(
    `nothing was sent: ${whose.join(", and ")}. Redeliver it in that project, with --stack and that stack`,
  );
}
