/** The recipes of `examples/ci`, taken apart: what each platform runs, word for word. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

const RECIPES = join(import.meta.dirname, "../../examples/ci");
/** The scripts that users copy into the folder `ci` of their project. */
export const STEPS = join(RECIPES, "steps");

/** A command that a runner executes. */
export interface Command {
  /** The file, from `examples/ci`. */
  file: string;
  line: string;
}

/** The files of the recipes, and what each of them is. */
export const FILES = ["github", "gitlab", "azure"].flatMap((folder) =>
  readdirSync(join(RECIPES, folder)).map((name) => {
    const file = `${folder}/${name}`;
    const text = readFileSync(join(RECIPES, file), "utf8");
    return { file, folder, text, content: parse(text) };
  }),
);

/** Every command of every recipe. */
export const COMMANDS: readonly Command[] = FILES.flatMap(({ file, content }) =>
  linesIn(content).map((line) => ({ file, line })),
);

/** The commands of ours on one platform. */
export const stepsOn = (folder: string): string[] =>
  COMMANDS.filter(({ file, line }) => file.startsWith(`${folder}/`) && line.startsWith("node ci/")).map(
    ({ line }) => line,
  );

/** GitHub says `run`; GitLab has lists of scripts; Azure Pipelines says `script`. */
function linesIn(content: unknown): string[] {
  if (Array.isArray(content)) return content.flatMap(linesIn);
  if (typeof content !== "object" || content === null) return [];
  return Object.entries(content).flatMap(([key, value]) => {
    if (["run", "script", "before_script", "after_script"].includes(key))
      return [value].flat().flatMap((text) => String(text).trim().split("\n"));
    return linesIn(value);
  });
}
