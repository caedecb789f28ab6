/**
 * What a user is told of what a platform keeps otherwise: where, what kind of change it is, and what to write. No value is
 * shown: a provider is not told which of them are secret.
 */
import type { Log } from "../resourceHandler.js";
import type { CommonOutputs, Properties } from "./inputs.js";
import { asAsked, isNearly, isObject, isSame } from "./kept.js";
import type { Kind } from "./kind.js";

/** One value that is kept otherwise. */
interface Note {
  /** Such as `filters[0].conditions[1].value`. */
  path: string;
  asked: unknown;
  kept: unknown;
  /** What was done to it, and what to write. */
  change: Change;
}

/** What was done to a value, and what to write instead; both continue a sentence. */
interface Change {
  what: string;
  write: string;
}

type Known = Properties & Pick<CommonOutputs, "__asked">;

/** Of an object with fifty of them: whoever has read ten of these lines knows how the platform writes. */
const MOST_NOTES = 10;

/** Says once what the platform keeps otherwise than it was asked for; what was said of the object before is left out. */
export function tellWhatIsKept(kind: Kind, now: Known, before: Known, log: Log): void {
  const said = new Set(notesOf(kind, before).map(identityOf));
  const news = notesOf(kind, now).filter((note) => !said.has(identityOf(note)));
  if (news.length === 0) return;
  const phrases = news
    .slice(0, MOST_NOTES)
    .map(({ path, change }) => `${path}: ${change.what} (to have it as it is kept, ${change.write})`);
  const more = news.length > MOST_NOTES ? `; and ${news.length - MOST_NOTES} more of this kind` : "";
  log.warn(
    `the platform keeps some of what the program asks for in its own way. ${phrases.join("; ")}${more}. The resource's outputs show what is kept. Nothing has to be done: this is no difference from now on, and a change that somebody makes is still found.`,
  );
}

const identityOf = ({ path, asked, kept }: Note): string =>
  JSON.stringify([path, asked ?? null, kept ?? null]);

/** Everything that an object has otherwise than it was asked for. */
function notesOf(kind: Kind, known: Known): Note[] {
  const asked = asAsked(known);
  const fields = kind.fields.filter((field) => field in (known.__asked ?? {}));
  return fields.flatMap((field) => [...changesIn(field, asked[field], known[field])]);
}

function* changesIn(path: string, asked: unknown, kept: unknown): Generator<Note> {
  if (isSame(asked, kept)) return;
  if (Array.isArray(asked) && Array.isArray(kept)) {
    const places = placesOf(asked, kept);
    if (places.some((place, index) => place !== index)) yield { path, asked, kept, change: movedTo(places) };
    for (let index = 0; index < Math.max(asked.length, kept.length); index++)
      yield* changesIn(`${path}[${index}]`, asked[index], kept[places[index] ?? index]);
  } else if (isObject(asked) && isObject(kept)) {
    for (const key of new Set([...Object.keys(asked), ...Object.keys(kept)]))
      yield* changesIn(`${path}.${key}`, asked[key], kept[key]);
  } else yield { path, asked, kept, change: changeOf(asked, kept) };
}

/** Where the entries of a list are kept, by their places; their own where not every one is known again. */
function placesOf(asked: readonly unknown[], kept: readonly unknown[]): number[] {
  const inPlace = asked.map((_, index) => index);
  const free = new Set(kept.keys());
  const places = asked.map((each, index) => {
    const isIt = (place: number) => free.has(place) && isNearly(each, kept[place]);
    const place = isIt(index) ? index : [...free].find(isIt);
    if (place !== undefined) free.delete(place);
    return place;
  });
  return places.includes(undefined) || free.size > 0 ? inPlace : (places as number[]);
}

const movedTo = (places: readonly number[]): Change => ({
  what: `its entries are kept in another order, [${places.map((_, place) => places.indexOf(place)).join(", ")}]`,
  write: "write them in that order",
});

const change = (what: string, write: string, apply: (text: string) => string) => ({ what, write, apply });

/** What platforms do to a text, in the order in which the changes of one text are looked for. */
const OF_TEXTS: readonly (Change & { apply(text: string): string })[] = [
  change("white space around it was taken off", "write it without", (text) => text.trim()),
  change("white space in it was made single blanks", "write single blanks", (text) =>
    text.replaceAll(/\s+/g, " "),
  ),
  change("its line ends were changed", "end lines with a line feed alone", (text) =>
    text.replaceAll("\r\n", "\n"),
  ),
  change("its letters were made lower case", "write lower case", (text) => text.toLowerCase()),
  change("its letters were made upper case", "write upper case", (text) => text.toUpperCase()),
  change("its accents were joined with their letters", 'write it in the Unicode form "NFC"', (text) =>
    text.normalize("NFC"),
  ),
  change("a slash was put at its end", "write it with a slash at its end", (text) =>
    text.endsWith("/") ? text : `${text}/`,
  ),
  change("the slash at its end was taken off", "write it without", (text) => text.replace(/\/+$/, "")),
];

/** Every choice of the changes above, the smallest first. */
const CHOICES = Array.from({ length: 2 ** OF_TEXTS.length - 1 }, (_, index) =>
  OF_TEXTS.filter((_, place) => ((index + 1) & (1 << place)) !== 0),
).toSorted((a, b) => a.length - b.length);

function changeOf(asked: unknown, kept: unknown): Change {
  if (kept === undefined || (kept === "" && String(asked).trim() !== ""))
    return { what: "nothing of it is kept", write: "leave it out" };
  if (asked === undefined || asked === "")
    return { what: "something is kept where nothing was asked for", write: "write what its output shows" };
  if (typeof asked !== typeof kept && String(asked) === String(kept))
    return typeof kept === "string"
      ? {
          what: `the ${typeof asked} is kept as text`,
          write: "write it in quotes where the operator allows it",
        }
      : { what: `the text is kept as a ${typeof kept}`, write: "write it without quotes" };
  if (typeof asked !== "string" || typeof kept !== "string") return OTHERWISE;
  const done = CHOICES.find((choice) => choice.reduce((text, { apply }) => apply(text), asked) === kept);
  if (done !== undefined)
    return {
      what: done.map(({ what }) => what).join(", "),
      write: done.map(({ write }) => write).join(", "),
    };
  if (asked.startsWith(kept))
    return { what: "its end was cut off", write: `write ${kept.length} characters at most` };
  return OTHERWISE;
}

const OTHERWISE: Change = { what: "it is kept otherwise", write: "write what its output shows" };
