/**
 * Packages that one command or one setting needs, and nobody else. They are optional peers of this package: whoever uses
 * the command or the setting installs them.
 */
import { createRequire } from "node:module";

const requireHere = createRequire(__filename);

/** Where the package is loaded from, seen from this one; `undefined` where it is not installed. */
export function placeOf(name: string): string | undefined {
  try {
    return requireHere.resolve(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}

/** What installs a release that goes with this package, such as `npm install fastify@5`. */
export function howToInstall(name: string): string {
  const { peerDependencies } = requireHere("pulumi-genesyscloud-eventbridge/package.json");
  const range: string = peerDependencies[name] ?? "";
  // As far as a caret keeps it; the caret itself means something to the shell of Windows.
  return `npm install ${name}@${/^\^(0\.\d+|\d+)/.exec(range)?.[1] ?? range}`;
}
