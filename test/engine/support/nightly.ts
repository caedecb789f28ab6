/** Stories that `npm run nightly` runs, and `npm test` leaves to a table or to the random lives, which say the same. */
import { test } from "vitest";

export const isNightly = process.env.NIGHTLY !== undefined;

/** `test`, at night. */
export const nightly = test.runIf(isNightly);
