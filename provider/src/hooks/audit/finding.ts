/** What can be wrong with an audit log. */

/**
 * What is wrong with a log. `missing`: there is none. `converted`: a tool has turned its line ends or put a byte order
 * mark before it.
 */
export type Damage =
  | "edited"
  | "removed"
  | "reordered"
  | "inserted"
  | "torn"
  | "converted"
  | "rewritten"
  | "missing";

/** The first thing that is wrong with a log. */
export interface Finding {
  damage: Damage;
  /** The line, from 1; where records are missing, the line before which they stood. */
  line: number;
  /** The place in the chain that the finding is about. */
  seq: number;
  message: string;
}
