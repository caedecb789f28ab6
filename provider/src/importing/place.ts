/** Where the text of a program goes in a project, and the line that imports it there. */
import { existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, extname, join, resolve } from "node:path";
import { FileTrouble } from "../fileTrouble.js";
import { createTheirs, removeOwn, writeTheirs } from "../ownFiles.js";
import { codeAlone } from "./codeAlone.js";
import type { ProgramForm } from "./programText.js";

/** Where a program's text goes, and how it has to be written there. */
export interface Place {
  file: string;
  form: ProgramForm;
  /** The program that is there already, and the line that it gets so that it imports the file. */
  importedBy?: { entry: string; line: string };
}

/** The endings of programs. What somebody writes comes before what may have been compiled from it. */
const ENDINGS = [".ts", ".mts", ".cts", ".js", ".mjs", ".cjs"];

/** A language that was asked for does not go with the program that is there; the message says so. */
export class WrongLanguageError extends Error {}

/**
 * Finds a place for a program's text in a project: a module of its own, imported by the program that is there, or else
 * the program itself. Nothing that is there is overwritten.
 *
 * @param main the program's file or folder, from the project's folder.
 * @param language what was asked for; default: the language of the program, TypeScript where there is none.
 * @param moduleName what a module of its own is called, with a number where that is taken.
 * @throws WrongLanguageError
 */
export async function findPlace(
  project: string,
  main: string | undefined,
  language: ProgramForm["language"] | undefined,
  moduleName: string,
): Promise<Place> {
  const { folder, entry, modules, language: ofEntry } = await readProgram(project, main);
  if (entry === undefined || ofEntry === undefined) {
    const chosen = language ?? "typescript";
    const file = join(folder, chosen === "typescript" ? "index.ts" : "index.js");
    return { file, form: { language: chosen, modules, kind: "program" } };
  }
  if (language !== undefined && language !== ofEntry)
    throw new WrongLanguageError(
      `the program here is written in ${sayLanguage(ofEntry)} (${entry}): leave the language out`,
    );
  const ending = extname(entry);
  const name = freeName(folder, moduleName, ending);
  const form: ProgramForm = { language: ofEntry, modules, kind: "module" };
  return {
    file: join(folder, name + ending),
    form,
    importedBy: { entry, line: importStatement(name, ending, form) },
  };
}

/** A program as it lies in a project. */
export interface Written {
  folder: string;
  /** Its file, as Node finds it; absent, with the language, where nothing is written yet. */
  entry?: string;
  language?: ProgramForm["language"];
  modules: ProgramForm["modules"];
}

/** Looks for a project's program. @param main its file or folder, from the project's folder. */
export async function readProgram(project: string, main: string | undefined): Promise<Written> {
  const { folder, entry } = await findEntry(resolve(project, main ?? "."));
  const type = (await nearestPackage(folder))?.type;
  const ofPackage = type === "module" ? "esm" : "commonjs";
  if (entry === undefined) return { folder, modules: ofPackage };
  const ending = extname(entry);
  const language = /^\.[cm]?ts$/.test(ending) ? "typescript" : "javascript";
  // Where nothing says what a file is, Node goes by its syntax.
  const isEsm = ending === ".js" && type === undefined && ESM.test(codeAlone(await readFile(entry, "utf8")));
  const ofFile = isEsm ? "esm" : ofPackage;
  const modules = /^\.m/.test(ending) ? "esm" : /^\.c/.test(ending) ? "commonjs" : ofFile;
  return { folder, entry, language, modules };
}

