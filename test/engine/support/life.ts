/** The life of resources of one kind in an organisation of their own. */
import type { FaultAction, SandboxOptions } from "genesyscloud-sandbox";
import { expect } from "vitest";
import { connect, type Organisation, startOrganisation } from "./organisation.js";
import { createStack, type Stack } from "./stack.js";
import type { Fields, Seen, Subject } from "./subjects/index.js";
import type { Calls } from "./subjects/subject.js";

export interface Life {
  organisation: Organisation;
  stack: Stack;
  /** Writes the program of the resource "vip". What is given stands beside the least that it needs. */
  write(args?: Fields, options?: string): Promise<void>;
  /** What the organisation has of the kind. */
  objects(): Promise<Seen[]>;
  /** The only one that it has. */
  only(): Promise<Seen>;
  /** Calls that change something, such as `PUT 200`. */
  changes(): Promise<string[]>;
  /** Adds one that Pulumi knows nothing of; its id. */
  add(fields: Fields): Promise<string>;
  /** Changes one as somebody in the admin console would. */
  edit(id: string, fields: Fields): Promise<unknown>;
  /** Raises its version without a change of anything of the program's. */
  touch(id: string): Promise<unknown>;
  remove(id: string): Promise<void>;
  /** Has calls answered otherwise: once, unless it is said how often. */
  spoil(calls: Calls, action: FaultAction, times?: number | "always"): Promise<void>;
}

/** What a stack shows of an object of the defaults: the address only where there is one. */
export function defaultOutputs({ defaults }: Subject): Fields {
  const { webhookUrl: _, ...shown } = defaults;
  return shown;
}

/** The ids of a stack's resources, by their names. */
export const idsIn = async (stack: Stack): Promise<Map<string, string>> =>
  new Map((await stack.resources()).map(({ urn, id }) => [String(urn.split("::").at(-1)), String(id)]));

/** The text of a program that makes resources of one kind: their names, arguments (as values or text) and options. */
export const programOf = (
  { resource }: Subject,
  made: Record<string, { args: Fields | string; options?: string }>,
): string => `
const pulumi = require("@pulumi/pulumi");
const { ${resource} } = require("pulumi-genesyscloud-eventbridge");
${Object.entries(made)
  .map(
    ([name, { args, options = "{}" }]) =>
      `exports.${name} = new ${resource}("${name}", ${typeof args === "string" ? args : JSON.stringify(args)}, ${options}).id;`,
  )
  .join("\n")}
`;

/** A stack that is connected to an organisation; its program makes one resource. */
export async function begin(
  subject: Subject,
  { args = {}, ...options }: SandboxOptions & { args?: Fields } = {},
): Promise<Life> {
  const { collection, minimal } = subject;
  const organisation = await startOrganisation(options);
  const stack = await createStack();
  await connect(stack, organisation);
  const write = (more: Fields = {}, given?: string) =>
    stack.program(programOf(subject, { vip: { args: { ...minimal, ...more }, options: given } }));
  const objects = async () => (await organisation.everything())[collection].map(subject.seen);
  await write(args);
  return {
    organisation,
    stack,
    write,
    objects,
    only: async () => {
      const [object, ...others] = await objects();
      expect(others).toEqual([]);
      return object as Seen;
    },
    changes: async () =>
      (await organisation.calls())
        .filter((call) => !call.startsWith("GET"))
        .map((call) => call.replace(/ .*(?= )/, "")),
    add: async (fields) => {
      const added = await organisation.add(collection, subject.stored({ ...minimal, ...fields }));
      return subject.seen(added).id;
    },
    edit: (id, fields) => organisation.change(collection, id, subject.stored(fields)),
    touch: (id) => organisation.change(collection, id, subject.untold),
    remove: (id) => organisation.remove(collection, id),
    spoil: (match, action, times = 1) => organisation.fault({ match, times, action }),
  };
}
