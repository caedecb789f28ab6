/** Asks on a terminal for the ids that the organisation does not tell. */
import { createInterface } from "node:readline/promises";
import { CAN_BE_SAID } from "../importing/into/fate.js";
import type { Settled } from "../importing/into/settling.js";
import { CommandError } from "./failure.js";
import { questionFor } from "./importIntoWords.js";

/** Asks a question. @returns the answer without blanks around it; empty: there is none. */
export type Ask = (question: string) => Promise<string>;

/** Where questions are asked, and what answers. */
export interface Terminal {
  input: NodeJS.ReadStream;
  output: NodeJS.WriteStream;
  env: Readonly<Record<string, string | undefined>>;
}

/** Whether somebody is there to answer: a CI system that offers a terminal has nobody. */
export const canAsk = ({ input, output, env }: Terminal): boolean =>
  input.isTTY === true && output.isTTY === true && (env.CI ?? "") === "";

/**
 * Runs something that may ask, and lets go of the terminal then.
 *
 * @throws CommandError where the terminal is closed, or left with Ctrl-C, before the answer.
 */
export async function asking<T>(
  { input, output }: Pick<Terminal, "input" | "output">,
  run: (ask: Ask) => Promise<T>,
): Promise<T> {
  const lines = createInterface({ input, output });
  const closed = new Promise<never>((_, reject) => {
    lines.once("close", () => reject(new CommandError("nobody answers: nothing was written")));
  });
  closed.catch(() => {});
  try {
    return await run(async (question) => (await Promise.race([lines.question(question), closed])).trim());
  } finally {
    lines.close();
  }
}

/**
 * Asks for each id that is open, and again where an answer is none. No answer leaves it open.
 *
 * @param said ids by the entry's name; the answers are put there.
 * @param settleNow what becomes of the entries with these.
 */
export async function untilAnswered(
  first: Settled[],
  said: Map<string, string>,
  settleNow: () => Promise<Settled[]>,
  ask: Ask,
): Promise<Settled[]> {
  let settled = first;
  const unanswered = new Set<string>();
  for (;;) {
    const open = settled.filter(
      ({ entry, fate }) =>
        entry.id === undefined && CAN_BE_SAID.includes(fate) && !unanswered.has(entry.name),
    );
    if (open.length === 0) return settled;
    for (const each of open) {
      const answer = await ask(questionFor(each));
      if (answer === "") {
        unanswered.add(each.entry.name);
        said.delete(each.entry.name);
      } else said.set(each.entry.name, answer);
    }
    settled = await settleNow();
  }
}
