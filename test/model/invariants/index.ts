import type { Invariant } from "../observation.js";
import { failuresHaveCauses } from "./failuresHaveCauses.js";
import { fieldsAreAsAsked } from "./fieldsAreAsAsked.js";
import { foreignSourcesAreUntouched } from "./foreignSourcesAreUntouched.js";
import { nothingIsForgotten } from "./nothingIsForgotten.js";
import { nothingSecretIsShown } from "./nothingSecretIsShown.js";
import { onceEach } from "./onceEach.js";
import { previewsOnlyLook } from "./previewsOnlyLook.js";
import { secondPreviewIsQuiet } from "./secondPreviewIsQuiet.js";
import { stateAgrees } from "./stateAgrees.js";

/** What must be true after every operation. The audit log's and the webhook's go here when they exist. */
export const INVARIANTS: Readonly<Record<string, Invariant>> = {
  failuresHaveCauses,
  fieldsAreAsAsked,
  foreignSourcesAreUntouched,
  nothingIsForgotten,
  nothingSecretIsShown,
  onceEach,
  previewsOnlyLook,
  secondPreviewIsQuiet,
  stateAgrees,
};
