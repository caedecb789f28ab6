import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openJournal } from "../../../provider/src/journal.js";
import type { CreateRecord } from "../../../provider/src/lifecycle/record.js";

const unexpected = (message: string) => expect.unreachable(message);
const here = () => "mypurecloud.de";

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "eventbridge-journal-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const entryWith = (more: Partial<CreateRecord> = {}): CreateRecord => ({
  urn: "urn:pulumi:dev::shop::t::orders",
  name: "orders",
  phase: "accepted",
  postedAt: 1,
  fingerprints: ["f"],
  ...more,
});

test("what one process writes the next one finds, for its owner's eyes only, and out of every repository", async () => {
  const folder = temporaryFolder();
  await openJournal(folder, here, unexpected).write(entryWith({ jobId: "job-1" }));
  await openJournal(folder, here, unexpected).write(entryWith({ urn: "urn:other" }));
  const next = openJournal(folder, here, unexpected);
  expect(await next.find(entryWith().urn)).toEqual(entryWith({ host: here(), jobId: "job-1" }));
  await next.write(entryWith({ objectId: "src-1" }));
  expect(await next.find(entryWith().urn)).toEqual(entryWith({ host: here(), objectId: "src-1" }));
  await next.forget(entryWith().urn);
  expect(await next.find(entryWith().urn)).toBeUndefined();
  expect(await next.find("urn:other")).toBeDefined();
  expect((await next.all()).map(({ urn }) => urn)).toEqual(["urn:other"]);

  const journal = join(folder, ".genesyscloud-eventbridge", "journal");
  const [file] = readdirSync(journal);
  expect(statSync(join(journal, String(file))).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(folder, ".genesyscloud-eventbridge", ".gitignore"), "utf8")).toBe("*\n");
});

test("nothing is made before there is something to remember", async () => {
  const folder = temporaryFolder();
  expect(await openJournal(folder, here, unexpected).find("urn:a")).toBeUndefined();
  await openJournal(folder, here, unexpected).forget("urn:a");
  expect(readdirSync(folder)).toEqual([]);
});

test("a journal that cannot be written is one warning and keeps nobody from working", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, ".genesyscloud-eventbridge"), "");
  const said: string[] = [];
  const journal = openJournal(folder, here, (message) => said.push(message));
  await journal.write(entryWith());
  await journal.write(entryWith());
  expect(said).toEqual([
    expect.stringMatching(/^the journal in .* cannot be written \(E\w+: .*the next one may not know/),
  ]);
  expect(await journal.find(entryWith().urn)).toBeUndefined();
});

test("a file that is damaged is as good as none", async () => {
  const folder = temporaryFolder();
  const journal = openJournal(folder, here, unexpected);
  await journal.write(entryWith());
  const inside = join(folder, ".genesyscloud-eventbridge", "journal");
  const { fingerprints: _, ...ofAnotherForm } = entryWith();
  for (const text of ["{", "null", "[]", JSON.stringify(ofAnotherForm)]) {
    writeFileSync(join(inside, String(readdirSync(inside)[0])), text);
    expect(await journal.find(entryWith().urn), text).toBeUndefined();
  }
  expect(existsSync(inside)).toBe(true);
});

test("at the end of a run it notes what the engine has taken in: what this process has returned, and nothing else", async () => {
  const folder = temporaryFolder();
  const earlier = { urn: "urn:earlier", phase: "returned" } as const;
  await openJournal(folder, here, unexpected).write(entryWith(earlier));
  const journal = openJournal(folder, here, unexpected);
  await journal.write(entryWith({ urn: "urn:returned", phase: "returned" }));
  await journal.write(entryWith({ urn: "urn:cut-short", jobId: "job-1" }));
  journal.settle();
  const phase = async (urn: string) => (await journal.find(urn))?.phase;
  expect(await Promise.all(["urn:returned", "urn:cut-short", "urn:earlier"].map(phase))).toEqual([
    "stored",
    "accepted",
    "returned",
  ]);
});

test("what was made in another organisation is neither found nor overwritten", async () => {
  const folder = temporaryFolder();
  const at = (host: string | undefined) => openJournal(folder, () => host, unexpected);
  await at("mypurecloud.de").write(entryWith({ objectId: "src-1" }));
  expect(await at("mypurecloud.ie").find(entryWith().urn)).toBeUndefined();
  expect(await at(undefined).find(entryWith().urn)).toBeUndefined();
  await at("mypurecloud.ie").write(entryWith({ objectId: "src-2" }));
  await at("mypurecloud.ie").forget(entryWith().urn);
  expect(await at("mypurecloud.de").find(entryWith().urn)).toMatchObject({ objectId: "src-1" });
});

test("what was set aside only a look at everything shows", async () => {
  const folder = temporaryFolder();
  const journal = openJournal(folder, here, unexpected);
  await journal.setAside(entryWith());
  await journal.setAside(entryWith({ name: "older" }));
  expect(await journal.find(entryWith().urn)).toBeUndefined();
  await journal.write(entryWith({ name: "newer" }));
  await journal.forget(entryWith().urn);
  const left = await openJournal(folder, here, unexpected).all();
  expect(left.map(({ name, isAside }) => [name, isAside]).toSorted()).toEqual([
    ["older", true],
    ["orders", true],
  ]);
});

test.each([
  ["a POST that was not answered", {}, "posting"],
  ["a job", { jobId: "job-1" }, "accepted"],
  ["what was returned to the engine", { jobId: "job-1", sourceId: "src-1", returned: true }, "returned"],
  ["what the engine had", { sourceId: "src-1", returned: true, taken: true }, "stored"],
])("what release 0.1.0 has written of %s is still read", async (_, written, phase) => {
  const folder = temporaryFolder();
  const journal = openJournal(folder, here, unexpected);
  const { phase: __, ...rest } = entryWith();
  await journal.write(entryWith());
  const inside = join(folder, ".genesyscloud-eventbridge", "journal");
  const [file = ""] = readdirSync(inside);
  writeFileSync(join(inside, file), JSON.stringify({ ...rest, host: here(), ...written }));
  const { sourceId: objectId, jobId } = written as { sourceId?: string; jobId?: string };
  expect(await journal.find(entryWith().urn)).toMatchObject(
    Object.fromEntries(Object.entries({ phase, objectId, jobId }).filter(([, value]) => value !== undefined)),
  );
});
