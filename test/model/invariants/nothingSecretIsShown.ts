/** Credentials, webhook addresses and stack traces stay out of all that a person can read. */
import type { Invariant } from "../observation.js";
import { WEBHOOK_PATHS } from "../program.js";
import { CLIENT_SECRET } from "../support/lane.js";
import { hidden } from "../support/secrets.js";

const SECRETS = [CLIENT_SECRET, ...WEBHOOK_PATHS];
const STACK_LINE = /^\s+at .+:\d+:\d+\)?$/;

/** No message, line or plain part of the state bears a secret, and none bears a stack. */
export const nothingSecretIsShown: Invariant = ({ run, shown, state }) => {
  const stored = state.map(({ inputs, outputs, initErrors }) =>
    JSON.stringify([hidden(inputs), hidden(outputs), initErrors]),
  );
  const texts = [...shown, ...run.steps.map(({ error = "" }) => error), ...stored];
  return texts.flatMap((text) => [
    ...SECRETS.filter((secret) => text.includes(secret)).map((secret) => `"${secret}" is in: ${text}`),
    ...(STACK_LINE.test(text) ? [`a stack is shown: ${text}`] : []),
  ]);
};
