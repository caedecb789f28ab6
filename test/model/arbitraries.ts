/** How lives are drawn: often what is usual, seldom what is not, and everything together with everything. */
import * as fc from "fast-check";
import type { FaultAction, FaultRule, JobOutcome, StateOutcome } from "genesyscloud-sandbox";
import { WEBHOOK_PATHS } from "./program.js";
import type { ByHand, Round, Schedule, StateEdit, Trouble } from "./schedule.js";
import { INTEGRATIONS, RESOURCES, SOURCES, type Spec } from "./subjects/index.js";
import { EVENTS, type IntegrationSpec, PLACES } from "./subjects/integration.js";
import { type SourceSpec, TARGETS, TOPICS } from "./subjects/source.js";
import { variants } from "./variants.js";

const resource = fc.constantFrom(...RESOURCES);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });
/** Once in so many times. */
const rarely = <T>(times: number, value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: times - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });

/** Up to two of them, or none; how often which. */
const someOf = <T>(value: fc.Arbitrary<T>, { none, some }: { none: number; some: number }) =>
  fc.oneof(
    { weight: none, arbitrary: fc.constant<T[]>([]) },
    { weight: some, arbitrary: fc.array(value, { maxLength: 2 }) },
  );

/** At least one of so many, by their indices, in any order. */
const indicesOf = (all: readonly unknown[]) =>
  fc.shuffledSubarray(
    all.map((_, index) => index),
    { minLength: 1 },
  );

const common = {
  key: fc.constantFrom("auto" as const, "a" as const, "b" as const),
  onConflict: maybe(fc.constantFrom("fail" as const, "adopt" as const)),
  webhook: maybe(fc.nat({ max: WEBHOOK_PATHS.length - 1 })),
  impatient: fc.boolean(),
};

const sourceSpec: fc.Arbitrary<SourceSpec> = fc.record({
  ...common,
  topic: fc.nat({ max: TOPICS.length - 1 }),
  targets: indicesOf(TARGETS),
  filters: fc.nat({ max: 2 }),
  status: maybe(fc.constantFrom("active" as const, "inactive" as const, "draft" as const)),
  description: maybe(fc.constantFrom("", "first", "second")),
});

const integrationSpec: fc.Arbitrary<IntegrationSpec> = fc.record({
  ...common,
  place: fc.nat({ max: PLACES.length - 1 }),
  topics: indicesOf(EVENTS),
  isNamed: fc.boolean(),
  notes: maybe(fc.constantFrom("", "first", "second")),
  enabled: maybe(fc.boolean()),
});

/** A resource of whatever kind, with what a program says of it. */
const edited = <None>(orElse: (spec: fc.Arbitrary<Spec>) => fc.Arbitrary<Spec | None>) =>
  fc.oneof(
    fc.record({ resource: fc.constantFrom(...SOURCES), spec: orElse(sourceSpec) }),
    fc.record({ resource: fc.constantFrom(...INTEGRATIONS), spec: orElse(integrationSpec) }),
  );

const byHand: fc.Arbitrary<ByHand> = fc.oneof(
  fc.record({
    by: fc.constant("add" as const),
    resource,
    key: fc.constantFrom("a" as const, "b" as const),
    fixed: fc.nat({ max: 2 }),
  }),
  fc.record({
    by: fc.constant("change" as const),
    pick: fc.nat({ max: 9 }),
    field: fc.constantFrom("nothing", "description", "status", "targets", "name"),
  }),
  fc.record({ by: fc.constant("remove" as const), pick: fc.nat({ max: 9 }) }),
);

const ROUTES = [
  { method: "POST", path: "/sources$" },
  { method: "GET", path: "/sources\\?" },
  { method: "GET", path: "/sources/" },
  { method: "PUT", path: "/sources/" },
  { method: "DELETE", path: "/sources/" },
  { method: "GET", path: "/jobs/" },
  { method: "GET", path: "/topics" },
  { method: "GET", path: "/targets" },
  { method: "POST", path: "/integrations$" },
  { method: "GET", path: "/integrations\\?" },
  { method: "GET", path: "/integrations/" },
  { method: "PUT", path: "/config/current$" },
  { method: "PATCH", path: "/integrations/" },
  { method: "DELETE", path: "/integrations/" },
  { method: "GET", path: "/availabletopics" },
  { method: "GET", path: "/organizations/me" },
  { method: "POST", path: "/oauth/token" },
];

/** Statuses that a platform in trouble gives. Not 404, 400, 409: those would be lies about the objects. */
const status = fc.constantFrom(503, 429, 502, 504, 500, 403, 401);
const headers = maybe(fc.constantFrom({ "Retry-After": "1" }, { "Retry-After": "0" }));

const action: fc.Arbitrary<FaultAction> = fc.oneof(
  fc.record({ kind: fc.constant("answer" as const), status, headers }),
  // Carried out and answered with trouble: never 429, 401 or 403, which say that it was not.
  fc.record({ kind: fc.constant("answerAfter" as const), status: fc.constantFrom(503, 502, 504, 500) }),
  fc.record({ kind: fc.constantFrom("resetAfter" as const, "resetBefore" as const) }),
  fc.record({ kind: fc.constant("delay" as const), ms: fc.constantFrom(5, 20) }),
  fc.record({ kind: fc.constant("hang" as const), after: fc.boolean() }),
  fc.record({ kind: fc.constant("malformed" as const) }),
  fc.record({
    kind: fc.constantFrom("html" as const, "empty" as const),
    status: fc.constantFrom(503, 502, 200),
    after: fc.constant(true),
  }),
  fc.record({ kind: fc.constantFrom("html" as const, "empty" as const), status: fc.constantFrom(503, 502) }),
  fc.record({
    kind: fc.constant("huge" as const),
    bytes: fc.constantFrom(1_000, 11_000_000),
    after: fc.constant(true),
  }),
);

