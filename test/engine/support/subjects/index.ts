/** The kinds of resources that the stories of the behaviours run for, each by the same body. */
import { INTEGRATION } from "./integration.js";
import { SOURCE } from "./source.js";
import type { Subject } from "./subject.js";

export type { Fields, Seen, Subject } from "./subject.js";

export const SUBJECTS: Subject[] = [SOURCE, INTEGRATION];
