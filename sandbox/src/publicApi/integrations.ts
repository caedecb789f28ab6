/** The integrations of the organisation: what they truly are, how writes change them, and what reads show of that. */
import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Organisation } from "../organisation.js";
import { takeOutcome } from "../outcomes.js";
import { missingProperties, unusableProperties } from "./configChecks.js";
import { type Configuration, eventBridgeType, type Integration, type StoredIntegration } from "./model.js";
import { emptyConfiguration, unlagged } from "./seed.js";
import {
  beginChange,
  endChangeIfDue,
  type IntendedState,
  isSettledFor,
  type StateOutcome,
} from "./stateChange.js";

/** What a GET by id comes to. "unseen": made a moment ago, and not shown yet. */
type Seen = Integration | "unseen" | "gone";

export class Integrations {
  /** Outcomes for the changes of state to come, first come first served. */
  readonly outcomes: StateOutcome[] = [];

  constructor(private readonly organisation: Organisation) {}

  private get stored(): StoredIntegration[] {
    return this.organisation.state.integrations;
  }

  /** Brings about what time has done by now; due before anything is read or changed. */
  settle(): void {
    const now = this.organisation.now();
    for (const stored of this.stored) endChangeIfDue(stored, now);
    const { listDelaySeconds, readDelaySeconds } = this.organisation.variants;
    const delayMs = Math.max(listDelaySeconds, readDelaySeconds) * 1000;
    this.organisation.state.integrations = this.stored.filter(
      ({ deleted_at, deletedReads }) =>
        deleted_at === undefined || deleted_at + delayMs > now || deletedReads > 0,
    );
  }

  /** An integration that is there, whether or not reads show it yet. */
  find(id: string): StoredIntegration | undefined {
    return this.stored.find(
      ({ integration, deleted_at }) => integration.id === id && deleted_at === undefined,
    );
  }

  /** Every integration that is there. */
  present(): Integration[] {
    return this.stored
      .filter(({ deleted_at }) => deleted_at === undefined)
      .map(({ integration }) => integration);
  }

  /** What the list shows. */
  listed(): Integration[] {
    const seenAt = this.organisation.now() - this.organisation.variants.listDelaySeconds * 1000;
    return this.stored
      .filter(({ made_at, deleted_at }) => made_at <= seenAt && !((deleted_at ?? Infinity) <= seenAt))
      .map(({ integration, deleted_at }) =>
        deleted_at === undefined ? integration : this.asDeleted(integration),
      );
  }

  /** What a GET by id shows, or one of the configuration, which shows no state. It counts as a read. */
  read(id: string, part: "integration" | "configuration"): Seen {
    const stored = this.stored.find(({ integration }) => integration.id === id);
    if (!stored) return "gone";
    const seenAt = this.organisation.now() - this.organisation.variants.readDelaySeconds * 1000;
    if (stored.made_at > seenAt) return "unseen";
    if (stored.unseenReads > 0) {
      stored.unseenReads -= 1;
      return "unseen";
    }
    if (stored.deleted_at === undefined) return readPresent(stored, part);
    if (stored.deleted_at > seenAt) return this.asDeleted(stored.integration);
    if (stored.deletedReads === 0) return "gone";
    stored.deletedReads -= 1;
    return this.asDeleted(stored.integration);
  }

  create(type: string, name: string): Integration {
    const now = this.organisation.now();
    const integration: Integration = {
      id: randomUUID(),
      type,
      intendedState: "DISABLED",
      reportedState: { code: "INACTIVE", message: "", lastUpdated: new Date(now).toISOString() },
      config: emptyConfiguration(name),
    };
    const { unseenReads } = this.organisation.variants;
    this.stored.push({ ...unlagged(integration), made_at: now, unseenReads });
    return integration;
  }

