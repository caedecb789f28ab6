/** What is taken for a web address, and what is said of what is none. */
import { LONGEST } from "./limits.js";
import { unseenIn } from "./pasted.js";

/** Whether a text is an http or https address: not too long, and without anything that a URL's reader would drop in silence. */
export const isWebAddress = (text: string): boolean =>
  text.length <= LONGEST.address &&
  unseenIn(text) === undefined &&
  URL.canParse(text) &&
  ["http:", "https:"].includes(new URL(text).protocol) &&
  new URL(text).port !== "0";

/** What is said of one that is not; without the text, since the addresses of webhooks are secret. */
export const NOT_A_WEB_ADDRESS = `must be an http or https address of at most ${LONGEST.address} characters (its value is secret and not shown)`;

/** The same, with what stands inside that cannot. */
export function notAWebAddress(text: unknown): string {
  const unseen = typeof text === "string" && text.length <= LONGEST.address ? unseenIn(text) : undefined;
  return unseen === undefined
    ? NOT_A_WEB_ADDRESS
    : `has ${unseen} inside, where a blank is written %20: it ${NOT_A_WEB_ADDRESS}`;
}
