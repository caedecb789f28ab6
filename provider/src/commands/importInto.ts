/** `import --into`: completes the file that `pulumi preview --import-file` has written, for a program that came first. */
import { constants } from "node:fs";
import { access, readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { answeredKinds } from "../importing/gather.js";
import { askedIn } from "../importing/into/asked.js";
import { candidatesOf, shownById } from "../importing/into/candidates.js";
import { CAN_BE_LEFT_OUT, DONE } from "../importing/into/fate.js";
import { type Known, type Settled, settle } from "../importing/into/settling.js";
import {
  type Completion,
  NoImportFileError,
  type OurEntry,
  readUnfinished,
  type UnfinishedFile,
  type Where,
} from "../importing/into/unfinishedFile.js";
import type { StackResource } from "../importing/managed.js";
import { KINDS } from "../kinds.js";
import { beginOn, type KindStep } from "../lifecycle/kind.js";
import { messageOf } from "../messageOf.js";
import { didYouMean } from "../nearest.js";
import { openOwn, writeOwn } from "../ownFiles.js";
import { inQuotes } from "../printable.js";
import { commandContext } from "./context.js";
import { CommandError } from "./failure.js";
import { asking, canAsk, untilAnswered } from "./importAsking.js";
import { here } from "./importDelivery.js";
import { findAll } from "./importFinding.js";
import { goingOn, sayDifferences, sayOpen, settledForPrograms, showSettled } from "./importIntoWords.js";
import type { ImportOptions } from "./importOptions.js";
import { stackOf } from "./importOptions.js";
import { print, printJson, remark } from "./output.js";
import { previewSteps } from "./previewSteps.js";
import { pulumiVersion, readProject, readStack, tooOldToImport } from "./pulumiCli.js";
import { toItsEnd } from "./signals.js";
import { stackSettings } from "./stackConfiguration.js";

/** @param patience how long reading the organisation may take, such as `1h`. */
export async function importInto(options: ImportOptions & { into: string }, patience: string): Promise<void> {
  const tooOld = tooOldToImport(await pulumiVersion());
  if (tooOld !== undefined) throw new CommandError(tooOld);
  const path = resolve(options.into);
  const text = await textIn(path);
  await refuseUnwritable(path);
  const { name: project } = await readProject();
  const stack = await readStack(stackOf(options));
  const file = unfinishedIn(path, text, { project, stack: stack.name });
  const said = idsSaid(options, file.ours);
  if (file.ours.length === 0) return sayNothingToDo(options, path);

  const settings = await stackSettings(stackOf(options));
  const steps = await previewSteps(
    { preview: options.preview, ...stackOf(options) },
    "there is no preview to go by",
  );
  const context = commandContext(settings);
  const kinds = KINDS.filter((kind) => file.ours.some((each) => each.kind === kind));
  const begun = kinds.map((kind) => beginOn(kind, context, patience));
  const settled = await settledWith({
    file,
    said,
    askedFor: askedIn(steps),
    steps: begun,
    resources: stack.resources,
  });
  await hand(settled, file, { path, options });
}

async function textIn(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new CommandError(
      `there is nothing to complete: ${messageOf(error)}. "pulumi preview --import-file ${here(path)}" writes the file`,
    );
  }
}

/** What cannot be written in the end is said before somebody has answered questions. */
async function refuseUnwritable(path: string): Promise<void> {
  await (await openOwn(path, { write: true })).close();
  await access(dirname(path), constants.W_OK);
}

function unfinishedIn(path: string, text: string, where: Where): UnfinishedFile {
  try {
    return readUnfinished(text, KINDS, where);
  } catch (error) {
    if (!(error instanceof NoImportFileError)) throw error;
    throw new CommandError(
      `${path} is none of the files that "pulumi preview --import-file" writes: ${error.message}`,
    );
  }
}

