/** How pictures show objects of a kind: where its events come from, and where they go. */
import { isUnknown } from "../unknown.js";
import type { Properties } from "./inputs.js";

/** A place that events come from or go to. */
export interface Place {
  /** What it is, such as `topic`. Where several objects name one of the same word, id and detail, it is the same place. */
  word: string;
  /** What it is known by. */
  id: string;
  /** What people call it, where that is known. */
  name?: string;
  /** What is said of it in a line of its own. */
  detail?: string;
}

/** An object as a picture shows it. */
export interface Drawn {
  from: Place[];
  /** The names of the filters that let some of the events through. */
  through: string[];
  to: Place[];
  /** How it is, where it is not as most are, such as `inactive`. */
  note?: string;
}

/** Draws an object. @param properties inputs or outputs, of which every part can be unknown or secret. */
export type Draw = (properties: Properties) => Drawn;

/** Stands for what is not known before an update. */
const NOT_KNOWN = "(not known yet)";
/** Stands for what is not shown. */
const SECRET = "(secret)";
/** What the CLI writes in the place of a secret. */
const HIDDEN = "[secret]";

/** A text that may be shown, or what stands in its place. */
export function shownText(value: unknown): string {
  if (isUnknown(value)) return NOT_KNOWN;
  return typeof value === "string" && value !== HIDDEN ? value : SECRET;
}

/** The entries of a list; one that stands in the place of all where they cannot be shown. */
export const shownList = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];

/** A property of what may be an object; the value itself where it is none: unknown, or secret. */
export const partOf = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null && key in value ? (value as Properties)[key] : value;
