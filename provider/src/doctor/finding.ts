/** A finding of doctor: what was looked at, how it is, and what to mend. */
import { messageOf } from "../messageOf.js";
import { printable } from "../printable.js";

/** What a look at one thing brought to light. `skipped`: it could not be looked at, or need not be. */
export interface Finding {
  /** What was looked at, such as `credentials`. */
  check: string;
  state: "ok" | "warning" | "failed" | "skipped";
  /** One line: what is there, or what is wrong and how it is put right. No secret is in it. */
  message: string;
}

/** Findings of one thing, each with less to write. Whatever is in a message, it stays one line and forges no other. */
export const about = (check: string) => {
  const found =
    (state: Finding["state"]) =>
    (message: string): Finding => ({
      check,
      state,
      message: printable(message),
    });
  return { ok: found("ok"), warning: found("warning"), failed: found("failed"), skipped: found("skipped") };
};

/** A message of several lines in one. */
export const inOneLine = (error: unknown): string =>
  messageOf(error)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join("; ");

/** A look at one thing. */
export type Check = () => Finding | Finding[] | Promise<Finding | Finding[]>;

/**
 * What a check finds. One that comes to no end of its own is a finding as well: what is wrong with one thing must not keep
 * the others from being looked at.
 * What is printed shows no secret, whatever its error repeats.
 *
 * @param check what is looked at, for a check that fails.
 */
export async function isolated(check: string, look: Check): Promise<Finding[]> {
  try {
    return [await look()].flat();
  } catch (error) {
    return [about(check).failed(`cannot be looked at: ${inOneLine(error)}`)];
  }
}
