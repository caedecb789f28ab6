import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** How long the CLI may take to hand the state over, in milliseconds. */
const PATIENCE_MS = 60_000;
/** How the type tokens of this package begin. */
const OUR_TYPES = "pulumi-nodejs:dynamic/genesyscloud:";
/** A state of 50,000 resources, in bytes. */
const LARGEST_STATE = 512 * 1024 * 1024;

/**
 * Whether the stack keeps a resource with this id. Nothing else tells a create that replaces by force (`--replace`,
 * `state taint`) from one that follows a crash: the engine calls both in the same way. The state is asked for once a
 * process, and only where the answer decides something.
 *
 * @returns `undefined` where it cannot be told, such as without a Pulumi CLI on PATH.
 */
export function createStackState(folder: string): (urn: string, id: string) => Promise<boolean | undefined> {
  const known = new Map<string, Promise<Set<string> | undefined>>();
  return async (urn, id) => {
    const stack = stackOf(urn);
    if (stack === undefined) return undefined;
    const ids = known.get(stack) ?? idsIn(folder, stack);
    known.set(stack, ids);
    return (await ids)?.has(id);
  };
}

/** The stack's name: `dev` in `urn:pulumi:dev::shop::…`. */
const stackOf = (urn: string): string | undefined => /^urn:pulumi:([^:]+)::/.exec(urn)?.[1];

/** The ids of the resources in a stack's state; what a resource's outputs call its source's id counts, too. */
async function idsIn(folder: string, stack: string): Promise<Set<string> | undefined> {
  try {
    const { stdout } = await run("pulumi", ["stack", "export", "--stack", stack, "--non-interactive"], {
      cwd: folder,
      timeout: PATIENCE_MS,
      maxBuffer: LARGEST_STATE,
    });
    const resources: { type: string; id?: string; outputs?: { sourceId?: string } }[] =
      JSON.parse(stdout).deployment.resources ?? [];
    return new Set(
      resources
        // The stack itself is a resource, too, and its outputs are called as the program likes.
        .filter(({ type }) => type.startsWith(OUR_TYPES))
        .flatMap(({ id, outputs }) => [id, outputs?.sourceId])
        .filter((each): each is string => typeof each === "string"),
    );
  } catch {
    return undefined;
  }
}
