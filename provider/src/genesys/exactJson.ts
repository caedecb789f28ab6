/**
 * Reads the JSON of answers without altering anything in silence. `JSON.parse` makes 9007199254740992 of
 * 9007199254740993, infinity of 1e400, and of a key that stands twice it keeps the last.
 */
import { parse } from "lossless-json";
import { LONGEST } from "../limits.js";

/** A longer number is not looked into: one that a program can hold has no need of so many digits. */
const LONGEST_NUMBER = 400;

/** A value that JavaScript cannot hold as it stands in an answer. It can be named, and neither kept nor sent. */
export class Unholdable {
  /** The value as it stands there, cut where it is long. */
  readonly text: string;

  constructor(
    text: string,
    /** What is wrong with it, such as `is a number that no program can hold exactly`. */
    readonly why: string,
  ) {
    this.text = text.length > LONGEST.value ? `${text.slice(0, LONGEST.value)}…` : text;
  }

  toString(): string {
    return this.text;
  }

  /** Whatever would write it down, a request, a state or a file, would write something else. */
  toJSON(): never {
    throw new Error(`the value ${this.why}, and can be written nowhere`);
  }
}

/**
 * The value of a JSON text, each part that cannot be held an `Unholdable` of its own.
 *
 * @throws SyntaxError when it is no JSON.
 */
export function parseExactly(text: string): unknown {
  try {
    return parse(text, undefined, {
      parseNumber,
      onDuplicateKey: () => new Unholdable("…", "stands there twice, with different values"),
    });
  } catch (error) {
    if (error instanceof RangeError) return new Unholdable("…", "is nested too deep to be read");
    throw error;
  }
}

function parseNumber(text: string): number | Unholdable {
  // -0 is 0: JSON is written without it.
  const number = Number(text) + 0;
  return isExact(text, number)
    ? number
    : new Unholdable(text, "is a number that no program can hold exactly");
}

/** Whether the number that is written again is the one that was read. */
function isExact(text: string, number: number): boolean {
  if (text.length < 16 && !/[eE]/.test(text)) return true;
  return (
    text.length <= LONGEST_NUMBER && Number.isFinite(number) && decimal(text) === decimal(String(number))
  );
}

/** One spelling for all spellings of a number: its digits without zeros around them, and a power of ten. */
function decimal(text: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = (whole + fraction).replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return "0";
  const power = Number(exponent) - fraction.length + digits.length - significant.length;
  return `${sign}${significant}e${power}`;
}
