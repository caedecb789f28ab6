/** A Pulumi project's folder outside of the repository, with a CLI that hands states over. */
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { failPower } from "./powerFailure.js";

const root = join(import.meta.dirname, "../../..");

const typeIn = (urn: string) => urn.split("::")[2];

const stackOf = (name: string) => ({
  urn: `urn:pulumi:${name}::model::pulumi:pulumi:Stack::model-${name}`,
  type: "pulumi:pulumi:Stack",
});

/**
 * What of the CLI a provider uses: `stack ls`, and `stack export`, of the stack that is named, in full or in short, or of the selected
 * one. It fails where there is no stack of that name.
 */
const CLI = `#!/bin/sh
stack=.selected
[ "$2" = ls ] && stack=.all
while [ $# -gt 0 ]; do
  [ "$1" = --stack ] && stack=$2
  shift
done
exec cat "\${0%/*}/../states/\${stack##*/}.json"
`;

/** What is exported of a stack. */
export interface ShownState {
  resources: readonly { urn: string }[];
  /** The URNs of creates that the engine has begun and not ended. */
  creating: ReadonlySet<string>;
}

/** A Pulumi project's folder. */
export interface ProjectFolder {
  folder: string;
  /** Where executables are looked for first: a `pulumi` that hands the state over, which the CLI itself would do. */
  path: string;
  /** What `pulumi stack export` says from now on, by the names of stacks. @param selected one of them. */
  showStates(states: ReadonlyMap<string, ShownState>, selected: string): Promise<void>;
  /** Takes away what runs have left: journal, audit log, outbox. */
  clean(): Promise<void>;
  /** For `disk.cjs` in a provider's process. */
  env: Record<string, string>;
  /** Leaves what a power failure would, once the provider's process is gone. */
  failPower(): void;
  remove(): Promise<void>;
}

/** Made outside the repository; the built provider and the SDK resolve from it. */
export async function makeProjectFolder(): Promise<ProjectFolder> {
  const folder = await mkdtemp(join(tmpdir(), "eventbridge-model-"));
  await writeFile(join(folder, "Pulumi.yaml"), "name: model\nruntime: nodejs\n");
  await mkdir(join(folder, "node_modules/@pulumi"), { recursive: true });
  await symlink(join(root, "provider"), join(folder, "node_modules/pulumi-genesyscloud-eventbridge"));
  await symlink(join(root, "node_modules/@pulumi/pulumi"), join(folder, "node_modules/@pulumi/pulumi"));
  const bin = join(folder, "bin");
  const states = join(folder, "states");
  await mkdir(bin);
  await writeFile(join(bin, "pulumi"), CLI, { mode: 0o755 });
  const safe = await mkdtemp(join(tmpdir(), "eventbridge-model-safe-"));
  const ours = ["Pulumi.yaml", "bin", "node_modules", "states"];
  return {
    folder,
    env: { DISK_FOLDER: folder, DISK_SAFE: safe },
    failPower: () => {
      if (process.platform === "linux") failPower(folder, safe, ours);
    },
    path: `${bin}${delimiter}${process.env.PATH}`,
    showStates: async (all, selected) => {
      await rm(states, { recursive: true, force: true });
      await mkdir(states);
      for (const [name, { resources: state, creating }] of all) {
        const resources = [stackOf(name), ...state.map((each) => ({ type: typeIn(each.urn), ...each }))];
        const pending_operations = [...creating].map((urn) => ({ type: "creating", resource: { urn } }));
        const text = JSON.stringify({ deployment: { resources, pending_operations } });
        await writeFile(join(states, `${name}.json`), text);
        await writeFile(
          join(states, ".all.json"),
          JSON.stringify([...all.keys()].map((each) => ({ name: each }))),
        );
        if (name === selected) await writeFile(join(states, ".selected.json"), text);
      }
    },
    clean: async () => {
      const left = (await readdir(folder)).filter((name) => !ours.includes(name));
      const paths = [
        ...left.map((name) => join(folder, name)),
        ...(await readdir(safe)).map((name) => join(safe, name)),
      ];
      await Promise.all(paths.map((path) => rm(path, { recursive: true, force: true })));
    },
    remove: async () => {
      for (const each of [folder, safe]) await rm(each, { recursive: true, force: true });
    },
  };
}
