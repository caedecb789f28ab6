import { unseenIn } from "./pasted.js";

/** Whether a text is an http or https address, whole and without anything that a URL's reader would drop in silence. */
export const isWebAddress = (text: string): boolean =>
  unseenIn(text) === undefined &&
  URL.canParse(text) &&
  ["http:", "https:"].includes(new URL(text).protocol) &&
  new URL(text).port !== "0";

/** What is said of one that is not; without the text, since the addresses of webhooks are secret. */
export function notAWebAddress(text: unknown): string {
  const unseen = typeof text === "string" ? unseenIn(text) : undefined;
  return unseen === undefined
    ? "must be an http or https address (its value is secret and not shown)"
    : `has ${unseen} inside: it must be an http or https address, in which a blank is written %20 (its value is secret and not shown)`;
}
