/** The invariants by name, as every operation of the model is measured by them. */
import type { Invariant } from "../observation.js";
import { auditIsWhole } from "./auditIsWhole.js";
import { createsFindWhatWasMade } from "./createsFindWhatWasMade.js";
import { failuresHaveCauses } from "./failuresHaveCauses.js";
import { fieldsAreAsAsked } from "./fieldsAreAsAsked.js";
import { foreignObjectsAreUntouched } from "./foreignObjectsAreUntouched.js";
import { lostPostsAreLookedFor } from "./lostPostsAreLookedFor.js";
import { nothingIsForgotten } from "./nothingIsForgotten.js";
import { nothingSecretIsShown } from "./nothingSecretIsShown.js";
import { noticesAreComplete } from "./noticesAreComplete.js";
import { onceEach } from "./onceEach.js";
import { otherStacksAreUntouched } from "./otherStacksAreUntouched.js";
import { previewsOnlyLook } from "./previewsOnlyLook.js";
import { secondPreviewIsQuiet } from "./secondPreviewIsQuiet.js";
import { stateAgrees } from "./stateAgrees.js";
import { whatIsDoneHasSettled } from "./whatIsDoneHasSettled.js";

/** What must be true after every operation. */
export const INVARIANTS: Readonly<Record<string, Invariant>> = {
  auditIsWhole,
  createsFindWhatWasMade,
  failuresHaveCauses,
  fieldsAreAsAsked,
  foreignObjectsAreUntouched,
  lostPostsAreLookedFor,
  noticesAreComplete,
  nothingIsForgotten,
  nothingSecretIsShown,
  onceEach,
  otherStacksAreUntouched,
  previewsOnlyLook,
  secondPreviewIsQuiet,
  stateAgrees,
  whatIsDoneHasSettled,
};
