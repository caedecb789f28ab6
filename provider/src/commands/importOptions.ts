/** The options of `import`, and which of them go together. */
import type { Command } from "commander";
import type { Wanted } from "../importing/find.js";
import { nounsOf } from "../importing/kindWords.js";
import { KINDS } from "../kinds.js";
import type { StackOptions } from "./pulumiCli.js";

export const LANGUAGES = ["typescript", "javascript"] as const;

export interface ImportOptions {
  stack?: string[];
  kind?: string;
  id?: string[];
  name?: string[];
  all?: boolean;
  out?: string;
  force?: boolean;
  /** `true`: without a language. */
  code?: true | (typeof LANGUAGES)[number];
  ids?: boolean;
  run?: boolean;
  check?: boolean;
  json?: boolean;
}

/** For options that may be repeated. */
export const collect = (text: string, before: string[] = []): string[] => [...before, text];

/** The stack that is meant; of several, the one whose settings count. */
export const stackOf = ({ stack: [stack] = [] }: ImportOptions): StackOptions => ({ stack });

/** Ends with how it is used where it was used in a way that means nothing. */
export function whatIsWanted(options: ImportOptions, command: Command): Wanted {
  const { id = [], name = [], all = false, kind, run, out, force, ids, code, check, stack = [] } = options;
  const wrong = (message: string) => command.error(`error: ${message}`, { exitCode: 2 });
  if (!all && id.length + name.length === 0) wrong("say which: --id, --name or --all");
  if (all && id.length + name.length > 0)
    wrong(`--all means every ${kind ?? nounsOf(KINDS)}: leave --id and --name out`);
  if (check && (run || force || out !== undefined || code !== undefined))
    wrong("--check imports nothing: leave --out, --force, --code and --run out");
  if (!check && stack.length > 1) wrong("one stack is to keep them: several go with --check alone");
  if (ids && code === undefined) wrong("--ids is about --code, and there is none");
  if (force && run && out === undefined) wrong("--force is about --out, and there is none");
  return { ids: id, names: name, all };
}
