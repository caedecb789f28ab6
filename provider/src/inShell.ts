/** Words for lines that somebody pastes into a POSIX shell. */

/** A word that a shell takes as it is. */
export const inShell = (word: string): string =>
  /^[\w./:@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
