/**
 * The file that `pulumi preview --import-file` writes: what a program has and its stack does not. Read here, and written
 * again with what was found. What is of other packages stays what it is, to the last digit of a number.
 */
import { parse, stringify } from "lossless-json";
import { z } from "zod";
import type { Kind } from "../../lifecycle/kind.js";
import { messageOf } from "../../messageOf.js";
import { inQuotes } from "../../printable.js";
import { isPlaceholder } from "./placeholder.js";

/** A text is not such a file; the message says why not. */
export class NoImportFileError extends Error {}

const ENTRY = z.looseObject({
  type: z.string(),
  name: z.string(),
  logicalName: z.string().optional(),
  parent: z.string().optional(),
  provider: z.string().optional(),
  id: z.string().optional(),
  inputs: z.looseObject({}).optional(),
  outputs: z.looseObject({}).optional(),
});
const FILE = z.looseObject({
  resources: z.array(ENTRY).default([]),
  nameTable: z.record(z.string(), z.string()).default({}),
});

/** A resource, in the words of the file. */
export type FileEntry = z.infer<typeof ENTRY>;

/** A resource of a kind of ours. */
export interface OurEntry {
  kind: Kind;
  /** What it is called in the file, where no two are called the same. */
  name: string;
  /** Its URN in the stack. */
  urn: string;
  /** The name of the explicit provider that it goes through. */
  provider?: string;
  /** Absent where it is still to be found. */
  id?: string;
  /** It has all that an import takes. */
  isWhole: boolean;
}

/** The file, and what of it is ours. */
export interface UnfinishedFile {
  ours: OurEntry[];
  /** How many there are of other packages, components left out. */
  others: number;
  /** The names of those that others stand below. */
  parents: ReadonlySet<string>;
  /** The file's text with some entries changed, and others left out, by their names. */
  textWith(changes: ReadonlyMap<string, Completion | "left out">): string;
}

/** What completes an entry. */
export interface Completion {
  id: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
}

/** The stack that the file is for, as its URNs have it. */
export interface Where {
  project: string;
  stack: string;
}

/** @throws NoImportFileError */
export function readUnfinished(text: string, kinds: readonly Kind[], where: Where): UnfinishedFile {
  const { whole, resources, nameTable } = parsed(text);
  const byName = new Map(resources.map((each) => [each.name, each]));
  const ours: OurEntry[] = [];
  for (const entry of resources) {
    const kind = kinds.find(({ type }) => type === entry.type);
    if (kind === undefined) continue;
    const { name, logicalName = name, provider, id, inputs, outputs } = entry;
    const type = qualifiedType(entry, byName, nameTable);
    const urn = `urn:pulumi:${where.stack}::${where.project}::${type}::${logicalName}`;
    const isOpen = id === undefined || isPlaceholder(id);
    const isWhole = !isOpen && inputs !== undefined && outputs !== undefined;
    ours.push({
      kind,
      name,
      urn,
      isWhole,
      ...(provider === undefined ? {} : { provider }),
      ...(isOpen ? {} : { id }),
    });
  }
  const others = resources.filter((each) => !each.component && !kinds.some(({ type }) => type === each.type));
  const textWith: UnfinishedFile["textWith"] = (changes) => {
    const changed = resources.flatMap(({ name }, index) => {
      const change = changes.get(name);
      return change === "left out" ? [] : [{ ...whole.resources?.[index], ...change }];
    });
    return `${stringify({ ...whole, resources: changed }, undefined, 4)}\n`;
  };
  const parents = new Set(resources.flatMap(({ parent }) => parent ?? []));
  return { ours, others: others.length, parents, textWith };
}

function parsed(text: string) {
  const whole = asObject(text);
  const read = FILE.safeParse(whole);
  if (!read.success) {
    const [{ path, message }] = read.error.issues as [z.core.$ZodIssue];
    throw new NoImportFileError(`${path.map(String).join(".")}: ${message}`);
  }
  const { resources, nameTable } = read.data;
  const names = resources.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw new NoImportFileError(`two of its resources are called ${inQuotes(twice)}`);
  return { whole: whole as { resources?: object[] }, resources, nameTable };
}

function asObject(text: string): object {
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    throw new NoImportFileError(messageOf(error));
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new NoImportFileError("it holds no object");
  // The CLI leaves the list out where it is empty: what has other things instead is another file.
  if (!("resources" in value) && Object.keys(value).some((key) => key !== "nameTable"))
    throw new NoImportFileError("it has no resources");
  return value;
}

/** The type with those of all that it stands below, as it stands in its URN. */
function qualifiedType(
  { type, name, parent }: FileEntry,
  byName: ReadonlyMap<string, FileEntry>,
  nameTable: Readonly<Record<string, string>>,
  below: readonly string[] = [],
): string {
  if (parent === undefined) return type;
  if (below.includes(name)) throw new NoImportFileError(`${inQuotes(name)} stands below itself`);
  const entry = byName.get(parent);
  const above =
    entry === undefined
      ? nameTable[parent]?.split("::")[2]
      : qualifiedType(entry, byName, nameTable, [...below, name]);
  if (above === undefined)
    throw new NoImportFileError(
      `it does not say what ${inQuotes(parent)} is, below which ${inQuotes(name)} stands`,
    );
  return `${above}$${type}`;
}
