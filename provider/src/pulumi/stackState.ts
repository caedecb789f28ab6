/** What the state of the stack tells of its resources, by `pulumi stack export`, asked for once a process. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { mapLimit } from "async";
import { isKnownByJob, jobResourceId } from "../jobResource.js";
import type { StackState } from "../resourceHandler.js";
import { EXPORT_PATIENCE_MS } from "../waits.js";
import { projectFileIn } from "./projectFolder.js";

const run = promisify(execFile);

/** What a backend that is self-managed, a folder or a bucket, calls its one organisation. */
const SELF_MANAGED = "organization";
/** What has to be known of a kind of resource to read it in a state. */
export interface KindInState {
  type: string;
  /** The output that bears the object's id. */
  idOutput: string;
  key: { field: string };
}

/** Stacks of a project that are looked into; each takes a second of the CLI's. */
const MOST_STACKS = 50;
/** Of these at once. */
const AT_ONCE = 4;
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
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

/** A state, as far as it is of interest here. */
interface ExportedState {
  resources: Exported[];
  /** The URNs of resources whose create the engine has begun and not ended. */
  creating: string[];
}

/**
 * The stack's state, as the CLI exports it. Nothing else tells a create that replaces by force (`--replace`, `state
 * taint`) from one that follows a crash: the engine calls both in the same way. It is asked for once a process, and
 * only where the answer decides something.
 *
 * @param meanwhile what can be done while the CLI is at work; called when it has been started.
 */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a closure in the place of a class; each of its methods is short, and they share what stands at its top
export function createStackState(
  folder: string,
  kinds: readonly KindInState[],
  meanwhile: () => void = () => {},
): StackState {
  const states = new Map<string, Promise<ExportedState | undefined>>();
  const taken = new Set<string>();
  const over = new Set<string>();
  const gone = new Map<string, number>();
  /** Keys, by the ids of the resources that were read; none where the object is gone. */
  const read = new Map<string, string | undefined>();
  let others: Promise<Exported[]> | undefined;
  let selected: Promise<Exported[] | undefined> | undefined;
  let organization: string | undefined;
  const kindOf = ({ type }: Exported) => kinds.find((each) => each.type === type);
  const keyFieldOf = (each: Exported): string => kindOf(each)?.key.field ?? "";
  /** What is only read is no more the stack's than anybody's. The stack itself is a resource of no kind of ours. */
  const isOurs = (each: Exported) => kindOf(each) !== undefined && !each.external;
  const known = new WeakMap<Exported, readonly string[]>();
  /** What a resource may be known by: its own id, its object's, and its job's. Every deletion asks for those of all resources. */
  const idsOf = (each: Exported): readonly string[] => {
    const ids = known.get(each) ?? idsIn(each, kindOf(each)?.idOutput ?? "");
    known.set(each, ids);
    return ids;
  };
  /** What a check with olds would say; a key that is secret the CLI does not show. */
  const keyIn = (each: Exported): string | undefined => {
    const field = keyFieldOf(each);
    return [each.inputs?.[field], each.outputs?.[field]].find((one) => typeof one === "string");
  };
  /** Whether a resource's job is still making what is to bear this key. */
  const isMaking = (each: Exported, key: string): boolean =>
    isKnownByJob(each, kindOf(each)?.idOutput ?? "") && each.outputs?.[keyFieldOf(each)] === key;
  /** Whether a resource is this object, or its job may be making it. */
  const mayBe = (each: Exported, id: string, key: string | undefined): boolean =>
    idsOf(each).includes(id) ||
    (key !== undefined && isMaking(each, key) && !idsOf(each).some((one) => over.has(one)));
  async function stateWith(urn: string): Promise<ExportedState | undefined> {
    const [ofStack, stack, project] = /^urn:pulumi:([^:]+)::([^:]+)::/.exec(urn) ?? [];
    if (ofStack === undefined || stack === undefined || project === undefined) return undefined;
    let asked = states.get(ofStack);
    if (asked === undefined) {
      asked = stateOf({ folder, ofStack, stack, project, organization });
      states.set(ofStack, asked);
      meanwhile();
    }
    return asked;
  }
  async function resourcesOf(urn: string): Promise<Exported[] | undefined> {
    const isGone = (id: string) => read.has(id) && read.get(id) === undefined;
    const { resources = [] } = (await stateWith(urn)) ?? {};
    // An empty state may be that of another stack: of what it has not nothing is said.
    if (resources.length === 0) return undefined;
    return resources.filter((each) => isOurs(each) && !idsOf(each).some(isGone));
  }
  /** What is selected in the folder: where a stack was renamed, the URN in a state is still the one before. */
  function selectedStack(): Promise<Exported[] | undefined> {
    selected ??= exported(folder).then((state) => state?.resources.filter(isOurs));
    return selected;
  }
  return {
    belongsTo: (name) => {
      organization = name;
    },
    lookUpId: async (urn, id, key) => {
      if (taken.has(id)) return true;
      const resources = await resourcesOf(urn);
      return resources?.filter(isThere).some((each) => mayBe(each, id, key));
    },
    lookUpInOthers: async (urn, id, key) => {
      others ??= otherStates(folder, ofStackIn(urn));
      return (await others).some((each) => isOurs(each) && mayBe(each, id, key));
    },
    lookUpKey: async (urn) => {
      const ofUrn = ((await resourcesOf(urn)) ?? []).filter((each) => each.urn === urn);
      const staying = ofUrn.find((each) => !each.delete);
      const one = staying ?? ofUrn[0];
      const key = one && (read.get(one.id ?? "") ?? keyIn(one));
      return key === undefined ? undefined : { key, isLeaving: staying === undefined };
    },
    lookUpCreating: async (urn) => (await stateWith(urn))?.creating.includes(urn),
    hasRead: (id, key) => void read.set(id, key),
    reserve: (id) => {
      const isFirst = !taken.has(id);
      taken.add(id);
      return isFirst;
    },
    expectsNothingOf: (jobId) => void over.add(jobResourceId(jobId)),
    noteRemoval: async (urn, id, isKnownById = true) => {
      if (taken.has(id)) return true;
      if (urn === undefined) return false;
      const goneWithThis = (gone.get(id) ?? 0) + (isKnownById ? 1 : 0);
      gone.set(id, goneWithThis);
      const resources = (await resourcesOf(urn)) ?? (await selectedStack()) ?? [];
      return resources.filter((each) => isThere(each) && idsOf(each).includes(id)).length > goneWithThis;
    },
  };
}

