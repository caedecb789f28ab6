/** Programs that are functions of the Automation API. Each runs in a folder that belongs to no Pulumi project. */
import { execFile } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { inject } from "vitest";
import { MINIMAL, type Organisation } from "./organisation.js";
import { CLIENT } from "./project.js";
import type { Stack } from "./stack.js";

/**
 * Runs a script that drives a stack of its own, and prints one line of JSON.
 *
 * @param script is given `{ args, config }` as JSON: the least that a source needs, and the stack's configuration.
 * @param stack whose environment it gets.
 */
export async function runInline<Result>(
  script: string,
  { url }: Organisation,
  { environment }: Stack,
): Promise<{ folder: string; result: Result }> {
  const folder = await mkdtemp(join(inject("installed"), "projects", "inline-"));
  await writeFile(join(folder, "program.js"), script);
  const values = (of: Record<string, string>, secret: boolean) =>
    Object.fromEntries(Object.entries(of).map(([key, value]) => [key, { value, secret }]));
  const plain = { "genesyscloud:gateway": url, ...CLIENT.plain };
  const config = { ...values(plain, false), ...values(CLIENT.secret, true) };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["program.js", JSON.stringify({ args: MINIMAL, config })],
    { cwd: folder, env: environment },
  );
  return { folder, result: JSON.parse(stdout) };
}
