/** Hands an import over: to the Pulumi CLI at once, or as a file for somebody to import. */
import { relative } from "node:path";
import type { NamedImport } from "../importing/importFile.js";
import { IMPORT_OPTIONS, importLine } from "../importing/importLine.js";
import { countsOf } from "../importing/kindWords.js";
import { AS_IT_WAS, type Place, putInPlace, type TakeBack } from "../importing/place.js";
import { beginTrace, type Trace } from "../importing/trace.js";
import { writeOwn } from "../ownFiles.js";
import { CommandError } from "./failure.js";
import { readStack, type StackOptions, showPulumi } from "./pulumiCli.js";
import { toItsEnd } from "./signals.js";

export const here = (file: string): string => relative(process.cwd(), file);

/** What is to be imported into which stack. */
interface Leaving {
  imports: readonly NamedImport[];
  /** The content of the import file. */
  content: string;
  stack: StackOptions;
}

/** Leaves the file for somebody to import. @returns how it goes on. */
export async function leave({ imports, content, stack }: Leaving, file: string): Promise<string> {
  // Half of it, with addresses in clear, would be left under a name that nobody knows.
  await toItsEnd(() => writeOwn(file, content));
  return `${countsOf(imports)} in ${here(file)}. Now: ${importLine(here(file), stack.stack)}`;
}

/** What is to be imported, and where it goes. */
export interface Delivery extends Leaving {
  /** Where that file is kept; `undefined`: it is only on its way. */
  out: string | undefined;
  program: { place: Place; text: string } | undefined;
  /** The project's folder. */
  project: string;
  /** The file that is set as the audit log. */
  auditLog: string | undefined;
}

/**
 * Imports at once. Asked to end meanwhile, it first takes back what has not come about.
 *
 * @returns how it goes on.
 * @throws CommandError when the Pulumi CLI fails; the message says what has happened and how it goes on.
 */
export const deliver = (delivery: Delivery): Promise<string> =>
  toItsEnd(async (asked) => {
    const { imports, content, out, program, stack } = delivery;
    const trace = await begin(delivery);
    const file = out ?? (trace as Trace).file;
    let takeBack: TakeBack = async () => AS_IT_WAS;
    const undo = async () => {
      const left = await takeBack();
      await trace?.end();
      return `nothing was imported${program ? `, and ${left}` : ""}`;
    };
    try {
      await writeOwn(file, content);
      // The program comes first: what is in the state and in no program, the next update would delete.
      if (program !== undefined) takeBack = await putInPlace(program.place, program.text);
    } catch (error) {
      await undo();
      throw error;
    }
    if (asked.first() !== undefined) throw new CommandError(`interrupted: ${await undo()}`);
    const args = ["import", "--file", file, ...IMPORT_OPTIONS, "--skip-preview"];
    const code = await showPulumi(args, stack, asked);
    if (code === 0) {
      await trace?.end();
      return `${countsOf(imports)} imported. ${whatIsLeft(program?.place)}`;
    }
    const arrived = await countArrived(imports, stack);
    if (arrived === 0) throw new CommandError(`pulumi import ended with ${code}: ${await undo()}`);
    // The program keeps what is in the state, and the file what is not.
    await (out === undefined ? trace?.keepFile() : trace?.end());
    throw new CommandError(`pulumi import ended with ${code}, with ${sayRest(arrived, delivery, file)}`);
  });

/** What is said of an import that came about in part. */
const sayRest = (arrived: number | undefined, { imports, program, stack }: Delivery, file: string): string =>
  `${arrived ?? "some"} of ${countsOf(imports)} imported${program ? "; the program has all of them" : ""}. When what it complains of is put right, the rest follows with: ${importLine(here(file), stack.stack)}`;

/** What is about to be done is written down, so that it can be named should this process be killed. */
async function begin({ out, program, project, auditLog, stack }: Delivery): Promise<Trace | undefined> {
  if (out !== undefined && program === undefined) return undefined;
  try {
    const isFileOurs = out === undefined;
    return await beginTrace(project, auditLog, { isFileOurs, place: program?.place, ...stack });
  } catch (error) {
    throw new CommandError(`the import cannot be begun: ${(error as Error).message}`);
  }
}

/** How many are in the stack's state; `undefined` when nobody can tell. */
async function countArrived(
  imports: readonly NamedImport[],
  options: StackOptions,
): Promise<number | undefined> {
  const wanted = new Set(imports.map(({ kind, id }) => `${kind.type} ${id}`));
  // Ctrl-C, and a terminal that is closed, also end the CLI that answers this.
  const stack = await readStack(options)
    .catch(() => readStack(options))
    .catch(() => undefined);
  // What a stack only reads, or is about to delete, was there before.
  return stack?.resources.filter(
    ({ id, type, external, delete: leaving }) => !external && !leaving && wanted.has(`${type} ${id}`),
  ).length;
}

function whatIsLeft(place: Place | undefined): string {
  if (place === undefined)
    return 'No program has them yet: write them into it before the next "pulumi up", which would delete them.';
  const { file, importedBy } = place;
  return importedBy === undefined
    ? `The program is ${here(file)}.`
    : `The program has them in ${here(file)}, which ${here(importedBy.entry)} imports.`;
}