/** The ids that stand in a resource of a state. */
function idsIn({ id, outputs = {} }: Exported, idOutput: string): string[] {
  const ofJob = typeof outputs.jobId === "string" ? jobResourceId(outputs.jobId) : undefined;
  return [id, outputs[idOutput], ofJob].filter((one) => typeof one === "string");
}

/** Whether there still is what a resource stands for. */
const isThere = ({ pendingReplacement }: Exported): boolean => !pendingReplacement;

/** Where the state of a stack may be had, and how the URNs of the stack and project begin. */
interface Wanted {
  folder: string;
  ofStack: string;
  stack: string;
  project: string;
  organization: string | undefined;
}

/**
 * A stack's state. By its full name the CLI knows a stack in any folder; by the short one in its
 * project's alone, where another project's stack, or another organisation's, may have the same: a state in which nothing
 * begins as it should is not the one.
 *
 * @returns `undefined` where the state cannot be had.
 */
async function stateOf({
  folder,
  ofStack,
  stack,
  project,
  organization,
}: Wanted): Promise<ExportedState | undefined> {
  const full = `${organization ?? SELF_MANAGED}/${project}/${stack}`;
  const isGuess = organization === undefined && projectFileIn(folder) !== undefined;
  for (const name of isGuess ? [stack, full] : [full, stack]) {
    const state = await exported(folder, name);
    if (state?.resources.some(({ urn }) => urn.startsWith(ofStack))) return state;
    if (state?.resources.length === 0) return state;
  }
  return undefined;
}

/** How the URNs of the stack and project begin that a URN is of. */
const ofStackIn = (urn: string): string => urn.split("::").slice(0, 2).join("::");

/** The resources of the project's other stacks; none where they cannot be had. */
async function otherStates(folder: string, ofStack: string): Promise<Exported[]> {
  const names = await stacksOf(folder);
  const states = await mapLimit(names.slice(0, MOST_STACKS), AT_ONCE, async (name: string) =>
    exported(folder, name),
  );
  return states
    .filter((state) => state !== undefined)
    .filter(({ resources }) => !resources.some(({ urn }) => urn.startsWith(`${ofStack}::`)))
    .flatMap(({ resources }) => resources);
}

async function stacksOf(folder: string): Promise<string[]> {
  try {
    const { stdout } = await run("pulumi", ["stack", "ls", "--json", "--non-interactive"], {
      cwd: folder,
      timeout: EXPORT_PATIENCE_MS,
      maxBuffer: LARGEST_STATE,
    });
    const stacks: { name?: unknown }[] = JSON.parse(stdout);
    return stacks.map(({ name }) => name).filter((name) => typeof name === "string");
  } catch {
    return [];
  }
}

/** Everything in the state of the stack of this name, or of the selected one; `undefined` where it cannot be had. */
async function exported(folder: string, stack?: string): Promise<ExportedState | undefined> {
  try {
    const named = stack === undefined ? [] : ["--stack", stack];
    const { stdout } = await run("pulumi", ["stack", "export", ...named, "--non-interactive"], {
      cwd: folder,
      timeout: EXPORT_PATIENCE_MS,
      maxBuffer: LARGEST_STATE,
    });
    const { resources = [], pending_operations: pending = [] } = JSON.parse(stdout).deployment;
    const creating = pending.filter(({ type }: { type?: unknown }) => type === "creating");
    return { resources, creating: creating.map(({ resource }: { resource?: Exported }) => resource?.urn) };
  } catch {
    return undefined;
  }
}
