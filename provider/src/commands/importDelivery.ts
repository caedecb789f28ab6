import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import writeFileAtomic from "write-file-atomic";
import type { NamedImport } from "../importing/importFile.js";
import { type Place, putInPlace } from "../importing/place.js";
import { EVENT_BRIDGE_SOURCE_TYPE as TYPE } from "../pulumi/stub.js";
import { CommandError } from "./failure.js";
import { readStack, type StackOptions, showPulumi } from "./pulumiCli.js";

const IMPORT_OPTIONS = ["--yes", "--generate-code=false", "--protect=false"];

/** How somebody goes on with a file. */
const importLine = (file: string): string => `pulumi import --file ${here(file)} ${IMPORT_OPTIONS.join(" ")}`;

const here = (file: string): string => relative(process.cwd(), file);

const sayCount = (count: number): string => `${count} ${count === 1 ? "source" : "sources"}`;

/** For its owner's eyes only: addresses of webhooks are in it. */
const writeSecret = (file: string, content: string) => writeFileAtomic(file, content, { mode: 0o600 });

/** Leaves the file for somebody to import. @returns how it goes on. */
export async function leave(imports: readonly NamedImport[], file: string, content: string): Promise<string> {
  await writeSecret(file, content);
  return `${sayCount(imports.length)} in ${here(file)}. Now: ${importLine(file)}`;
}

/** What is to be imported, and where it goes. */
export interface Delivery {
  imports: readonly NamedImport[];
  /** The content of the import file. */
  content: string;
  /** Where that file is kept; `undefined`: it is only on its way. */
  out: string | undefined;
  program: { place: Place; text: string } | undefined;
  stack: StackOptions;
}

/**
 * Imports at once.
 *
 * @returns how it goes on.
 * @throws CommandError when the Pulumi CLI fails; the message says what has happened and how it goes on.
 */
export async function deliver(delivery: Delivery): Promise<string> {
  const { imports, content, out, program, stack } = delivery;
  const file = out ?? join(await mkdtemp(join(tmpdir(), "genesyscloud-eventbridge-")), "import.json");
  const discard = async () => {
    if (out === undefined) await rm(dirname(file), { recursive: true, force: true });
  };
  await writeSecret(file, content);
  // The program comes first: what is in the state and in no program, the next update would delete.
  const takeBack = program && (await putInPlace(program.place, program.text));
  const code = await showPulumi(["import", "--file", file, ...IMPORT_OPTIONS, "--skip-preview"], stack);
  if (code === 0) {
    await discard();
    return `${sayCount(imports.length)} imported. ${whatIsLeft(program?.place)}`;
  }
  const arrived = await countArrived(imports, stack);
  if (arrived === 0) {
    await takeBack?.();
    await discard();
    throw new CommandError(
      `pulumi import ended with ${code}: nothing was imported${takeBack ? ", and the program is as it was" : ""}`,
    );
  }
  throw new CommandError(
    `pulumi import ended with ${code}, with ${arrived ?? "some"} of ${sayCount(imports.length)} imported${takeBack ? "; the program has all of them" : ""}. When what it complains of is put right, the rest follows with: ${importLine(file)}`,
  );
}

/** How many are in the stack's state; `undefined` when nobody can tell. */
async function countArrived(
  imports: readonly NamedImport[],
  options: StackOptions,
): Promise<number | undefined> {
  const ids = new Set<unknown>(imports.map(({ id }) => id));
  const stack = await readStack(options).catch(() => undefined);
  return stack?.resources.filter(({ id, type }) => type === TYPE && ids.has(id)).length;
}

function whatIsLeft(place: Place | undefined): string {
  if (place === undefined)
    return 'No program has them yet: write them into it before the next "pulumi up", which would delete them.';
  const { file, importedBy } = place;
  return importedBy === undefined
    ? `The program is ${here(file)}.`
    : `The program has them in ${here(file)}, which ${here(importedBy.entry)} imports.`;
}
