/** A release takes what is unreleased with it, and says something. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { released } from "../../../scripts/changelog.mjs";
import { root } from "../../../scripts/pages.mjs";

const BEFORE = "# Changelog\n\n## Unreleased\n\n### Added\n\n- This.\n\n## 0.1.0 - 2026-01-01\n\n- That.\n";

test("what is unreleased becomes the release, and room is made for the next", () => {
  expect(released(BEFORE, "0.2.0", "2030-01-31")).toBe(
    "# Changelog\n\n## Unreleased\n\n## 0.2.0 - 2030-01-31\n\n### Added\n\n- This.\n\n## 0.1.0 - 2026-01-01\n\n- That.\n",
  );
});

test("a release of which nothing is said is refused, and so is one that is there already", () => {
  const empty = BEFORE.replace("- This.\n", "");
  expect(() => released(empty, "0.2.0", "2030-01-31")).toThrow("says nothing of this release");
  expect(() => released(BEFORE, "0.1.0", "2030-01-31")).toThrow("has 0.1.0 already");
  expect(() => released("# Changelog\n", "0.2.0", "2030-01-31")).toThrow("no part of what is unreleased");
});

test("the changelog of this repository can be released", () => {
  const changelog = readFileSync(join(root, "CHANGELOG.md"), "utf8");
  expect(released(changelog, "99.0.0", "2030-01-31")).toContain("\n## 99.0.0 - 2030-01-31\n");
});
