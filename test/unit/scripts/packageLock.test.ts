/** What is installed is what was looked at: the lock file pins the bytes of every package, and names no place to fetch them from. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

interface Entry {
  version?: string;
  resolved?: string;
  integrity?: string;
  hasInstallScript?: boolean;
  /** A workspace's place among the installed packages. */
  link?: boolean;
}

const LOCK = join(__dirname, "../../../package-lock.json");
const { packages } = JSON.parse(readFileSync(LOCK, "utf8")) as { packages: Record<string, Entry> };
const installed = Object.entries(packages).filter(
  ([place, { link }]) => place.includes("node_modules/") && !link,
);

// npm leaves the hash out of what it has not downloaded, such as the binaries of other systems: whoever installs there
// would take any bytes. "npm view NAME@VERSION dist.integrity" says what is missing.
test("every package has the hash of its bytes, those of other systems included", () => {
  expect(installed.length).toBeGreaterThan(400);
  const withoutHash = installed.filter(([, { integrity }]) => !/^sha512-[\w+/]{86}==$/.test(integrity ?? ""));
  expect(withoutHash.map(([place, { version }]) => `${place} ${version}`)).toEqual([]);
});

test("no entry says where it comes from: that is the business of whoever installs", () => {
  const fromSomewhere = installed.filter(([, { resolved }]) => resolved !== undefined);
  expect(fromSomewhere.map(([place, { resolved }]) => `${place} ${resolved}`)).toEqual([]);
  const links = Object.values(packages).filter(({ link }) => link);
  expect(links.filter(({ resolved }) => !resolved || /^[a-z]+:|\.\./.test(resolved))).toEqual([]);
});

test("no package needs to run anything when it is installed", () => {
  const withScript = installed.filter(([, { hasInstallScript }]) => hasInstallScript);
  // Its script compares versions, and writes a line.
  expect(withScript.map(([place]) => place)).toEqual(["node_modules/protobufjs"]);
});
