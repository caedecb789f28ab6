/** The same records as OpenTelemetry logs. */
import type { LogRecordExporter } from "@opentelemetry/sdk-logs";
import { certificateAdvice } from "../../genesys/certificate.js";
import { machineTime } from "../../genesys/time.js";
import { OTLP_PATIENCE_MS } from "../../waits.js";
import { loadOtlpPackages } from "./otlpPackages.js";
import type { AuditRecord } from "./record.js";

/** Names the source of the records where `OTEL_SERVICE_NAME` says nothing. */
const SERVICE = "pulumi-genesyscloud-eventbridge";

/** Sends audit records as OpenTelemetry logs, to where the standard `OTEL_EXPORTER_OTLP_*` variables say. */
export interface OtlpTarget {
  /** @param line the record as it stands in the file, which can be verified. */
  emit(record: AuditRecord, line: string): void;
  /** Waits a little until what was emitted has gone out; never fails. */
  flush(): Promise<void>;
}

/**
 * Loads the OpenTelemetry SDK, and connects nothing yet.
 *
 * @param warn is told once when records do not arrive.
 * @throws Error where it is not installed, or asked for a protocol that it does not have.
 */
export async function openOtlp(warn: (message: string) => void): Promise<OtlpTarget> {
  const { exporter: protocol, logs, resources } = loadOtlpPackages(process.env);
  const { BatchLogRecordProcessor, LoggerProvider } = logs;
  const { defaultResource, detectResources, envDetector, resourceFromAttributes } = resources;
  let inTrouble = false;
  let isSaid = false;
  const trouble = (reason: string) => {
    if (!isSaid)
      warn(
        `audit records do not arrive at the OpenTelemetry collector (${reason}): check the variables OTEL_EXPORTER_OTLP_…. They are in the audit log's file.`,
      );
    isSaid = true;
    inTrouble = true;
  };
  const exporter = telling(new protocol.OTLPLogExporter(), {
    failed: (error) => trouble(sayTrouble(error)),
    // What comes later than anybody waits for makes no wait worth it.
    arrived: (tookMs) => {
      if (tookMs <= OTLP_PATIENCE_MS) inTrouble = false;
    },
  });
  const resource = defaultResource()
    .merge(resourceFromAttributes({ "service.name": SERVICE }))
    .merge(detectResources({ detectors: [envDetector] }));
  const provider = new LoggerProvider({ resource, processors: [new BatchLogRecordProcessor({ exporter })] });
  const logger = provider.getLogger(SERVICE);
  return {
    emit: (record, line) => {
      const severityText = record.error === undefined ? "INFO" : "ERROR";
      logger.emit({
        eventName: record.event_type,
        timestamp: new Date(record.timestamp),
        severityNumber: SEVERITY[severityText],
        severityText,
        body: line,
        attributes: attributesOf(record),
      });
    },
    flush: async () => {
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise<void>((resolve) => {
        const giveUp = () => {
          trouble(`nothing confirmed within ${OTLP_PATIENCE_MS / 1_000} s`);
          resolve();
        };
        // Records that wait for a collector in trouble must not make every step wait, too.
        timer = setTimeout(giveUp, inTrouble ? 0 : OTLP_PATIENCE_MS);
      });
      await Promise.race([provider.forceFlush().catch(() => {}), patience]);
      clearTimeout(timer);
    },
  };
}

/** What became of an export. Over HTTP a refused certificate is named by its code, as anywhere in Node. */
function sayTrouble(error: NodeJS.ErrnoException | undefined): string {
  const { message = "no reason given", code } = error ?? {};
  const advice = typeof code === "string" ? certificateAdvice(code, "the endpoint") : undefined;
  return advice === undefined ? message : `${message}. ${advice.replace(/\.$/, "")}`;
}

/** Numbers of OpenTelemetry's data model. */
const SEVERITY = { INFO: 9, ERROR: 17 } as const;

/** Who is told what became of an export. */
interface Told {
  failed(error?: Error): void;
  /** @param tookMs in milliseconds. */
  arrived(tookMs: number): void;
}

/** The same exporter, what becomes of each export told. */
function telling(exporter: LogRecordExporter, { failed, arrived }: Told): LogRecordExporter {
  return {
    export: (records, done) => {
      const begun = machineTime.elapsed();
      exporter.export(records, (result) => {
        if (result.code === 0) arrived(machineTime.elapsed() - begun);
        else failed(result.error);
        done(result);
      });
    },
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
  };
}

/** The record's fields, each by its own name; what is not known is left out, an error's fields get a prefix. */
function attributesOf({ error, ...record }: AuditRecord): Record<string, string | number | boolean> {
  const named = { ...record, ...prefixed("error.", error ?? {}) };
  return Object.fromEntries(
    Object.entries(named).filter(([, value]) => value !== null && value !== undefined),
  ) as Record<string, string | number | boolean>;
}

const prefixed = (prefix: string, fields: object): object =>
  Object.fromEntries(Object.entries(fields).map(([key, value]) => [prefix + key, value]));
