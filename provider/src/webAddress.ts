/** Whether a text is an http or https address. */
export const isWebAddress = (text: string): boolean =>
  URL.canParse(text) && ["http:", "https:"].includes(new URL(text).protocol) && new URL(text).port !== "0";

/** What is said of one that is not; without the text, since the addresses of webhooks are secret. */
export const NOT_A_WEB_ADDRESS = "must be an http or https address (its value is secret and not shown)";
