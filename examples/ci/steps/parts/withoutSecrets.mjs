/**
 * What it takes to preview a change from a fork, which is given no secret: a state folder that is thrown away instead of
 * the stack's state, and the stack's configuration without what is secret in it.
 */
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pulumi } from "./run.mjs";

/** Stands for a secret of the program's own. */
const LEFT_OUT = "left-out";
/** Half of a login: without the secret it would be a mistake. */
const HALVES = ["genesyscloud:oauthClientId", "genesyscloud:webhookRequired"];

/**
 * Runs work in an environment without secrets. The stack's configuration file is put back as it was.
 *
 * @template T
 * @param {string} stack its name
 * @param {(env: NodeJS.ProcessEnv) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withoutSecrets(stack, work) {
  const file = `Pulumi.${stack}.yaml`;
  const before = await readFile(file, "utf8").catch(() => undefined);
  const folder = await mkdtemp(join(tmpdir(), "preview-"));
  const env = {
    ...withoutCredentials(process.env),
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_CONFIG_PASSPHRASE: randomBytes(16).toString("hex"),
    PULUMI_STACK: stack,
  };
  try {
    await rm(file, { force: true });
    const made = await pulumi(["stack", "init", stack, "--no-select"], { env });
    if (made.code !== 0) throw new Error(made.output);
    await writeFile(file, await configuration(before, await readFile(file, "utf8").catch(() => "")));
    return await work(env);
  } finally {
    await rm(file, { force: true });
    if (before !== undefined) await writeFile(file, before);
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param {NodeJS.ProcessEnv} env */
function withoutCredentials(env) {
  const secret =
    /^(PULUMI_ACCESS_TOKEN|PULUMI_CONFIG_PASSPHRASE_FILE|GENESYSCLOUD_(OAUTHCLIENT_|ACCESS_TOKEN|WEBHOOK_)|GENESYS_CLIENT_|EXTERNAL_WEBHOOK_URL)/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !secret.test(name)));
}

/**
 * @param {string | undefined} whole the stack's file; an environment of Pulumi ESC in it is out of reach
 * @param {string} made the new stack's file
 */
async function configuration(whole, made) {
  const { parse, stringify } = yaml();
  const values = Object.entries(parse(whole ?? "")?.config ?? {});
  const kept = values.flatMap(([key, value]) => {
    const isOurs = key.startsWith("genesyscloud:");
    if (HALVES.includes(key) || (isOurs && isSecret(value))) return [];
    return [[key, replaced(value)]];
  });
  return stringify({ ...parse(made), config: Object.fromEntries(kept) });
}

/** The parser that comes with the package. */
function yaml() {
  const ours = createRequire(join(process.cwd(), "package.json")).resolve("pulumi-genesyscloud-eventbridge");
  return createRequire(ours)("yaml");
}

/** @param {unknown} value @returns {boolean} */
const isSecret = (value) => typeof value === "object" && value !== null && "secure" in value;

/** @param {unknown} value @returns {unknown} the same without secrets, however deep they are */
function replaced(value) {
  if (isSecret(value)) return LEFT_OUT;
  if (Array.isArray(value)) return value.map(replaced);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, replaced(each)]));
}
