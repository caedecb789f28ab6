/** Tells a program that somebody writes from one that the TypeScript compiler does. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import type { Place } from "./place.js";

/** The program that is there is written by a compiler; the message says so, and how it goes on. */
export class CompiledError extends Error {}

/** @throws CompiledError where the next run of the compiler would take the line out again that imports the file. */
export async function refuseCompiled({ importedBy }: Place): Promise<void> {
  const why = importedBy && (await whyCompiled(importedBy.entry));
  if (why === undefined) return;
  throw new CompiledError(
    `the program that Pulumi runs here, ${importedBy?.entry}, is what the TypeScript compiler writes (${why}): its next run would drop what is put there, and the next "pulumi up" would delete what was imported. Import without --run, and put the text that --code writes into the TypeScript by hand`,
  );
}

async function whyCompiled(entry: string): Promise<string | undefined> {
  const written = entry.replace(/\.([cm]?)js$/, ".$1ts");
  if (written === entry) return undefined;
  if (existsSync(written)) return `it is made of ${written} beside it`;
  const config = await configWritingTo(entry, dirname(entry));
  return config && `it lies in the outDir of ${config}`;
}

/** The tsconfig.json whose output a file is, in a folder or above it. */
async function configWritingTo(entry: string, folder: string): Promise<string | undefined> {
  const config = join(folder, "tsconfig.json");
  const outDir = existsSync(config) ? outDirIn(await readFile(config, "utf8"), folder) : undefined;
  // A compiler that writes where its sources are overwrites no file of another name.
  if (outDir !== undefined && isInFolder(entry, outDir) && !isInFolder(config, outDir)) return config;
  const above = dirname(folder);
  return above === folder ? undefined : configWritingTo(entry, above);
}

/** Read without a parser: such a file may have comments, and commas that JSON does not know. */
function outDirIn(config: string, folder: string): string | undefined {
  const uncommented = config.replaceAll(/("(?:\\.|[^"\\])*")|\/\/.*|\/\*[\s\S]*?\*\//g, "$1");
  const said = /"outDir"\s*:\s*("(?:\\.|[^"\\])*")/.exec(uncommented)?.[1];
  // biome-ignore lint/suspicious/noTemplateCurlyInString: TypeScript's own sign for the folder of the file.
  return said && resolve(folder, String(JSON.parse(said)).replace("${configDir}", folder));
}

const isInFolder = (file: string, folder: string): boolean =>
  relative(folder, file).split(sep).at(0) !== ".." && resolve(folder) !== file;
