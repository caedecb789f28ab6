import { LONGEST } from "./limits.js";

/** Whether a text is an http or https address that is not too long. */
export const isWebAddress = (text: string): boolean =>
  text.length <= LONGEST.address &&
  URL.canParse(text) &&
  ["http:", "https:"].includes(new URL(text).protocol) &&
  new URL(text).port !== "0";

/** What is said of one that is not; without the text, since the addresses of webhooks are secret. */
export const NOT_A_WEB_ADDRESS = `must be an http or https address of at most ${LONGEST.address} characters (its value is secret and not shown)`;
