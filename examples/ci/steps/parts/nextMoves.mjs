/** What becomes of the issue about drift: a row for each way that a night can end, and for both that it finds things in. */

/**
 * @typedef {"open" | "comment" | "close"} Move
 * @typedef {"drifted" | "clean" | "unknown"} Night
 */

/** @type {readonly { night: Night, isOpen: boolean, moves: Move[] }[]} */
const ROWS = [
  { night: "drifted", isOpen: false, moves: ["open"] },
  { night: "drifted", isOpen: true, moves: ["comment"] },
  { night: "clean", isOpen: true, moves: ["comment", "close"] },
  { night: "clean", isOpen: false, moves: [] },
  // The job is red, and that is all that is known.
  { night: "unknown", isOpen: true, moves: [] },
  { night: "unknown", isOpen: false, moves: [] },
];

/** @param {Night} night @param {boolean} isOpen whether there is an open issue @returns {Move[]} in their order */
export function nextMoves(night, isOpen) {
  const row = ROWS.find((each) => each.night === night && each.isOpen === isOpen);
  if (row === undefined) throw new Error(`${night} is no word for how a night ended`);
  return row.moves;
}
