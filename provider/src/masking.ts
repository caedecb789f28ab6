/**
 * Takes texts that must not be shown out of other texts. It scans, and never makes a pattern of what it looks for; its
 * cost grows with the length of what it is given and no faster; and whatever goes wrong, nothing comes out unmasked and
 * nothing is thrown: a message is not worth a secret, and no outcome may be lost for the sake of its words.
 */
import { formsOf } from "./hiddenForms.js";
import { LONGEST } from "./limits.js";
import { CUT } from "./printable.js";

/** A text that must not be shown. */
export interface Hidden {
  text: string;
  /** What stands in its place. */
  mark: string;
}

/** A text with all that must not be shown taken out. Never throws. */
export type Hide = (text: string) => string;

/** Shorter texts are looked for as whole words alone: as parts of others they would tear holes into ordinary words. */
const SHORTEST = 8;
/** A shorter one is not looked for at all: it is a number, or a word that stands everywhere. */
const SHORTEST_WORD = 4;
/** How much of a long text gives it away, wherever in it that stands: it may have been cut before it came here. */
const TELLING_PART = 12;
/** How long the pieces are by which parts are found: two of them, less one, fit into every telling part. */
const PIECE = 6;
/** Behind that many signs of a text its pieces are noted at greater distances: parts of it have to be longer then. */
const NOTED_CLOSELY = 4_096;
/** How many pieces of the rest are noted, at most. */
const MOST_NOTED = 1_000;
/** How many texts that have a piece in common are compared where it stands. */
const MOST_COMPARED = 16;
/** What is looked for can be that long, in all its forms together: ten times what a source with long values has. */
const MOST_LOOKED_FOR = 32_000_000;

/** Stands for a text of which it could not be made sure that it may be shown. */
export const NOT_SHOWN = "[a text that could not be searched for secrets, and is not shown]";

/**
 * Takes the same texts out of whatever comes.
 *
 * @param find tells what they are, when that is needed first.
 * @param longest what is longer is cut.
 */
export function hiding(find: () => readonly Hidden[], longest: number = LONGEST.looked): Hide {
  let wanted: Wanted | undefined;
  return (text) => {
    try {
      wanted ??= prepared(find());
      if (text.length <= longest) return masked(text, wanted);
      // The cut may have left the beginning of something that is too short to be known again.
      const left = { start: longest - TELLING_PART, end: longest, mark: "" };
      return masked(text.slice(0, longest), wanted, left) + CUT;
    } catch {
      return NOT_SHOWN;
    }
  };
}

/** A form of a text, letters in lower case. */
interface Form extends Hidden {
  /** See `bordersOf`; made when it is needed first. */
  borders?: Int32Array;
}

interface Wanted {
  /** Found wherever they stand. */
  forms: Form[];
  /** Found as whole words. */
  words: Form[];
  /** Where in which form a piece stands. */
  pieces: Map<string, { form: Form; at: number }[]>;
}

function prepared(hidden: readonly Hidden[]): Wanted {
  const wanted: Wanted = { forms: [], words: [], pieces: new Map() };
  const seen = new Set<string>();
  let length = 0;
  for (const form of everyForm(hidden)) {
    if (seen.has(form.text)) continue;
    seen.add(form.text);
    length += form.text.length;
    if (length > MOST_LOOKED_FOR) throw new RangeError("too much to look for");
    if (form.text.length >= SHORTEST) wanted.forms.push(form);
    else if (form.text.length >= SHORTEST_WORD) wanted.words.push(form);
    if (form.text.length > TELLING_PART) note(form, wanted.pieces);
  }
  return wanted;
}

function* everyForm(hidden: readonly Hidden[]): Generator<Form> {
  for (const { text, mark } of hidden)
    for (const form of endsOf(text).flatMap(formsOf)) yield { text: folded(form), mark };
}

/** Of what is longer than any text that is looked at, both ends, of which one is in whatever is left of it. */
const endsOf = (text: string): string[] =>
  text.length <= LONGEST.looked ? [text] : [text.slice(0, LONGEST.looked), text.slice(-LONGEST.looked)];

/** Notes where the pieces of a form stand, each once. */
function note(form: Form, pieces: Wanted["pieces"]): void {
  const wide = Math.max(PIECE, Math.ceil((form.text.length - NOTED_CLOSELY) / MOST_NOTED));
  for (let at = 0; at + PIECE <= form.text.length; at += at < NOTED_CLOSELY ? PIECE : wide) {
    const piece = form.text.slice(at, at + PIECE);
    const places = pieces.get(piece) ?? [];
    if (places.length === 0) pieces.set(piece, places);
    if (places.length < MOST_COMPARED && places.at(-1)?.form !== form) places.push({ form, at });
  }
}