  /** Replaces the configuration. The version that was sent is the present one. */
  configure(stored: StoredIntegration, sent: Configuration): Integration {
    const { integration } = stored;
    const { staleConfigReads, unchangedPut, putWhileEnabled } = this.organisation.variants;
    const changesNothing = isDeepStrictEqual(sent, integration.config);
    stored.staleConfig = { before: integration.config, readsLeft: staleConfigReads };
    const raised = changesNothing && unchangedPut === "keepsVersion" ? 0 : 1;
    integration.config = { ...sent, version: integration.config.version + raised };
    const again = putWhileEnabled === "activatesAgain" || integration.reportedState.code === "ERROR";
    if (integration.intendedState === "ENABLED" && again && putWhileEnabled !== "nothing") {
      this.begin(stored, "ENABLED");
    }
    return integration;
  }

  /** Sets what is intended; an integration that is there, or on its way, is left alone. */
  intend(stored: StoredIntegration, intended: IntendedState): Integration {
    const { intendedState, reportedState } = stored.integration;
    if (!isSettledFor(stored, intended)) {
      const before = { intendedState, reportedState: { ...reportedState } };
      stored.staleState = { before, readsLeft: this.organisation.variants.staleStateReads };
      this.begin(stored, intended);
    }
    return stored.integration;
  }

  /** Deletes it; the integration as the answer shows it. */
  remove(stored: StoredIntegration): Integration {
    stored.deleted_at = this.organisation.now();
    stored.deletedReads = this.organisation.variants.deletedReads;
    stored.change = undefined;
    return this.asDeleted(stored.integration);
  }

  /** Whether another integration has the suffix, a deleted one that isn't gone yet included. */
  isSuffixTaken(suffix: unknown, exceptId: string): boolean {
    const { suffixFreed, readDelaySeconds } = this.organisation.variants;
    const seenAt = this.organisation.now() - readDelaySeconds * 1000;
    const isShown = ({ deleted_at = Infinity, deletedReads }: StoredIntegration) =>
      deleted_at > seenAt || deletedReads > 0;
    return this.stored.some(
      (stored) =>
        stored.integration.type === eventBridgeType &&
        stored.integration.id !== exceptId &&
        stored.integration.config.properties.eventSourceSuffix === suffix &&
        (suffixFreed === "onceGone" ? isShown(stored) : stored.deleted_at === undefined),
    );
  }

  private asDeleted(integration: Integration): Integration {
    if (this.organisation.variants.deletedShown === "asBefore") return integration;
    return { ...integration, intendedState: "DELETED" };
  }

  private begin(stored: StoredIntegration, intended: IntendedState): void {
    const { settings, variants } = this.organisation;
    const problem = intended === "ENABLED" ? this.problemOf(stored.integration) : null;
    const natural = problem === null ? {} : { code: "ERROR", message: problem };
    const outcome = takeOutcome(this.outcomes) ?? natural;
    const pace = { durationMs: settings.stateChangeMs, reads: variants.transitionReads };
    beginChange(stored, intended, outcome, pace, this.organisation.now());
  }

  /** Why an integration can't become active, or null. */
  private problemOf({ id, type, config: { properties } }: Integration): string | null {
    if (type !== eventBridgeType) return null;
    const missing = missingProperties(properties);
    if (missing.length > 0) return `The configuration is incomplete: ${missing.join(", ")} missing.`;
    const wrong = unusableProperties(properties);
    if (wrong.length > 0) return `The configuration has wrong values: ${wrong.join(", ")}.`;
    const taken = this.isSuffixTaken(properties.eventSourceSuffix, id);
    return taken ? "The event source suffix is in use by another integration." : null;
  }
}

function readPresent(stored: StoredIntegration, part: "integration" | "configuration"): Integration {
  const { integration, staleConfig, staleState, change } = stored;
  const shown = structuredClone(integration);
  if (staleConfig && staleConfig.readsLeft > 0) {
    staleConfig.readsLeft -= 1;
    shown.config = staleConfig.before;
  }
  if (part === "configuration") return shown;
  if (staleState && staleState.readsLeft > 0) {
    staleState.readsLeft -= 1;
    Object.assign(shown, staleState.before);
  } else if (change && change.readsLeft > 0) {
    change.readsLeft -= 1;
  }
  return shown;
}
