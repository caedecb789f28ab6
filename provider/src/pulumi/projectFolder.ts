/** Finds the folder of the Pulumi project. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** How a project's file may be called. */
const PROJECT_FILES = ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"];

/** The file of the Pulumi project that is in this very folder. */
export const projectFileIn = (folder: string): string | undefined =>
  PROJECT_FILES.map((name) => join(folder, name)).find(existsSync);

/**
 * The folder of the Pulumi project that a folder is in: the nearest one upwards with a project file, since the
 * engine starts the provider where the program is, which may be further down. The folder itself outside of any.
 */
export function projectFolder(folder: string): string {
  for (let each = folder; ; each = dirname(each)) {
    if (projectFileIn(each) !== undefined) return each;
    if (dirname(each) === each) return folder;
  }
}