/** The ids that `--id` says, by the resource that it says them of. @throws CommandError where that means nothing. */
function idsSaid({ id: all = [] }: ImportOptions, ours: readonly OurEntry[]): Map<string, string> {
  const said = new Map<string, string>();
  for (const each of all) {
    // Names may have the sign in them, and ids have none.
    const at = each.lastIndexOf("=");
    const [name, id] = [each.slice(0, at), each.slice(at + 1)];
    const entry = ours.find((one) => one.name === name);
    const names = ours.map((one) => one.name);
    if (entry === undefined)
      throw new CommandError(
        `--id: the file has no ${inQuotes(name)} of this package${didYouMean(name, names)}`,
      );
    if ((said.get(name) ?? entry.id ?? id) !== id)
      throw new CommandError(
        `--id: ${inQuotes(name)} has another id already, ${inQuotes(said.get(name) ?? entry.id ?? "")}: take one of them away`,
      );
    if (entry.id === undefined) said.set(name, id);
  }
  return said;
}

function sayNothingToDo({ json }: ImportOptions, path: string): void {
  if (json) printJson(settledForPrograms([], new Set(), path));
  else print("nothing to complete: the file has no resource of this package");
}

/** What entries are settled with, but for the organisation. */
interface Asking extends Pick<Known, "askedFor" | "steps"> {
  file: UnfinishedFile;
  /** Ids that were said so far; those that are asked for are added. */
  said: Map<string, string>;
  resources: readonly StackResource[];
}

/** What becomes of each entry, with what somebody at a terminal says of those that are open. */
async function settledWith({ file, said, askedFor, steps, resources }: Asking): Promise<Settled[]> {
  const { objects: listed } = await findAll({ ids: [], names: [], all: true }, steps, "end");
  const settleNow = async () => {
    const given = file.ours.flatMap(({ kind, name, id = said.get(name) }) => {
      const step = steps.find((each) => each.kind === kind) as KindStep;
      return id === undefined ? [] : [{ step, id }];
    });
    const objects = [...listed, ...(await shownById(given, listed))];
    const candidates = await candidatesOf(objects, resources, steps);
    const kinds = await answeredKinds(objects, steps);
    return settle(file.ours, { askedFor, said, candidates, kinds, steps });
  };
  const settled = await settleNow();
  const terminal = { input: process.stdin, output: process.stderr, env: process.env };
  if (!canAsk(terminal)) return settled;
  return asking(terminal, (ask) => untilAnswered(settled, said, settleNow, ask));
}

/** Writes the file, and says what has become of what. The exit code is 1 where something is left open. */
async function hand(
  settled: readonly Settled[],
  file: UnfinishedFile,
  { path, options }: { path: string; options: ImportOptions },
): Promise<void> {
  const leftOut = new Set(
    settled
      .filter(
        ({ entry, fate }) =>
          options.leaveOut && CAN_BE_LEFT_OUT.includes(fate) && !file.parents.has(entry.name),
      )
      .map(({ entry }) => entry.name),
  );
  const changes = new Map<string, Completion | "left out">();
  for (const { entry, fate, completed } of settled)
    if (leftOut.has(entry.name)) changes.set(entry.name, "left out");
    else if (fate === "COMPLETE" && completed !== undefined) changes.set(entry.name, completed.completion);
  // It bears addresses of webhooks in clear from now on, for the CLI to encrypt.
  if (changes.size > 0) await toItsEnd(() => writeOwn(path, file.textWith(changes)));

  const open = settled.filter(({ entry, fate }) => !DONE.includes(fate) && !leftOut.has(entry.name));
  if (options.json) printJson(settledForPrograms(settled, leftOut, path));
  else showSettled(settled);
  for (const each of settled) sayDifferences(each);
  for (const each of settled) if (!DONE.includes(each.fate)) sayOpen(each, leftOut.has(each.entry.name));
  remark(goingOn({ settled, open, others: file.others, file: here(path), ...stackOf(options) }));
  if (open.length > 0) process.exitCode = 1;
}
