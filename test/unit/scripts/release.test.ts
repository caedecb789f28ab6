/** What a release is made by: the workflow runs what there is, and tells npm where the package comes from. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { root } from "../../../scripts/pages.mjs";

const read = (...path: string[]) => readFileSync(join(root, ...path), "utf8");
const { scripts } = JSON.parse(read("package.json"));
const workflows = readdirSync(join(root, ".github/workflows"));
const forms = readdirSync(join(root, ".github/ISSUE_TEMPLATE")).filter((name) => name !== "config.yml");

test.each(workflows)("workflow %s runs scripts that are there", (name) => {
  const { jobs } = parse(read(".github/workflows", name)) as {
    jobs: Record<string, { steps: { run?: string }[] }>;
  };
  const runs = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));
  expect(runs).toContain("npm test");
  const named = runs.flatMap((run) => [...run.matchAll(/npm run ([\w:]+)/g)].map(([, script]) => script));
  expect(named.filter((script) => !(String(script) in scripts))).toEqual([]);
});

test("the release says where the package comes from, since the repository does not know, and is signed", () => {
  const release = read(".github/workflows/release.yml");
  for (const key of ["repository.url", "homepage", "bugs.url"]) expect(release).toContain(`${key}=`);
  expect(parse(release).jobs.publish.permissions).toHaveProperty("id-token", "write");
  const { publishConfig, repository } = JSON.parse(read("provider/package.json"));
  expect(publishConfig).toEqual({ access: "public", provenance: true });
  expect(repository).toBeUndefined();
});

test.each(forms)("form %s asks for something, and each answer has a place", (name) => {
  const { name: title, description, body } = parse(read(".github/ISSUE_TEMPLATE", name));
  expect([title, description]).toEqual([expect.any(String), expect.any(String)]);
  const ids = body
    .filter(({ type }: { type: string }) => type !== "markdown")
    .map(({ id }: { id: string }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every(Boolean)).toBe(true);
});
