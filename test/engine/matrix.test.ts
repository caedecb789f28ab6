/** A handful of the matrix: what most easily breaks unseen. `npm run matrix` plays all of it. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, inject, onTestFinished, test } from "vitest";
import { runRow } from "../matrix/row.mjs";
import { ROWS } from "../matrix/rows.mjs";

test.for(ROWS.filter(({ quick }) => quick))("$name", async (row, { skip }) => {
  const work = await mkdtemp(join(tmpdir(), "eventbridge-matrix-"));
  onTestFinished(() => rm(work, { recursive: true, force: true }));
  const tarball = (await readdir(inject("installed"))).find((name) => name.endsWith(".tgz")) ?? "";
  const bench = { work, tarball: join(inject("installed"), tarball), cli: inject("cliFolder") };
  const { verdict, reason } = await runRow(row, bench);
  skip(verdict === "skipped", reason);
  expect(verdict, reason).toBe("green");
});
