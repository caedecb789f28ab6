import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * The folder of the Pulumi project that a folder is in: the nearest one upwards with a Pulumi.yaml, since the
 * engine starts the provider where the program is, which may be further down. The folder itself outside of any.
 */
export function projectFolder(folder: string): string {
  for (let each = folder; ; each = dirname(each)) {
    if (["Pulumi.yaml", "Pulumi.yml"].some((name) => existsSync(join(each, name)))) return each;
    if (dirname(each) === each) return folder;
  }
}
