/** The hook that writes each step into the audit log: its intent before, its outcome after. */
import { resolve } from "node:path";
import { LONGEST } from "../../limits.js";
import { cut, inQuotes } from "../../printable.js";
import type { Context, Summary } from "../../resourceHandler.js";
import type { LifecycleHook, LifecycleStep, Operation, Outcome } from "../lifecycle.js";
import { idFieldOf, wordOf } from "../words.js";
import { AuditLogError } from "./auditLogError.js";
import { type AuditChain, openChain } from "./chain.js";
import { type OtlpTarget, openOtlp } from "./otlp.js";
import {
  type AuditEntry,
  type AuditRecord,
  type KnownHead,
  lineOf,
  loadCanonicalize,
  parseHead,
  sayHead,
} from "./record.js";

/** What a step is called in the log. */
const EVENTS: Readonly<Record<Operation, string>> = {
  create: "registration",
  update: "update",
  delete: "deletion",
};

/** The audit log of a process. */
export interface Audit {
  /**
   * Writes an intent before the API is changed and the outcome afterwards. Without the intent on disk there is no
   * step; an outcome that cannot be written is a loud warning, since what was done is done.
   */
  hook: LifecycleHook;
  /** The end of the chain as far as this process knows it; none before the first step, or when it is switched off. */
  head(): KnownHead | undefined;
}

/** The audit log that the settings ask for, opened at the first step. */
export function createAudit(): Audit {
  let chain: AuditChain | undefined;
  let otlp: Promise<OtlpTarget> | undefined;
  const intents = new WeakMap<LifecycleStep, number>();

  /** Appends to the log; `undefined` when it is switched off. */
  async function append(
    context: Context,
    entry: AuditEntry,
    known?: KnownHead,
  ): Promise<AuditRecord | undefined> {
    const { file, otlp: alsoOtlp } = context.settings.auditLog;
    if (file === undefined) return undefined;
    chain ??= openChain(resolve(context.projectFolder, file), context.log().warn);
    if (alsoOtlp) otlp ??= openOtlp(context.log().warn);
    const target = await otlp;
    const record = await chain.append(entry, known);
    target?.emit(record, lineOf(record, await loadCanonicalize()).trimEnd());
    return record;
  }

  return {
    head: () => chain?.head(),
    hook: {
      before: async (context, step) => {
        const entry = intentEntry(step, context.now());
        const record = await append(context, entry, knownHead(step)).catch((error: Error) => {
          const waysOn = error instanceof AuditLogError && error.isUnwritable ? ` ${WAYS_ON}` : "";
          throw new Error(`${error.message} Nothing was changed in Genesys Cloud.${waysOn}`);
        });
        if (record !== undefined) intents.set(step, record.seq);
      },
      record: async (context, step, outcome) => {
        const entry = outcomeEntry(step, outcome, intents.get(step), context.now());
        try {
          const record = await append(context, entry);
          return record && { auditHead: sayHead(record), __auditLog: chain?.head()?.log };
        } catch (error) {
          const { about, finalStatus } = outcome;
          context
            .log(about.urn)
            .warn(
              `THE AUDIT LOG LACKS THE OUTCOME OF THIS STEP: ${step.operation} of ${step.kind} ${inQuotes(about.name)} (id ${about.id ?? "unknown"}) ended as ${JSON.stringify(finalStatus)}. ${(error as Error).message} What was done is done, and the stack's state is right.`,
            );
          return undefined;
        }
      },
      after: async () => {
        await (await otlp?.catch(() => undefined))?.flush();
        return undefined;
      },
    },
  };
}

/** What the stack's state tells of the log. */
function knownHead({ auditHead = "", auditLog }: LifecycleStep): KnownHead | undefined {
  const head = parseHead(auditHead);
  return head && { ...head, log: auditLog };
}

const WAYS_ON =
  'Make it writable, or set genesyscloud:auditLog to another file (or to "off", which keeps no record).';

function intentEntry(step: LifecycleStep, now: number): AuditEntry {
  return {
    ...whatItIsAbout(step, step.about, now),
    event_type: `${eventType(step)}_intent`,
    final_status: null,
    validation_success: null,
    latency_seconds: null,
    retry_count: null,
  };
}

function outcomeEntry(
  step: LifecycleStep,
  outcome: Outcome,
  intent: number | undefined,
  now: number,
): AuditEntry {
  const { failure } = outcome;
  return {
    ...whatItIsAbout(step, outcome.about, now),
    final_status: outcome.finalStatus,
    validation_success: failure === undefined,
    latency_seconds: outcome.latencySeconds,
    retry_count: outcome.retryCount,
    ...(intent === undefined ? {} : { intent_seq: intent }),
    ...(failure === undefined ? {} : { error: failure }),
  };
}

const whatItIsAbout = (step: LifecycleStep, about: Summary, now: number) => ({
  event_type: eventType(step),
  [idFieldOf(step.kind)]: about.id ?? null,
  name: cut(about.name, LONGEST.shown),
  urn: about.urn ?? null,
  job_id: about.jobId ?? null,
  timestamp: new Date(now).toISOString(),
});

/** `eventbridge_source_registration` for the create of an `EventBridge source`. */
const eventType = ({ kind, operation }: LifecycleStep): string => `${wordOf(kind)}_${EVENTS[operation]}`;