const fault: fc.Arbitrary<FaultRule> = fc.record({
  match: fc.constantFrom(...ROUTES),
  skip: fc.nat({ max: 2 }),
  times: fc.constantFrom<(number | "always")[]>(1, 1, 1, 2, 5),
  action,
});

const job: fc.Arbitrary<JobOutcome> = fc.oneof(
  fc.record({
    status: fc.constantFrom("failed", "cancelled", "paused"),
    error: fc.constant({ code: "target.refused", message: "the target said no" }),
    sourceMade: fc.boolean(),
  }),
  fc.constant({ status: "stuck" }),
  fc.constant({ status: "completed", afterMs: 30_000 }),
);

const state: fc.Arbitrary<StateOutcome> = fc.oneof(
  fc.constant({ code: "ERROR", message: "the account said no" }),
  fc.constant({ code: "stuck" }),
  fc.constant({ code: "PAUSED_BY_PLATFORM" }),
  fc.constant({ afterMs: 30_000 }),
);

const WITHDRAWN = [
  "eventbridge:source:write",
  "eventbridge:source:read",
  "asyncapi:job:read",
  "eventbridge:topic:read",
  "eventbridge:target:read",
  "integrations:integration:add",
  "integrations:integration:edit",
  "integrations:integration:view",
  "integrations:integration:delete",
];

const trouble: fc.Arbitrary<Trouble> = fc.record({
  faults: someOf(fault, { none: 2, some: 2 }),
  jobs: someOf(job, { none: 3, some: 1 }),
  states: someOf(state, { none: 3, some: 1 }),
  withdrawn: rarely(16, fc.constantFrom(...WITHDRAWN)),
  meanwhile: rarely(
    6,
    fc.record({
      at: fc.nat({ max: 12 }),
      act: fc.oneof(fc.constant({ by: "revoke" as const }), byHand),
    }),
  ),
  kill: rarely(12, fc.record({ at: fc.nat({ max: 12 }), after: fc.boolean(), power: fc.boolean() })),
  receiver: rarely(
    6,
    fc.record({
      does: fc.constantFrom<(number | "reset" | "hang")[]>(503, 429, "reset", "hang", 400, 410),
      times: fc.constantFrom<(number | "always")[]>(1, 2, "always"),
    }),
  ),
});

const edits = fc.array(
  edited<null>((spec) => fc.option(spec, { nil: null, freq: 4 })),
  { maxLength: 2 },
);
const firstEdits = fc.array(
  edited<never>((spec) => spec),
  { minLength: 1, maxLength: 4 },
);

/** Mostly none, so that what they set apart is lived through, too. */
const stateEdits = someOf<StateEdit>(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ edit: fc.constantFrom("taint", "alias", "move"), pick: fc.nat({ max: 9 }) }),
    },
    { weight: 1, arbitrary: fc.constant({ edit: "rename stack" as const }) },
  ),
  { none: 4, some: 1 },
);

const round = (edits: fc.Arbitrary<Round["edits"]>): fc.Arbitrary<Round> =>
  fc.record({
    edits,
    byHand: someOf(byHand, { none: 2, some: 1 }),
    stateEdits,
    second: fc.nat({ max: 2 }).map((drawn) => drawn === 2),
    operation: fc.oneof(
      { weight: 8, arbitrary: fc.constant("up" as const) },
      { weight: 1, arbitrary: fc.constant("preview" as const) },
      { weight: 3, arbitrary: fc.constant("refresh" as const) },
      { weight: 2, arbitrary: fc.constant("up --refresh" as const) },
      { weight: 1, arbitrary: fc.constant("destroy" as const) },
      { weight: 1, arbitrary: fc.constant("import" as const) },
      { weight: 1, arbitrary: fc.constant("replace" as const) },
    ),
    pick: fc.nat({ max: 9 }),
    another: fc.nat({ max: 24 }).map((drawn) => drawn === 24),
    elsewhere: fc.nat({ max: 39 }).map((drawn) => drawn === 39),
    trouble,
  });

/** Every schedule there is. Shrinks towards few rounds, no troubles and the usual organisation. */
export const schedules: fc.Arbitrary<Schedule> = fc.record({
  variants: fc.oneof({ weight: 1, arbitrary: fc.constant({}) }, { weight: 3, arbitrary: variants }),
  jobMs: fc.constantFrom(300, 0, 2_000),
  stateMs: fc.constantFrom(300, 0, 2_000),
  allowed: rarely(6, fc.constantFrom(20, 40)),
  inSecond: rarely(5, fc.subarray(RESOURCES, { maxLength: RESOURCES.length - 1 })).map(
    (drawn) => drawn ?? [],
  ),
  rounds: fc
    .tuple(round(firstEdits), fc.array(round(edits), { maxLength: 5 }))
    .map(([first, others]) => [first, ...others]),
});
