/**
 * The ways in which a text that must not be shown can stand in a message: as it is, or written for a URL, for JSON, for
 * HTML or in base64, once or twice over.
 */
import { printable } from "./printable.js";

/** Longer texts are not written twice over: what that brings about is longer still. */
const LONGEST_TWICE = 4_096;

/** All forms of a text, each once; the text itself first. */
export function formsOf(text: string): string[] {
  const wellFormed = text.toWellFormed();
  const asIs = [
    text,
    wellFormed,
    wellFormed.normalize("NFC"),
    wellFormed.normalize("NFD"),
    text.toUpperCase(),
  ];
  const written = unique([...unique(asIs), ...unique(asIs).flatMap(writings)]);
  const twice = text.length > LONGEST_TWICE ? written : written.flatMap((each) => [each, ...writings(each)]);
  return unique([...twice, ...inBase64(wellFormed)]);
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)];

function writings(text: string): string[] {
  const wellFormed = text.toWellFormed();
  const component = encodeURIComponent(wellFormed);
  const json = JSON.stringify(text).slice(1, -1);
  return unique([
    encodeURI(wellFormed),
    component,
    component.replaceAll(/[!'()*]/g, hexOf),
    component.replaceAll("%20", "+"),
    json,
    json.replaceAll(/[^\u0020-\u007e]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`),
    json.replaceAll("/", "\\/"),
    escapedForHtml(text, "&quot;", "&#39;"),
    escapedForHtml(text, "&#34;", "&#x27;"),
    printable(text, Number.POSITIVE_INFINITY),
  ]);
}

const hexOf = (sign: string): string => `%${sign.charCodeAt(0).toString(16)}`;

const escapedForHtml = (text: string, quote: string, apostrophe: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', quote)
    .replaceAll("'", apostrophe);

/** By itself, and as it stands in a longer text, where its place among groups of three bytes is any. */
function inBase64(text: string): string[] {
  const bytes = Buffer.from(text);
  const shifted = [0, 1, 2].map((shift) => {
    const base64 = Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64");
    // Signs at either end that bear bits of what stands beside it are any.
    return base64.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
  });
  const all = [bytes.toString("base64").replace(/=+$/, ""), ...shifted];
  return unique([...all, ...all.map((each) => each.replaceAll("+", "-").replaceAll("/", "_"))]);
}