/** What only an ES module has. An `import` that is called is in any. */
const ESM =
  /(?:^|;)[ \t]*(?:import(?:\s+[\w$]|\s*["'{*])|export(?:\s+(?:default|const|let|var|class|function|async)\b|\s*[{*]))|\bimport\.meta\b/m;

/** The line that imports a module of a program. */
function importStatement(name: string, ending: string, { language, modules }: ProgramForm): string {
  // TypeScript's modules are named after what they are compiled to, and CommonJS needs no ending.
  const compiled = ending.replace("ts", "js");
  const specifier = `./${name}${language === "javascript" || modules === "esm" ? compiled : ""}`;
  return language === "typescript" || modules === "esm"
    ? `import "${specifier}";`
    : `require("${specifier}");`;
}

const sayLanguage = (language: ProgramForm["language"]): string =>
  language === "typescript" ? "TypeScript" : "JavaScript";

/** Takes a program's text back out of a project. @returns how the program is then, in words. */
export type TakeBack = () => Promise<string>;

/** What is said where nothing of an import is left in the program. */
export const AS_IT_WAS = "the program is as it was";

/**
 * Writes a program's text to its place.
 *
 * @returns what takes it back.
 * @throws FileTrouble where something has come to that place since it was found.
 */
export async function putInPlace({ file, importedBy }: Place, text: string): Promise<TakeBack> {
  await createTheirs(file, text).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "EEXIST" ? inUse(file) : error;
  });
  if (importedBy === undefined)
    return async () => {
      await removeOwn(file);
      return AS_IT_WAS;
    };
  const { entry, line } = importedBy;
  let before: string;
  try {
    before = await readFile(entry, "utf8");
    await writeTheirs(entry, withImport(before, line));
  } catch (error) {
    await removeOwn(file);
    throw error;
  }
  return async () => {
    const isOut = await takeOut({ entry, line }, before);
    await removeOwn(file);
    return isOut
      ? AS_IT_WAS
      : `${entry} has no line ${line} any more and was left: see that nothing imports ${file}, which is gone`;
  };
}

const inUse = (file: string) =>
  new FileTrouble(
    file,
    "EEXIST",
    "it is there by now",
    "Another import may be under way: begin this one again",
  );

/**
 * Takes an import's line out of a program, and nothing that was written there meanwhile.
 *
 * @param before the program without it.
 * @returns whether it was there.
 */
async function takeOut({ entry, line }: NonNullable<Place["importedBy"]>, before: string): Promise<boolean> {
  const now = await readFile(entry, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    return "";
  });
  const lines = now.split(/(?<=\n)/);
  const others = lines.filter((each) => each.trimEnd() !== line);
  if (others.length === lines.length) return false;
  await writeTheirs(entry, now === withImport(before, line) ? before : others.join(""));
  return true;
}

/** The line before the first import of the kind; without any at the beginning, or in CommonJS at the end. */
function withImport(program: string, line: string): string {
  const usesImport = line.startsWith("import");
  const pattern = usesImport ? /^import\b(?!\s*[(.])/m : /^(const|let|var)\b.*\brequire\(/m;
  const first = pattern.exec(codeAlone(program));
  if (first !== null) return `${program.slice(0, first.index)}${line}\n${program.slice(first.index)}`;
  return usesImport ? `${line}\n\n${program}` : `${program.trimEnd()}\n\n${line}\n`;
}

/** The program's file, as Node finds it: none where nothing is written yet. */
async function findEntry(place: string): Promise<{ folder: string; entry?: string }> {
  const entry = isFolder(place) ? await entryIn(place) : fileOf(place);
  return entry === undefined ? { folder: place } : { folder: dirname(entry), entry };
}

async function entryIn(folder: string): Promise<string | undefined> {
  const main = (await packageJson(folder))?.main;
  const named = typeof main === "string" ? join(folder, main) : undefined;
  return (named && (fileOf(named) ?? indexOf(named))) ?? indexOf(folder);
}

/** The file of a name that may lack its ending. */
const fileOf = (name: string): string | undefined =>
  ["", ...ENDINGS].map((ending) => name + ending).find(isFile);

const indexOf = (folder: string): string | undefined =>
  isFolder(folder) ? fileOf(join(folder, "index")) : undefined;

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

interface PackageJson {
  type?: unknown;
  main?: unknown;
}

/** The one that says what the modules of a folder are: the first on the way up. */
async function nearestPackage(folder: string): Promise<PackageJson | undefined> {
  const above = dirname(folder);
  return (await packageJson(folder)) ?? (above === folder ? undefined : nearestPackage(above));
}

async function packageJson(folder: string): Promise<PackageJson | undefined> {
  const file = join(folder, "package.json");
  return existsSync(file) ? JSON.parse(await readFile(file, "utf8")) : undefined;
}

function freeName(folder: string, wanted: string, ending: string): string {
  let name = wanted;
  for (let count = 2; existsSync(join(folder, name + ending)); count++) name = `${wanted}${count}`;
  return name;
}
