/** What the journal on disk keeps for the next process, and what happens where it cannot be written or trusted. */
import { execFileSync } from "node:child_process";
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { CreateRecord } from "../../../provider/src/createRecord.js";
import { openJournal } from "../../../provider/src/journal.js";

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
    expect.stringMatching(
      /^the journal cannot be written \(.*eventbridge: it is no folder\..*\): .*the next one may not know/,
    ),
  ]);
  expect(await journal.find(entryWith().urn)).toBeUndefined();
});

test("a folder that could not be made once is tried again, and the warning stays one", async () => {
  const folder = temporaryFolder();
  const place = join(folder, ".genesyscloud-eventbridge");
  writeFileSync(place, "");
  const warnings: string[] = [];
  const journal = openJournal(folder, here, (message) => warnings.push(message));
  await journal.write(entryWith());
  await journal.write(entryWith());
  rmSync(place);
  await journal.write(entryWith({ jobId: "job-1" }));
  expect(await journal.find(entryWith().urn)).toMatchObject({ jobId: "job-1" });
  expect(warnings).toEqual([expect.stringContaining("the journal cannot be written")]);
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
  const returned = { phase: "returned", objectId: "src-1" } as const;
  await journal.writeReturning(entryWith({ urn: "urn:returned", ...returned }));
  await journal.write(entryWith({ urn: "urn:cut-short", jobId: "job-1" }));
  // What an earlier run had returned, as it was before a POST that was refused.
  await journal.write(entryWith({ urn: "urn:restored", ...returned }));
  await journal.writeReturning(entryWith({ urn: "urn:begun-anew", ...returned }));
  await openJournal(folder, here, unexpected).write(entryWith({ urn: "urn:begun-anew", jobId: "job-2" }));
  journal.settle();
  const phase = async (urn: string) => (await journal.find(urn))?.phase;
  const urns = ["urn:returned", "urn:cut-short", "urn:earlier", "urn:restored", "urn:begun-anew"];
  expect(await Promise.all(urns.map(phase))).toEqual([
    "stored",
    "accepted",
    "returned",
    "returned",
    "accepted",
  ]);
});

