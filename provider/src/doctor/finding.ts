import { withoutSecrets } from "../secrets.js";

/** What a look at one thing brought to light. `skipped`: it could not be looked at, or need not be. */
export interface Finding {
  /** What was looked at, such as `credentials`. */
  check: string;
  state: "ok" | "warning" | "failed" | "skipped";
  /** One line: what is there, or what is wrong and how it is put right. No secret is in it. */
  message: string;
}

/** Findings of one thing, each with less to write. */
export const about = (check: string) => ({
  ok: (message: string): Finding => ({ check, state: "ok", message }),
  warning: (message: string): Finding => ({ check, state: "warning", message }),
  failed: (message: string): Finding => ({ check, state: "failed", message }),
  skipped: (message: string): Finding => ({ check, state: "skipped", message }),
});

/** A message of several lines in one. */
export const inOneLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error))
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join("; ");

/** A look at one thing. */
export type Check = () => Finding | Finding[] | Promise<Finding | Finding[]>;

/**
 * What a check finds. One that comes to no end of its own is a finding as well: what is wrong with one thing must not keep
 * the others from being looked at.
 *
 * @param check what is looked at, for a check that fails.
 * @param secrets what its error must not show.
 */
export async function isolated(
  check: string,
  look: Check,
  secrets: readonly string[] = [],
): Promise<Finding[]> {
  try {
    return [await look()].flat();
  } catch (error) {
    return [about(check).failed(`cannot be looked at: ${withoutSecrets(inOneLine(error), secrets)}`)];
  }
}
