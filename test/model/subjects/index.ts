/** The kinds of resources that schedules mix, and which resource is of which. */
import { INTEGRATION, type IntegrationSpec } from "./integration.js";
import { SOURCE, type SourceSpec } from "./source.js";
import type { StoredObject, Subject } from "./subject.js";

/** What a program says of one resource: of the kind that this resource is of. */
export type Spec = SourceSpec | IntegrationSpec;

/** A resource says what it is by its number: these are sources, the others integrations. */
export const SOURCES = [0, 1, 2];
export const INTEGRATIONS = [3, 4, 5];
export const RESOURCES = [...SOURCES, ...INTEGRATIONS];

// A spec is only ever given to the kind of its resource.
export const SUBJECTS = [SOURCE, INTEGRATION] as unknown as readonly Subject<Spec>[];
const [ofSources, ofIntegrations] = SUBJECTS as [Subject<Spec>, Subject<Spec>];

/** The kind of a resource. */
export const subjectOf = (resource: number): Subject<Spec> =>
  SOURCES.includes(resource) ? ofSources : ofIntegrations;

/** The kind of an object. */
export const subjectOfObject = ({ kind }: Pick<StoredObject, "kind">): Subject<Spec> =>
  SUBJECTS.find((subject) => subject.kind === kind) as Subject<Spec>;
