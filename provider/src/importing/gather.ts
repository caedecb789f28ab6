import { mapLimit } from "async";
import { sourceApi } from "../eventBridgeSource/api.js";
import { createSourceHandler, SOURCE } from "../eventBridgeSource/kind.js";
import type { WireSource } from "../eventBridgeSource/wire.js";
import { isKnownByJob } from "../jobResource.js";
import type { Context } from "../resourceHandler.js";
import type { Step } from "../step.js";
import { EVENT_BRIDGE_SOURCE_TYPE as TYPE } from "../stub.js";
import { takeIn } from "./imported.js";
import type { NamedImport } from "./importFile.js";
import { answeringFor } from "./listed.js";
import type { Naming } from "./names.js";
import { byNameThenId, nameOf } from "./order.js";

/** Sources that are taken in at once. */
const AT_ONCE = 8;

/** A resource as a stack's state has it. */
export interface StackResource {
  urn: string;
  type: string;
  id?: string;
  /** It is only read. */
  external?: boolean;
  /** It waits to be deleted. */
  delete?: boolean;
  outputs?: Record<string, unknown>;
}

/** The stack that sources are to enter. */
export interface Destination {
  project: string;
  /** The stack's name as it stands in URNs. */
  stack: string;
  resources: readonly StackResource[];
}

interface Known {
  id: string;
  name: string;
}

/** A source that the stack manages already. */
export interface Skipped extends Known {
  /** The resource's name in the stack. */
  resource: string;
}

/** A source that does not enter the stack. */
export interface LeftOut extends Known {
  reason: string;
  /** It was deleted meanwhile, which is no failure. */
  gone: boolean;
}

/** What becomes of the sources that were found. */
export interface Gathered {
  imports: NamedImport[];
  skipped: Skipped[];
  leftOut: LeftOut[];
}

/** Prepares sources for a stack, those that are new to it: in order of their names, so that each gets the same one again. */
export async function gather(
  sources: readonly WireSource[],
  destination: Destination,
  naming: Naming,
  { context, budget }: Step,
): Promise<Gathered> {
  const managed = managedBy(destination.resources);
  const inTheMaking = makingOf(destination.resources);
  const skipped: Skipped[] = [];
  const fresh: WireSource[] = [];
  for (const source of sources.toSorted(byNameThenId)) {
    const resource = managed.get(source.source_id) ?? inTheMaking.get(source.name);
    if (resource === undefined) fresh.push(source);
    else skipped.push({ ...known(source), resource });
  }

  const taken = new Set(
    destination.resources.filter(({ type }) => type === TYPE).map(({ urn }) => nameIn(urn)),
  );
  const named = fresh.map((source) => ({
    ...known(source),
    resource: naming.resource(nameOf(source), taken),
  }));
  const handler = createSourceHandler();
  const answering = await answeringFor(fresh, context.client, sourceApi(context.client, budget));
  const reading: Context = Object.create(context, { client: { value: answering } });
  const results = await mapLimit(named, AT_ONCE, async ({ id, resource }: Skipped) =>
    takeIn(handler, reading, { id, urn: urnOf(resource, destination) }),
  );

  const imports: NamedImport[] = [];
  const leftOut: LeftOut[] = [];
  for (const [index, result] of results.entries()) {
    const { id, name, resource } = named[index] as Skipped;
    if (result === "gone") leftOut.push({ id, name, reason: "was deleted meanwhile", gone: true });
    else if ("problems" in result)
      leftOut.push({
        id,
        name,
        reason: `cannot be described by a program: ${result.problems.join("; ")}`,
        gone: false,
      });
    else imports.push({ ...result, id, resource });
  }
  return { imports, skipped, leftOut };
}

const known = (source: WireSource): Known => ({ id: String(source.source_id), name: nameOf(source) });

/** The resources that sources belong to, by the source's id. What a stack only reads it does not manage. */
function managedBy(resources: readonly StackResource[]): Map<unknown, string> {
  const managed = new Map<unknown, string>();
  for (const { type, id, outputs, urn, external, delete: leaving } of resources)
    if (type === TYPE && !external && !leaving)
      for (const each of [id, outputs?.sourceId]) if (each !== undefined) managed.set(each, nameIn(urn));
  return managed;
}

/** The resources of which only the job is known, by the name of the source that it makes: that is theirs, too. */
function makingOf(resources: readonly StackResource[]): Map<unknown, string> {
  const making = resources.filter((each) => each.type === TYPE && isKnownByJob(each, SOURCE.idOutput));
  return new Map(making.map(({ urn, outputs }) => [outputs?.name, nameIn(urn)]));
}

const nameIn = (urn: string): string => urn.split("::").slice(3).join("::");

const urnOf = (resource: string, { stack, project }: Destination): string =>
  `urn:pulumi:${stack}::${project}::${TYPE}::${resource}`;
