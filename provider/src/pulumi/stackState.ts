import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { isKnownByJob, jobResourceId } from "../jobResource.js";
import type { StackState } from "../resourceHandler.js";

const run = promisify(execFile);

/** How long the CLI may take to hand the state over, in milliseconds. */
const PATIENCE_MS = 60_000;
/** How the type tokens of this package begin. */
const OUR_TYPES = "pulumi-nodejs:dynamic/genesyscloud:";
/** A state of 50,000 resources, in bytes. */
const LARGEST_STATE = 512 * 1024 * 1024;

/** As much of a resource in an exported state as is of interest here. */
interface Exported {
  urn: string;
  type: string;
  id?: string;
  /** It is only read. */
  external?: boolean;
  /** It waits to be deleted. */
  delete?: boolean;
  /** It was deleted, and what takes its place is still to be made. */
  pendingReplacement?: boolean;
  inputs?: { name?: unknown };
  outputs?: { sourceId?: string; jobId?: string; name?: string };
}

/**
 * The stack's state, as the CLI exports it. Nothing else tells a create that replaces by force (`--replace`, `state
 * taint`) from one that follows a crash: the engine calls both in the same way. It is asked for once a process, and
 * only where the answer decides something.
 */
export function createStackState(folder: string): StackState {
  const states = new Map<string, Promise<Exported[] | undefined>>();
  const taken = new Set<string>();
  const over = new Set<string>();
  const gone = new Map<string, number>();
  /** Names, by the ids of the resources that were read; none where the object is gone. */
  const read = new Map<string, string | undefined>();
  let selected: Promise<Exported[] | undefined> | undefined;
  async function resourcesOf(urn: string): Promise<Exported[] | undefined> {
    const [ofStack, stack] = /^urn:pulumi:([^:]+)::[^:]+::/.exec(urn) ?? [];
    if (ofStack === undefined || stack === undefined) return undefined;
    const known = states.get(ofStack) ?? exported(folder, { stack, ofStack });
    states.set(ofStack, known);
    const isGone = (id: string) => read.has(id) && read.get(id) === undefined;
    return (await known)?.filter((each) => !idsOf(each).some(isGone));
  }
  /** What is selected in the folder: where a stack was renamed, the URN in a state is still the one before. */
  function selectedStack(): Promise<Exported[] | undefined> {
    selected ??= exported(folder);
    return selected;
  }
  return {
    holds: async (urn, id, name) => {
      if (taken.has(id)) return true;
      const resources = await resourcesOf(urn);
      return resources
        ?.filter(isThere)
        .some(
          (each) =>
            idsOf(each).includes(id) ||
            (name !== undefined && isMaking(each, name) && !idsOf(each).some((known) => over.has(known))),
        );
    },
    nameOf: async (urn, which) => {
      const ofUrn = ((await resourcesOf(urn)) ?? []).filter((each) => each.urn === urn);
      const staying = ofUrn.find((each) => !each.delete);
      const one = staying ?? (which === "or leaving" ? ofUrn[0] : undefined);
      return one && (read.get(one.id ?? "") ?? nameIn(one));
    },
    hasRead: (id, name) => void read.set(id, name),
    takes: (id) => {
      const isFirst = !taken.has(id);
      taken.add(id);
      return isFirst;
    },
    expectsNothingOf: (jobId) => void over.add(jobResourceId(jobId)),
    keepsWithout: async (urn, id) => {
      if (taken.has(id)) return true;
      if (urn === undefined) return false;
      const goneWithThis = (gone.get(id) ?? 0) + 1;
      gone.set(id, goneWithThis);
      const resources = (await resourcesOf(urn)) ?? (await selectedStack()) ?? [];
      return resources.filter((each) => isThere(each) && idsOf(each).includes(id)).length > goneWithThis;
    },
  };
}

/** What a resource may be known by: its own id, its source's, and its job's. */
function idsOf({ id, outputs: { sourceId, jobId } = {} }: Exported): string[] {
  const ofJob = typeof jobId === "string" ? jobResourceId(jobId) : undefined;
  return [id, sourceId, ofJob].filter((each) => typeof each === "string");
}

/** What a check with olds would say; a name that is secret the CLI does not show. */
const nameIn = ({ inputs, outputs }: Exported): string | undefined =>
  [inputs?.name, outputs?.name].find((each) => typeof each === "string");

/** Whether there still is what a resource stands for. */
const isThere = ({ pendingReplacement }: Exported): boolean => !pendingReplacement;

/** Whether a resource's job is still making what is to bear this name. */
const isMaking = (resource: Exported, name: string): boolean =>
  isKnownByJob(resource) && resource.outputs?.name === name;

/**
 * The resources of ours in a stack's state.
 *
 * @param of the stack's name, and how the URNs of the stack and project begin: another project's stack may have the same
 *   name, and a folder may belong to another project, so a state in which nothing begins so is not the one. The selected
 *   stack, where it is left out.
 * @returns `undefined` where the state cannot be had.
 */
async function exported(
  folder: string,
  of?: { stack: string; ofStack: string },
): Promise<Exported[] | undefined> {
  try {
    const named = of === undefined ? [] : ["--stack", of.stack];
    const { stdout } = await run("pulumi", ["stack", "export", ...named, "--non-interactive"], {
      cwd: folder,
      timeout: PATIENCE_MS,
      maxBuffer: LARGEST_STATE,
    });
    const resources: Exported[] = JSON.parse(stdout).deployment.resources ?? [];
    if (of !== undefined && !resources.some(({ urn }) => urn.startsWith(of.ofStack))) return undefined;
    // The stack itself is a resource, too, and its outputs are called as the program likes. What is only read is no
    // more the stack's than anybody's.
    return resources.filter(({ type, external }) => type.startsWith(OUR_TYPES) && !external);
  } catch {
    return undefined;
  }
}
