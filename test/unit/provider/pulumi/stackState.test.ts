import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { createStackState } from "../../../../provider/src/pulumi/stackState.js";

const OURS = "pulumi-nodejs:dynamic/genesyscloud:EventBridgeSource";
const URN = `urn:pulumi:dev::shop::${OURS}::orders`;

/** A folder whose `pulumi` prints this, and writes down how it was called. */
function withPulumi(printed: string) {
  const folder = mkdtempSync(join(tmpdir(), "eventbridge-state-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "printed"), printed);
  const script = `#!/bin/sh\necho "$@" >> "${folder}/calls"\ncat "${folder}/printed"\n`;
  writeFileSync(join(folder, "pulumi"), script, { mode: 0o755 });
  vi.stubEnv("PATH", `${folder}${delimiter}${process.env.PATH}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  return createStackState(folder);
}

test("the stack keeps what its resources of ours bear as their id or as their source's", async () => {
  const resources = [
    { type: "pulumi:pulumi:Stack", outputs: { sourceId: "exported-by-the-program" } },
    { type: "aws:s3/bucket:Bucket", id: "another-provider's" },
    { type: OURS, id: "src-1", outputs: { sourceId: "src-1" } },
    { type: OURS, id: "job:2", outputs: { sourceId: "src-2" } },
  ];
  const holds = withPulumi(JSON.stringify({ deployment: { resources } }));
  const asked = ["src-1", "src-2", "job:2", "exported-by-the-program", "another-provider's", "src-3"];
  expect(await Promise.all(asked.map((id) => holds(URN, id)))).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});

test("a stack without resources keeps nothing", async () => {
  expect(await withPulumi('{"deployment":{}}')(URN, "src-1")).toBe(false);
});

test("where it cannot be told, it says so", async () => {
  expect(await withPulumi("no JSON")(URN, "src-1")).toBeUndefined();
  expect(await withPulumi("{}")("no URN", "src-1")).toBeUndefined();
  vi.stubEnv("PATH", "/nonexistent");
  expect(await createStackState("/")(URN, "src-1")).toBeUndefined();
});