describe("what the stack's state has", () => {
  const { urn } = entryWith();
  const stored = entryWith({ phase: "stored", objectId: "src-1" });
  const insideOf = (folder: string) => join(folder, ".genesyscloud-eventbridge", "journal");

  test("is told by the file's name, and a look at all others does not read it", async () => {
    const folder = temporaryFolder();
    await openJournal(folder, here, unexpected).write(entryWith({ phase: "returned" }));
    const next = openJournal(folder, here, unexpected);
    expect(await next.findUnlessStored(urn)).toMatchObject({ phase: "returned" });
    await next.write(stored);
    const [file, ...others] = readdirSync(insideOf(folder));
    expect([file, others]).toEqual([expect.stringMatching(/\.stored\.json$/), []]);
    const later = openJournal(folder, here, unexpected);
    expect(await later.findUnlessStored(urn)).toBeUndefined();
    expect(await later.find(urn)).toMatchObject(stored);
    expect(await later.all()).toEqual([{ ...stored, host: here() }]);
  });

  test("is behind what was begun since, and is forgotten with it", async () => {
    const folder = temporaryFolder();
    const journal = openJournal(folder, here, unexpected);
    await journal.write(stored);
    expect(await journal.findUnlessStored(urn)).toBeUndefined();
    await journal.write(entryWith({ jobId: "job-2" }));
    for (const each of [journal, openJournal(folder, here, unexpected)]) {
      expect(await each.find(urn)).toMatchObject({ phase: "accepted", jobId: "job-2" });
      expect(await each.findUnlessStored(urn)).toMatchObject({ jobId: "job-2" });
      expect(await each.all()).toHaveLength(1);
    }
    await journal.forget(urn);
    expect(readdirSync(insideOf(folder))).toEqual([]);
  });

  test("is so in its file, too: of a name that a power failure takes back nothing depends", async () => {
    const folder = temporaryFolder();
    await openJournal(folder, here, unexpected).write(stored);
    const [file = ""] = readdirSync(insideOf(folder));
    const text = readFileSync(join(insideOf(folder), file), "utf8");
    expect(JSON.parse(text)).toMatchObject({ phase: "stored" });
    // Both are there: the plain one was written last.
    const begun = JSON.stringify({ ...JSON.parse(text), phase: "accepted", objectId: "src-2" });
    writeFileSync(join(insideOf(folder), file.replace(".stored", "")), begun);
    const next = openJournal(folder, here, unexpected);
    expect(await next.findUnlessStored(urn)).toMatchObject({ phase: "accepted", objectId: "src-2" });
    expect(await next.all()).toHaveLength(1);
  });

  test.runIf(process.platform !== "win32")(
    "is read where the folder does not say what is in it",
    async () => {
      const folder = temporaryFolder();
      await openJournal(folder, here, unexpected).write(entryWith({ jobId: "job-1" }));
      const journal = openJournal(folder, here, unexpected);
      const inside = insideOf(folder);
      renameSync(inside, `${inside}-moved`);
      writeFileSync(inside, "");
      expect(await journal.findUnlessStored(urn)).toBeUndefined();
      rmSync(inside);
      renameSync(`${inside}-moved`, inside);
      expect(await journal.findUnlessStored(urn)).toMatchObject({ jobId: "job-1" });
    },
  );

  test("is among all, though another folder that may have some cannot be read", async () => {
    const [folder, elsewhere, logs] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
    await openJournal(elsewhere, here, unexpected).write(stored);
    renameSync(insideOf(elsewhere), join(logs, "shop.journal"));
    mkdirSync(join(folder, ".genesyscloud-eventbridge"));
    writeFileSync(insideOf(folder), "");
    const journal = openJournal(folder, here, unexpected, () => join(logs, "shop.jsonl"));
    expect(await journal.all()).toMatchObject([stored]);
  });

  test("gets its name where a release before this one has written it", async () => {
    const folder = temporaryFolder();
    await openJournal(folder, here, unexpected).write(stored);
    const [file = ""] = readdirSync(insideOf(folder));
    renameSync(join(insideOf(folder), file), join(insideOf(folder), file.replace(".stored", "")));
    const journal = openJournal(folder, here, unexpected);
    expect(await journal.find(urn)).toMatchObject(stored);
    expect(await journal.findUnlessStored(urn)).toBeUndefined();
    expect(readdirSync(insideOf(folder))).toEqual([file]);
    expect(await journal.find(urn)).toMatchObject(stored);
  });
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

/** A file system of its own, which can be read only; only root can make one. */
const canMount = process.platform === "linux" && process.getuid?.() === 0;

/** A project's folder that can be read only as soon as it is made so. */
function readOnlyProject() {
  const [folder, logs] = [temporaryFolder(), temporaryFolder()];
  execFileSync("mount", ["-t", "tmpfs", "tmpfs", folder]);
  onTestFinished(() => void execFileSync("umount", [folder]));
  const makeReadOnly = () => void execFileSync("mount", ["-o", "remount,ro", folder]);
  return { folder, logs, log: join(logs, "shop.jsonl"), makeReadOnly };
}

test.runIf(canMount)(
  "where the project's folder is read-only, that is what is said, and what helps",
  async () => {
    const { folder, makeReadOnly } = readOnlyProject();
    makeReadOnly();
    const said: string[] = [];
    // The audit log's own place is no better.
    await openJournal(
      folder,
      here,
      (message) => said.push(message),
      () => "audit_logs.jsonl",
    ).write(entryWith());
    expect(said).toEqual([
      expect.stringMatching(
        /cannot be written \(EROFS: read-only file system.*set genesyscloud:auditLog to a file/,
      ),
    ]);
  },
);

test.runIf(canMount)(
  "where the project's folder is read-only, the journal lies beside an audit log that is elsewhere",
  async () => {
    const { folder, log, logs, makeReadOnly } = readOnlyProject();
    makeReadOnly();
    const open = () => openJournal(folder, here, unexpected, () => log);
    await open().write(entryWith({ jobId: "job-1" }));
    expect(await open().find(entryWith().urn)).toMatchObject({ jobId: "job-1" });
    expect(await open().all()).toHaveLength(1);
    expect(readdirSync(logs)).toEqual(["shop.journal"]);
    expect(readFileSync(join(logs, "shop.journal", ".gitignore"), "utf8")).toBe("*\n");
    const journal = open();
    await journal.writeReturning(entryWith({ phase: "returned" }));
    journal.settle();
    expect(await open().find(entryWith().urn)).toMatchObject({ phase: "stored" });
    await open().forget(entryWith().urn);
    expect(await open().all()).toEqual([]);
  },
);

test.runIf(canMount)(
  "what was written last counts, whichever folder could be written at that time",
  async () => {
    const { folder, log, logs, makeReadOnly } = readOnlyProject();
    const open = () => openJournal(folder, here, unexpected, () => log);
    await open().write(entryWith({ jobId: "job-1" }));
    await open().write(entryWith({ urn: "urn:only-there" }));
    expect(readdirSync(logs)).toEqual([]);
    makeReadOnly();
    await open().write(entryWith({ jobId: "job-2" }));
    const found = await open().all();
    expect(found.map(({ urn, jobId }) => [urn, jobId]).toSorted()).toEqual([
      ["urn:only-there", undefined],
      [entryWith().urn, "job-2"],
    ]);
    execFileSync("mount", ["-o", "remount,rw", folder]);
    utimesSync(join(logs, "shop.journal", String(readdirSync(join(logs, "shop.journal")).at(-1))), 2, 2);
    await open().write(entryWith({ jobId: "job-3" }));
    expect(await open().find(entryWith().urn)).toMatchObject({ jobId: "job-3" });
    await open().forget(entryWith().urn);
    expect(await open().find(entryWith().urn)).toBeUndefined();
  },
);

test.runIf(process.platform !== "win32")(
  "no link is followed: not to a folder, a file or a list of what git ignores",
  async () => {
    const [folder, elsewhere] = [temporaryFolder(), temporaryFolder()];
    const ours = join(folder, ".genesyscloud-eventbridge");
    symlinkSync(elsewhere, ours);
    const said: string[] = [];
    await openJournal(folder, here, (message) => said.push(message)).write(entryWith());
    expect(said).toEqual([
      expect.stringContaining(`(${ours}: it is a link, and links are not followed here.`),
    ]);
    rmSync(ours);
    mkdirSync(ours);
    symlinkSync(join(elsewhere, "ignored"), join(ours, ".gitignore"));
    const journal = openJournal(folder, here, unexpected);
    await journal.write(entryWith());
    const file = join(ours, "journal", String(readdirSync(join(ours, "journal"))[0]));
    writeFileSync(join(elsewhere, "entry"), readFileSync(file));
    rmSync(file);
    symlinkSync(join(elsewhere, "entry"), file);
    expect(await journal.find(entryWith().urn)).toBeUndefined();
    expect(readdirSync(elsewhere)).toEqual(["entry"]);
  },
);

test.runIf(canMount)(
  "an entry that another user has put there is as good as none, and is not replaced",
  async () => {
    const folder = temporaryFolder();
    const said: string[] = [];
    const journal = openJournal(folder, here, (message) => said.push(message));
    await journal.write(entryWith());
    const inside = join(folder, ".genesyscloud-eventbridge", "journal");
    const file = join(inside, String(readdirSync(inside)[0]));
    chownSync(file, 4711, 4711);
    expect(await journal.find(entryWith().urn)).toBeUndefined();
    await journal.write(entryWith({ jobId: "job-1" }));
    expect(said).toEqual([expect.stringContaining("it belongs to another user (uid 4711")]);
    expect(statSync(file).uid).toBe(4711);
  },
);

test.runIf(process.platform !== "win32")("a pipe among the entries holds nobody up", async () => {
  const folder = temporaryFolder();
  const journal = openJournal(folder, here, unexpected);
  await journal.write(entryWith());
  execFileSync("mkfifo", [join(folder, ".genesyscloud-eventbridge", "journal", "pipe.json")]);
  expect(await journal.all()).toHaveLength(1);
});
