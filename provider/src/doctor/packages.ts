/** Whether the engine finds this package from where a program lies. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { outOfReach } from "../withinReach.js";
import { about, type Finding } from "./finding.js";

/** What Yarn's Plug'n'Play leaves in the place of node_modules. */
const PNP = [".pnp.cjs", ".pnp.js"];

/** @param folder the program's. */
export function checkPackages(folder: string): Finding {
  const packages = about("packages");
  const isPnp = PNP.some((name) => isAbove(folder, name));
  if (isPnp && !isAbove(folder, join("node_modules", "@pulumi", "pulumi")))
    return packages.failed(
      "Yarn's Plug'n'Play keeps them where Pulumi does not look: set nodeLinker: node-modules in .yarnrc.yml, and run yarn install",
    );
  const trouble = outOfReach(folder);
  return trouble === undefined ? packages.ok(`this one is found from ${folder}`) : packages.failed(trouble);
}

/** Whether a file is in a folder, or in one above it. */
function isAbove(folder: string, name: string): boolean {
  for (let each = folder; ; each = dirname(each)) {
    if (existsSync(join(each, name))) return true;
    if (dirname(each) === each) return false;
  }
}
