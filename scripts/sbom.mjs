/** `npm run sbom`: what the published package brings with it, as CycloneDX, in `sbom.cdx.json`. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./pages.mjs";

const { stdout, stderr, status } = spawnSync(
  "npm",
  [
    "sbom",
    "--workspace",
    "provider",
    "--omit",
    "dev",
    "--omit",
    "peer",
    "--package-lock-only",
    "--sbom-format",
    "cyclonedx",
  ],
  { cwd: root, encoding: "utf8", maxBuffer: 2 ** 26, shell: process.platform === "win32" },
);
if (status !== 0) throw new Error(stderr);
const bom = JSON.parse(stdout);
const { name, version, description } = JSON.parse(
  readFileSync(join(root, "provider", "package.json"), "utf8"),
);
// npm tells of the workspaces' root, which nobody publishes.
Object.assign(bom.metadata.component, { name, version, description, purl: `pkg:npm/${name}@${version}` });
writeFileSync(join(root, "sbom.cdx.json"), `${JSON.stringify(bom, null, 2)}\n`);
console.log(`sbom.cdx.json names ${bom.components.length} packages`);
