/** The options of `import`, and which of them go together. */
import type { Command } from "commander";
import type { Wanted } from "../importing/find.js";
import { nounsOf } from "../importing/kindWords.js";
import { KINDS } from "../kinds.js";
import { inQuotes } from "../printable.js";
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
  into?: string;
  preview?: string;
  leaveOut?: boolean;
  json?: boolean;
}

/** For options that may be repeated. */
export const collect = (text: string, before: string[] = []): string[] => [...before, text];

/** The stack that is meant; of several, the one whose settings count. */
export const stackOf = ({ stack: [stack] = [] }: ImportOptions): StackOptions => ({ stack });

/** Ends with how it is used where `--into`, or what goes with it alone, was used in a way that means nothing. */
export function checkInto(options: ImportOptions, command: Command): void {
  const { into, preview, leaveOut, id = [], stack = [] } = options;
  const wrong = (message: string) => command.error(`error: ${message}`, { exitCode: 2 });
  if (into === undefined) {
    if (preview !== undefined || leaveOut)
      wrong("--preview and --leave-out are about --into, and there is none");
    return;
  }
  const others = ["kind", "name", "all", "out", "force", "code", "ids", "run", "check"] as const;
  const [other] = others.filter((each) => options[each] !== undefined);
  if (other !== undefined)
    wrong(`--into completes what the file has, for the CLI to import: leave --${other} out`);
  if (stack.length > 1) wrong("one stack is to keep them: several go with --check alone");
  const [unclear] = id.filter((each) => !/.=./.test(each));
  if (unclear !== undefined)
    wrong(
      `with --into an id is said of a resource, as in --id vip=4dcad15d-9b0a-43b6-a927-32d4a00734de, and not ${inQuotes(unclear)}`,
    );
}

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
