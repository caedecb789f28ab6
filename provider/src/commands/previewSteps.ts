/** The steps of a preview: of one that is run now, or of one whose JSON somebody has kept. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { text as textOf } from "node:stream/consumers";
import { messageOf } from "../messageOf.js";
import { CommandError } from "./failure.js";
import { preview, type StackOptions } from "./pulumiCli.js";

/**
 * @param options.preview the file of what `pulumi preview --json` has printed; `-`: standard input; default: it is run.
 * @param purpose what is not possible without a preview, for the message.
 * @throws CommandError where there is none, or it is something else.
 */
export async function previewSteps(
  options: StackOptions & { preview?: string },
  purpose: string,
): Promise<object[]> {
  const { preview: file } = options;
  const text =
    file === undefined
      ? await preview(options, purpose)
      : await (file === "-" ? textOf(process.stdin) : readFile(resolve(file), "utf8"));
  const { steps } = parsed(text, purpose);
  if (!Array.isArray(steps))
    throw new CommandError(`${purpose}: this is not what "pulumi preview --json" prints`);
  return steps;
}

function parsed(text: string, purpose: string): { steps?: unknown } {
  try {
    return JSON.parse(text) ?? {};
  } catch (error) {
    throw new CommandError(`${purpose}: ${messageOf(error)}`);
  }
}
