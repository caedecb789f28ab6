/** Only `provider/src/genesys` speaks to the platform, and it could do so without the rest of the package. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const room = join(import.meta.dirname, "../../../../provider/src/genesys");
const files = readdirSync(room);

/** What every room stands on; it needs nothing but itself. */
const GROUND = ["../limits.js", "../printable.js", "../waitFor.js", "../waits.js"];

test.each(files)(
  "%s needs nothing from outside the room but its ground: it could be published alone",
  (file) => {
    const text = readFileSync(join(room, file), "utf8");
    const imported = [...text.matchAll(/(?:from|import\() ?"([^"]+)"/g)].map(([, from]) => String(from));
    const outside = imported.filter(
      (from) => !GROUND.includes(from) && !/^(\.\/[\w]+\.js|node:\w+|p-retry|zod|lossless-json)$/.test(from),
    );
    expect(outside).toEqual([]);
  },
);

/** Posts notices to the users' own receivers. */
const TO_RECEIVERS = join("hooks", "webhook", "attempt.ts");

test("nothing outside the room speaks to the platform", () => {
  const source = join(room, "..");
  const others = readdirSync(source, { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts") && !file.startsWith("genesys") && file !== TO_RECEIVERS,
  );
  for (const file of others)
    expect(readFileSync(join(source, file), "utf8"), file).not.toMatch(
      /purecloud-platform|node:https?"|\bfetch\(|axios/,
    );
});
