/** Whether what is installed in a project is what Pulumi's SDK runs its program with: Node, TypeScript and ts-node. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { satisfies } from "semver";
import { about, type Finding } from "./finding.js";

/** What the program is written in. */
export type Program = "JavaScript" | "CommonJS TypeScript" | "ESM TypeScript" | "none yet";

/** What a project's SDK asks for, and what it finds. */
export interface Toolchain {
  /** Ranges of versions; absent where the SDK asks for none. */
  wants: { node?: string; typescript?: string; "ts-node"?: string };
  /** Versions; absent where it is not installed: then the SDK takes old ones of its own. */
  has: { node: string; typescript?: string; "ts-node"?: string };
  program: Program;
}

/** What installs a release that the SDK takes; without a version npm takes the newest. */
const INSTALL = {
  typescript: "npm install --save-dev typescript@6",
  "ts-node": "npm install --save-dev ts-node@10",
};
const LABEL = { typescript: "TypeScript", "ts-node": "ts-node" };
const TOOLS = ["typescript", "ts-node"] as const;

/** A line for each of them that has to do with the program. */
export function toolchainFindings({ wants, has, program }: Toolchain): Finding[] {
  const { node } = wants;
  const runtime =
    node === undefined || satisfies(has.node, node)
      ? []
      : [
          about("Node and the SDK").warning(
            `Pulumi's SDK asks for Node ${node}, and this is ${has.node}: https://nodejs.org/, or an older @pulumi/pulumi`,
          ),
        ];
  return [...runtime, ...TOOLS.map((tool) => aboutTool(tool, { wants, has, program }))];
}

function aboutTool(tool: (typeof TOOLS)[number], { wants, has, program }: Toolchain): Finding {
  const found = about(LABEL[tool]);
  const [version, range] = [has[tool], wants[tool] ?? "*"];
  if (version !== undefined)
    return satisfies(version, range)
      ? found.ok(version)
      : found.failed(`${version} is not ${range}: ${INSTALL[tool]}`);
  // The SDK's own releases know nothing of modules.
  if (program === "ESM TypeScript")
    return found.failed(
      `not installed, and a TypeScript program of type "module" needs it: ${INSTALL[tool]}`,
    );
  if (program === "JavaScript") return found.skipped("not installed, and a JavaScript program needs none");
  return found.ok("not installed: Pulumi's SDK has an old one of its own");
}

/**
 * Looks into a project.
 *
 * @param folder the program's.
 * @returns `undefined` where there is no SDK.
 */
export function toolchainOf(folder: string, program: Program, node: string): Toolchain | undefined {
  const sdk = manifestOf("@pulumi/pulumi", join(folder, "index.js"));
  if (sdk === undefined) return undefined;
  const { engines, peerDependencies } = sdk.manifest;
  // The SDK looks for them from where it lies itself.
  const versionOf = (name: string) => manifestOf(name, sdk.place)?.manifest.version;
  return {
    wants: { node: engines?.node, ...peerDependencies },
    has: { node, typescript: versionOf("typescript"), "ts-node": versionOf("ts-node") },
    program,
  };
}

interface Manifest {
  version: string;
  engines?: { node?: string };
  peerDependencies?: { typescript?: string; "ts-node"?: string };
}

function manifestOf(name: string, from: string): { place: string; manifest: Manifest } | undefined {
  const requireThere = createRequire(from);
  try {
    const place = requireThere.resolve(`${name}/package.json`);
    return { place, manifest: requireThere(place) };
  } catch {
    return undefined;
  }
}
