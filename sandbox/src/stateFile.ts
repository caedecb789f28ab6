/** Keeps the state of the organisation in a file. */
import type { State } from "./model.js";
import { readOwnFile, writeOwnFile } from "./ownFile.js";

const format = 1;
const lists = ["topics", "targets", "sources", "jobs", "tokens"] as const;
/** Files written before the organisation had a public API have none of these. */
const newerLists = ["integrations", "integrationTypes", "availableTopics"] as const;

/** The state file can't be used as it is. It is left untouched. */
export class StateFileError extends Error {}

/**
 * The state in a file, or null where there is no file yet.
 * @param firstDay what stands for parts that an older file lacks
 */
export function readState(file: string, firstDay: () => State): State | null {
  let text: string | null;
  try {
    text = readOwnFile(file);
  } catch (error) {
    throw new StateFileError(`The state file ${file} can't be read: ${(error as Error).message}.`);
  }
  if (text === null) return null;
  const remedy = "It was left as it is; move it away to start from the seed.";
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new StateFileError(`The state file ${file} is damaged: ${(error as Error).message}. ${remedy}`);
  }
  const damage = damageIn(content);
  if (damage) throw new StateFileError(`The state file ${file} is damaged: ${damage}. ${remedy}`);
  const { format: _, ...state } = content as State & { format: number };
  return { ...firstDay(), ...state };
}

function damageIn(content: unknown): string | null {
  if (typeof content !== "object" || content === null) return "it holds no object";
  const fields = content as Record<string, unknown>;
  if (fields.format !== format) return `its format is not ${format}`;
  for (const list of [...lists, ...newerLists.filter((name) => fields[name] !== undefined)]) {
    const entries = fields[list];
    if (!Array.isArray(entries)) return `'${list}' is no list`;
    if (entries.some((entry) => typeof entry !== "object" || entry === null)) {
      return `'${list}' holds something that is no object`;
    }
  }
  return null;
}

/** Writes the state, whole, one write at a time; changes made during a write share the next one. */
export class StateWriter {
  private running: Promise<void> = Promise.resolve();
  private next: Promise<void> | null = null;

  constructor(
    private readonly file: string | undefined,
    private readonly state: () => State,
  ) {}

  /** Resolves once everything changed before the call is on disk. */
  save(): Promise<void> {
    if (this.file === undefined) return Promise.resolve();
    this.next ??= this.writeAfter(this.running);
    return this.next;
  }

  private async writeAfter(previous: Promise<void>): Promise<void> {
    // A failed write was reported to those who waited for it; the next one writes everything anyway.
    await previous.catch(() => {});
    this.running = this.next ?? Promise.resolve();
    this.next = null;
    // The file holds webhook addresses, which may be secret.
    await writeOwnFile(this.file as string, JSON.stringify({ format, ...this.state() }));
  }
}
