/** What is installed with the package may be used and passed on by anybody: the licence of every package was looked at. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../../scripts/pages.mjs";

interface Entry {
  license?: string;
  resolved?: string;
  link?: boolean;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
  packages: Record<string, Entry>;
};

/** Licences that ask for no more than to be named. */
const FREE = [
  "MIT",
  "ISC",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "0BSD",
  "BlueOak-1.0.0",
  "CC0-1.0",
  "Unlicense",
  "Python-2.0",
];

/** Packages whose entry says no licence of these, and what their files say. */
const LOOKED_AT: Record<string, string> = {
  "@logdna/tail-file": "MIT, in its file LICENSE",
  "google-protobuf": "BSD-3-Clause and Apache-2.0, in its file LICENSE",
};

/** Where a package that is asked for from a place lies: the nearest one above it. */
function placeOf(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")))) {
    const place = `${folder === "" ? "" : `${folder}/`}node_modules/${name}`;
    if (place in packages) return place;
    if (folder === "") return undefined;
    if (!folder.includes("/node_modules/")) folder = "";
  }
}

/** Every place that a package brings with it. */
function broughtBy(start: string): Set<string> {
  const found = new Set<string>();
  const open = [start];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const { dependencies, optionalDependencies } = packages[place] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const at = placeOf(name, place);
      if (at === undefined || found.has(at)) continue;
      found.add(at);
      open.push(at);
    }
  }
  return found;
}

test("every package that a user gets has a licence that lets anybody use it", () => {
  const brought = broughtBy("provider");
  expect(brought.size).toBeGreaterThan(80);
  const nameOf = (place: string) => place.replace(/.*node_modules\//, "");
  const others = [...brought].filter((place) => !FREE.includes(packages[place]?.license ?? ""));
  expect(
    others
      .filter((place) => !(nameOf(place) in LOOKED_AT))
      .map((place) => `${place}: ${packages[place]?.license}`),
  ).toEqual([]);
});
