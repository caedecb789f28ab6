/**
 * `npm version patch --workspace provider` (or `minor`, `major`) runs this: what stands under "Unreleased" in the changelog
 * becomes the release. The version is npm's.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./pages.mjs";

const UNRELEASED = "## Unreleased\n";

/**
 * The changelog with its unreleased part as a release, and an empty one above it.
 *
 * @param {string} changelog
 * @param {string} version
 * @param {string} date such as `2030-01-31`
 * @throws {Error} where nothing is unreleased, or the version is there already
 */
export function released(changelog, version, date) {
  const [before, after] = changelog.split(UNRELEASED);
  if (before === undefined || after === undefined)
    throw new Error("CHANGELOG.md has no part of what is unreleased");
  if (changelog.includes(`\n## ${version}`)) throw new Error(`CHANGELOG.md has ${version} already`);
  const news = after.split(/^## /m)[0] ?? "";
  if (!/^- /m.test(news)) throw new Error("CHANGELOG.md says nothing of this release");
  return `${before}${UNRELEASED}\n## ${version} - ${date}\n${after}`;
}

const version = process.env.npm_new_version ?? process.env.npm_package_version;
if (process.env.npm_lifecycle_event === "version" && version !== undefined) {
  const path = join(root, "CHANGELOG.md");
  writeFileSync(path, released(readFileSync(path, "utf8"), version, new Date().toISOString().slice(0, 10)));
}
