import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "../../..");

/** A Pulumi project's folder outside the repository, from which the built provider and the SDK resolve. */
export async function makeProjectFolder(): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "eventbridge-model-"));
  await writeFile(join(folder, "Pulumi.yaml"), "name: model\nruntime: nodejs\n");
  await mkdir(join(folder, "node_modules/@pulumi"), { recursive: true });
  await symlink(join(root, "provider"), join(folder, "node_modules/pulumi-genesyscloud-eventbridge"));
  await symlink(join(root, "node_modules/@pulumi/pulumi"), join(folder, "node_modules/@pulumi/pulumi"));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
