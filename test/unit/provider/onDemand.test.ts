/** What is installed only by whoever uses it: the line that does it, and whether it was done. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exporterOf } from "../../../provider/src/hooks/audit/otlpPackages.js";
import { howToInstall, placeOf } from "../../../provider/src/onDemand.js";

const manifest = JSON.parse(readFileSync(join(__dirname, "../../../provider/package.json"), "utf8"));
const onDemand = Object.keys(manifest.peerDependenciesMeta);

test("each is an optional peer, in the range that the package is tested with", () => {
  expect(onDemand).toContain("fastify");
  for (const name of onDemand) {
    expect(manifest.peerDependenciesMeta[name]).toEqual({ optional: true });
    expect(manifest.dependencies).not.toHaveProperty(name);
    expect(manifest.peerDependencies[name]).toBe(manifest.devDependencies[name]);
  }
});

test.each(onDemand)(
  "the line for %s asks for releases in that range, and has no sign of a shell's",
  (name) => {
    const line = howToInstall(name);
    const asked = /^npm install (.+)@(\d+(?:\.\d+)?)$/.exec(line);
    expect(asked?.[1]).toBe(name);
    // Everything that the line can bring, the range allows: a caret keeps the first number that is not 0.
    const [, kept] = /^\^(0\.\d+|[1-9]\d*)\./.exec(manifest.peerDependencies[name]) ?? [];
    expect(asked?.[2]).toBe(kept);
  },
);

test("what is installed has a place, and what is not has none", () => {
  expect(placeOf("fastify")).toMatch(/fastify/);
  expect(placeOf("no-such-package-anywhere")).toBeUndefined();
});

test.each([
  [{}, "otlp-proto"],
  [{ OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" }, "otlp-grpc"],
  [{ OTEL_EXPORTER_OTLP_PROTOCOL: "grpc", OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: "http/json" }, "otlp-http"],
  [{ OTEL_EXPORTER_OTLP_PROTOCOL: "" }, "otlp-proto"],
])("the exporter for %j is %s", (environment, exporter) => {
  expect(exporterOf(environment)).toEqual({ place: expect.stringContaining(exporter) });
});

test("a protocol that nobody speaks is named, with those that there are", () => {
  const found = exporterOf({ OTEL_EXPORTER_OTLP_PROTOCOL: "toString" });
  expect(found).toEqual({ trouble: expect.stringMatching(/"toString": it must be "http\/protobuf", /) });
});