/** A part of the text that is not shown. */
interface Range {
  start: number;
  end: number;
  mark: string;
}

/** @param more what else is not shown. */
function masked(text: string, { forms, words, pieces }: Wanted, ...more: Range[]): string {
  const within = folded(text);
  const ranges = [...whole(within, forms), ...wholeWords(within, words), ...parts(within, pieces), ...more];
  let shown = "";
  let end = 0;
  for (const range of united(ranges)) {
    shown += text.slice(end, range.start) + range.mark;
    end = range.end;
  }
  return shown + text.slice(end);
}

/** Every place of every form. */
function* whole(within: string, forms: readonly Form[]): Generator<Range> {
  for (const form of forms) if (form.text.length <= within.length) yield* placesOf(form, within);
}

/** Every place of a form; each sign of the text is looked at once (Knuth, Morris and Pratt). */
function* placesOf(form: Form, within: string): Generator<Range> {
  const { text, mark } = form;
  form.borders ??= bordersOf(text);
  let same = 0;
  for (let at = 0; at < within.length; at++) {
    const sign = within.charCodeAt(at);
    while (same > 0 && sign !== text.charCodeAt(same)) same = form.borders[same - 1] ?? 0;
    if (sign === text.charCodeAt(same)) same++;
    if (same < text.length) continue;
    yield { start: at + 1 - same, end: at + 1, mark };
    same = form.borders[same - 1] ?? 0;
  }
}

/** For each beginning of a text, how much of its end the text begins with, too. */
function bordersOf(text: string): Int32Array {
  const borders = new Int32Array(text.length);
  let same = 0;
  for (let at = 1; at < text.length; at++) {
    while (same > 0 && text.charCodeAt(at) !== text.charCodeAt(same)) same = borders[same - 1] ?? 0;
    if (text.charCodeAt(at) === text.charCodeAt(same)) same++;
    borders[at] = same;
  }
  return borders;
}

function* wholeWords(within: string, forms: readonly Form[]): Generator<Range> {
  for (const { start, end, mark } of whole(within, forms))
    if (!isLetter(within.charAt(start - 1)) && !isLetter(within.charAt(end))) yield { start, end, mark };
}

const isLetter = (sign: string): boolean => /[\p{L}\p{N}_]/u.test(sign);

/** What is cut off at either end, or at both. */
function* parts(within: string, pieces: Wanted["pieces"]): Generator<Range> {
  if (pieces.size === 0) return;
  for (let at = 0; at + PIECE <= within.length; at++) {
    let end = 0;
    for (const place of pieces.get(within.slice(at, at + PIECE)) ?? []) {
      const range = sameAround(within, at, place);
      if (range.end - range.start < TELLING_PART) continue;
      yield range;
      end = Math.max(end, range.end);
    }
    // Another may begin within this one.
    at = Math.max(at, end - PIECE);
  }
}

/** How far the text is the same as a form around a piece. What lies further back was found by another piece. */
function sameAround(within: string, at: number, place: { form: Form; at: number }): Range {
  const { text, mark } = place.form;
  let back = 0;
  while (
    back < TELLING_PART &&
    back < Math.min(at, place.at) &&
    within[at - back - 1] === text[place.at - back - 1]
  )
    back++;
  let on = PIECE;
  while (at + on < within.length && place.at + on < text.length && within[at + on] === text[place.at + on])
    on++;
  return { start: at - back, end: at + on, mark };
}

/** In order, each sign in one of them at most. */
function united(ranges: Range[]): Range[] {
  const united: Range[] = [];
  for (const range of ranges.sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = united.at(-1);
    const touches = last !== undefined && range.start <= last.end && range.mark === last.mark;
    if (last === undefined || (range.start >= last.end && !touches)) united.push({ ...range });
    else last.end = Math.max(last.end, range.end);
  }
  return united;
}

/** In lower case, sign for sign: of some letters the lower case is longer, and every place would be another. */
function folded(text: string): string {
  if (/^\p{ASCII}*$/u.test(text)) return text.toLowerCase();
  let all = "";
  for (let at = 0; at < text.length; at++) {
    const sign = text.charAt(at);
    const lower = sign.toLowerCase();
    all += lower.length === 1 ? lower : sign;
  }
  return all;
}
