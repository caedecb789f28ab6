/** OpenTelemetry's packages. They are large, and only who sends records there has them installed and loaded. */
import { createRequire } from "node:module";
import { howToInstall, placeOf } from "../../onDemand.js";

/** The exporter of each protocol. It brings all else along, in the releases that go with it. */
const EXPORTERS: Readonly<Record<string, string>> = {
  "http/protobuf": "@opentelemetry/exporter-logs-otlp-proto",
  "http/json": "@opentelemetry/exporter-logs-otlp-http",
  grpc: "@opentelemetry/exporter-logs-otlp-grpc",
};

/** The specification's default. */
const DEFAULT_PROTOCOL = "http/protobuf";

export interface OtlpPackages {
  exporter: typeof import("@opentelemetry/exporter-logs-otlp-proto");
  logs: typeof import("@opentelemetry/sdk-logs");
  resources: typeof import("@opentelemetry/resources");
}

/**
 * Loads what the protocol needs that the environment asks for.
 *
 * @throws Error naming the variable, or what is to be installed.
 */
export function loadOtlpPackages(environment: NodeJS.ProcessEnv): OtlpPackages {
  const found = exporterOf(environment);
  if ("trouble" in found) throw new Error(found.trouble);
  // What the exporter was made with, whatever other releases the project has: Pulumi's SDK brings its own.
  const fromExporter = createRequire(found.place);
  const fromLogs = createRequire(fromExporter.resolve("@opentelemetry/sdk-logs"));
  return {
    exporter: fromExporter(found.place),
    logs: fromExporter("@opentelemetry/sdk-logs"),
    resources: fromLogs("@opentelemetry/resources"),
  };
}

/** Where the exporter lies; or why there is none, and what to do, in one line. Loads nothing. */
export function exporterOf(environment: NodeJS.ProcessEnv): { place: string } | { trouble: string } {
  const { OTEL_EXPORTER_OTLP_LOGS_PROTOCOL, OTEL_EXPORTER_OTLP_PROTOCOL } = environment;
  const protocol = OTEL_EXPORTER_OTLP_LOGS_PROTOCOL || OTEL_EXPORTER_OTLP_PROTOCOL || DEFAULT_PROTOCOL;
  const name = Object.hasOwn(EXPORTERS, protocol) ? EXPORTERS[protocol] : undefined;
  if (name === undefined)
    return {
      trouble: `OTEL_EXPORTER_OTLP_PROTOCOL is "${protocol}": it must be "http/protobuf", "http/json" or "grpc".`,
    };
  const place = placeOf(name);
  if (place !== undefined) return { place };
  return {
    trouble: `genesyscloud:auditLog asks for OpenTelemetry, and its exporter for ${protocol} is not installed beside this package: ${howToInstall(name)}, or set genesyscloud:auditLog to a path alone.`,
  };
}
