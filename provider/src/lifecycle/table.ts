/**
 * Decision tables: what depends on several observations is looked up in rows, of which the first that matches counts.
 * A table is data. It is looked up here, tested over every combination, and printed in `docs/crash-safety.md`.
 */

/** What was observed: a word for each column. */
export type Facts = Readonly<Record<string, string>>;

/** A row: the words that each column must have for it, where it matters, and what is decided then. */
export interface Row<F extends Facts, Verdict> {
  readonly when: { readonly [Column in keyof F]?: F[Column] | readonly F[Column][] };
  readonly verdict: Verdict;
}

/** A decision table. */
export interface Table<F extends Facts, Verdict> {
  /** Every word that a column can have. The order of the columns is the order in which they are observed. */
  readonly columns: { readonly [Column in keyof F]: readonly F[Column][] };
  readonly rows: readonly Row<F, Verdict>[];
}

/** How each observation is made: only where a row still depends on it, and once. */
export type Observers<F extends Facts> = {
  readonly [Column in keyof F]: F[Column] | (() => F[Column] | Promise<F[Column]>);
};

/** The first row that matches. @throws Error where there is none: a test shows that this cannot be. */
export function rowOf<F extends Facts, Verdict>(table: Table<F, Verdict>, facts: F): Row<F, Verdict> {
  const found = table.rows.find(({ when }) =>
    columnsOf(table).every((column) => allows(when[column], facts[column])),
  );
  if (found === undefined) throw new Error(`No row decides ${JSON.stringify(facts)}.`);
  return found;
}

/** What is decided of these facts. */
export const decide = <F extends Facts, Verdict>(table: Table<F, Verdict>, facts: F): Verdict =>
  rowOf(table, facts).verdict;

/**
 * Decides, observing no more than it takes: a row that an earlier column rules out asks for no later one. An observation
 * can cost a call of the API.
 */
export async function observeAndDecide<F extends Facts, Verdict>(
  table: Table<F, Verdict>,
  observers: Observers<F>,
): Promise<Verdict> {
  const seen = new Map<keyof F, F[keyof F]>();
  const observe = async (column: keyof F): Promise<F[keyof F]> => {
    const known = seen.get(column);
    if (known !== undefined) return known;
    const observer: unknown = observers[column];
    const fact = (typeof observer === "function" ? await observer() : observer) as F[keyof F];
    seen.set(column, fact);
    return fact;
  };
  for (const { when, verdict } of table.rows) {
    let matches = true;
    for (const column of columnsOf(table)) {
      if (when[column] === undefined) continue;
      matches = allows(when[column], await observe(column));
      if (!matches) break;
    }
    if (matches) return verdict;
  }
  throw new Error(`No row decides ${JSON.stringify(Object.fromEntries(seen))}.`);
}

/** Every combination of observations. */
export function combinations<F extends Facts, Verdict>(table: Table<F, Verdict>): F[] {
  let all: Partial<F>[] = [{}];
  for (const column of columnsOf(table))
    all = all.flatMap((some) => table.columns[column].map((word) => ({ ...some, [column]: word })));
  return all as F[];
}

const columnsOf = <F extends Facts>({ columns }: { columns: { readonly [C in keyof F]: unknown } }) =>
  Object.keys(columns) as (keyof F)[];

function allows<Word extends string>(allowed: Word | readonly Word[] | undefined, word: Word): boolean {
  if (allowed === undefined) return true;
  return typeof allowed === "string" ? allowed === word : allowed.includes(word);
}
