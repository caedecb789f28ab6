import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { isKnownByJob, jobResourceId } from "../jobResource.js";
import type { StackState } from "../resourceHandler.js";
import { projectFileIn } from "./projectFolder.js";

const run = promisify(execFile);

/** How long the CLI may take to hand the state over, in milliseconds. */
const PATIENCE_MS = 60_000;
/** What a backend that is self-managed, a folder or a bucket, calls its one organisation. */
const SELF_MANAGED = "organization";
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
  let organization: string | undefined;
  async function resourcesOf(urn: string): Promise<Exported[] | undefined> {
    const [ofStack, stack, project] = /^urn:pulumi:([^:]+)::([^:]+)::/.exec(urn) ?? [];
    if (ofStack === undefined || stack === undefined || project === undefined) return undefined;
    const known = states.get(ofStack) ?? stateOf({ folder, ofStack, stack, project, organization });
    states.set(ofStack, known);
    const isGone = (id: string) => read.has(id) && read.get(id) === undefined;
    return (await known)?.filter((each) => !idsOf(each).some(isGone));
  }
  /** What is selected in the folder: where a stack was renamed, the URN in a state is still the one before. */
  function selectedStack(): Promise<Exported[] | undefined> {
    selected ??= exported(folder).then((resources) => resources?.filter(isOurs));
    return selected;
  }
  return {
    belongsTo: (name) => {
      organization = name;
    },
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

/** Where the state of a stack may be had, and how the URNs of the stack and project begin. */
interface Wanted {
  folder: string;
  ofStack: string;
  stack: string;
  project: string;
  organization: string | undefined;
}

/**
 * The resources of ours in a stack's state. By its full name the CLI knows a stack in any folder; by the short one in its
 * project's alone, where another project's stack, or another organisation's, may have the same: a state in which nothing
 * begins as it should is not the one.
 *
 * @returns `undefined` where the state cannot be had, or has nothing in it.
 */
async function stateOf({ folder, ofStack, stack, project, organization }: Wanted) {
  const full = `${organization ?? SELF_MANAGED}/${project}/${stack}`;
  const isGuess = organization === undefined && projectFileIn(folder) !== undefined;
  for (const name of isGuess ? [stack, full] : [full, stack]) {
    const resources = await exported(folder, name);
    if (resources?.some(({ urn }) => urn.startsWith(ofStack))) return resources.filter(isOurs);
    if (resources?.length === 0) return undefined;
  }
  return undefined;
}

/**
 * Whether a resource is one of ours: the stack itself is one, too, and its outputs are called as the program likes. What is
 * only read is no more the stack's than anybody's.
 */
const isOurs = ({ type, external }: Exported): boolean => type.startsWith(OUR_TYPES) && !external;

/** Everything in the state of the stack of this name, or of the selected one; `undefined` where it cannot be had. */
async function exported(folder: string, stack?: string): Promise<Exported[] | undefined> {
  try {
    const named = stack === undefined ? [] : ["--stack", stack];
    const { stdout } = await run("pulumi", ["stack", "export", ...named, "--non-interactive"], {
      cwd: folder,
      timeout: PATIENCE_MS,
      maxBuffer: LARGEST_STATE,
    });
    return JSON.parse(stdout).deployment.resources ?? [];
  } catch {
    return undefined;
  }
}
