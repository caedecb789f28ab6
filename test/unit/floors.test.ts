/** The house of the package: which room stands on which. A room knows what is below it, and nothing above. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const HOUSE = fileURLToPath(new URL("../../provider/src/", import.meta.url));

/**
 * From the ground up. A folder stands for all that is in it. Rooms of one floor do not know each other, but for the
 * ground's: single files, of which each is one idea.
 */
const FLOORS = [
  [
    ...[
      "addressDigest",
      "createRecord",
      "duration",
      "fileTrouble",
      "hiddenForms",
      "inShell",
      "jobResource",
      "journal",
    ],
    ...[
      "journalFolder",
      "lastTransformation",
      "limits",
      "managedResource",
      "masking",
      "messageOf",
      "nearest",
      "onDemand",
      "ownFiles",
      "ownFolders",
      "pasted",
    ],
    ...[
      "patientFile",
      "pattern",
      "printable",
      "problems",
      "recordFiles",
      "stub",
      "unknown",
      "waitFor",
      "waits",
      "webAddress",
      "withinReach",
    ],
  ],
  ["genesys"],
  [
    "arguments",
    "checkArguments",
    "gateway",
    "resourceHandler",
    "secrets",
    "settingKeys",
    "settingOrigin",
    "settingPlaces",
    "settingSchema",
    "settings",
    "step",
    "stepError",
    "unheld",
  ],
  ["lifecycle"],
  declaredRooms(),
  ["hooks", "pulumi"],
  ["kinds", "lifecycleHooks", "lookUps"],
  ["index"],
  ["importing"],
  ["picture"],
  ["doctor"],
  ["commands"],
  ["runtime"],
];

/** The rooms of what programs declare: each kind of resource has one, and an explicit provider. */
function declaredRooms(): string[] {
  return readdirSync(HOUSE).filter((room) => existsSync(join(HOUSE, room, "resource.ts")));
}

/** Floors whose rooms are files that may know each other. */
const OPEN = [FLOORS[0], FLOORS[2]];

interface Import {
  from: string;
  to: string;
}

const files = readdirSync(HOUSE, { recursive: true, encoding: "utf8" }).filter((name) =>
  name.endsWith(".ts"),
);
const imports: Import[] = files.flatMap((from) =>
  ts
    .preProcessFile(readFileSync(join(HOUSE, from), "utf8"), true, true)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => name.startsWith("."))
    .map((name) => ({
      from,
      to: relative(HOUSE, resolve(HOUSE, dirname(from), name)).replace(/\.js$/, ".ts"),
    })),
);

const roomOf = (file: string): string => file.split(sep)[0]?.replace(/\.ts$/, "") ?? "";
const floorOf = (file: string): number => FLOORS.findIndex((rooms) => rooms.includes(roomOf(file)));

describe("the house", () => {
  test("has a floor for every room, and no floor for a room that is not there", () => {
    const rooms = new Set(files.map(roomOf));
    expect([...rooms].filter((room) => !FLOORS.flat().includes(room))).toEqual([]);
    expect(FLOORS.flat().filter((room) => !rooms.has(room))).toEqual([]);
  });

  test("has no arrow up, and none to another room of the same floor", () => {
    const wrong = imports.filter(({ from, to }) => {
      const [here, there] = [floorOf(from), floorOf(to)];
      if (here !== there || roomOf(from) === roomOf(to)) return here < there;
      return !OPEN.includes(FLOORS[here]);
    });
    expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  test("has no circle, in no room and between none", () => {
    const ways = new Map<string, string[]>();
    for (const { from, to } of imports) ways.set(from, [...(ways.get(from) ?? []), to]);
    expect(circleIn(ways)).toEqual([]);
  });
});

/** The files of a circle, in their order; none where there is none. */
function circleIn(ways: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const walk = (file: string, path: string[]): string[] => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return [];
    for (const next of ways.get(file) ?? []) {
      const circle = walk(next, [...path, file]);
      if (circle.length > 0) return circle;
    }
    done.add(file);
    return [];
  };
  for (const file of ways.keys()) {
    const circle = walk(file, []);
    if (circle.length > 0) return circle;
  }
  return [];
}
