/** Puts a script of a story's own in the place of the Pulumi CLI. */
import { chmod, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { inject } from "vitest";
import type { Stack } from "./stack.js";

/** Puts a script in front of the Pulumi CLI, which it can reach as $REAL. */
export async function inFrontOfPulumi(stack: Stack, script: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-shim-"));
  await writeFile(
    join(folder, "pulumi"),
    `#!/bin/sh\nREAL=${join(inject("cliFolder"), "pulumi")}\n${script}\n`,
  );
  await chmod(join(folder, "pulumi"), 0o755);
  stack.environment.PATH = `${folder}${delimiter}${stack.environment.PATH}`;
}
