/** What doctor says of the journal's place and of what imports have left, in real folders. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { checkImports, checkJournal } from "../../../../provider/src/doctor/project.js";
import { beginTrace } from "../../../../provider/src/importing/trace.js";
import { SETTINGS } from "../support/context.js";

/** A file system of its own, which can be read only; only root can make one. */
const canMount = process.platform === "linux" && process.getuid?.() === 0;

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "doctor-project-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const withLog = (file: string) => ({ ...SETTINGS, auditLog: { file, otlp: false } });

test("the journal is where it is looked for, and looking makes nothing", async () => {
  const folder = temporaryFolder();
  const place = join(folder, ".genesyscloud-eventbridge", "journal");
  const ok = { check: "journal", state: "ok", message: place };
  expect(await checkJournal(withLog("audit_logs.jsonl"), folder)).toEqual(ok);
  expect(await checkJournal(withLog("/var/log/shop.jsonl"), folder)).toEqual(ok);
  expect(readdirSync(folder)).toEqual([]);
});

test.runIf(canMount)(
  "a project's folder that is read-only is said, and where the journal goes instead",
  async () => {
    const [folder, logs] = [temporaryFolder(), temporaryFolder()];
    execFileSync("mount", ["-t", "tmpfs", "-o", "ro", "tmpfs", folder]);
    onTestFinished(() => void execFileSync("umount", [folder]));
    expect(await checkJournal(withLog("audit_logs.jsonl"), folder)).toMatchObject({
      state: "warning",
      message: expect.stringMatching(
        /^it cannot be written \(EROFS: read-only file system.*set genesyscloud:auditLog to a file elsewhere/,
      ),
    });
    expect(await checkJournal(withLog(join(logs, "shop.jsonl")), folder)).toMatchObject({
      state: "ok",
      message: expect.stringMatching(
        /shop\.journal, since the project's folder cannot be written: EROFS: read-only/,
      ),
    });
    expect(readdirSync(logs)).toEqual([]);
  },
);

test("what an import has left is named as long as something of it is there", async () => {
  const folder = temporaryFolder();
  const settings = withLog("audit_logs.jsonl");
  const none = [{ check: "imports", state: "ok", message: "none was cut short" }];
  expect(await checkImports(settings, folder)).toEqual(none);
  const program = join(folder, "index.js");
  const form = { language: "javascript", modules: "commonjs", kind: "program" } as const;
  const trace = await beginTrace(folder, undefined, {
    isFileOurs: true,
    place: { file: program, form },
    stack: "prod",
  });
  // Nothing is there yet of what was written down.
  expect(await checkImports(settings, folder)).toEqual(none);
  writeFileSync(program, "");
  expect(await checkImports(settings, folder)).toMatchObject([
    {
      state: "warning",
      message: expect.stringMatching(/has left the program .*index\.js: take that out of/),
    },
  ]);
  writeFileSync(trace.file, "{}");
  await trace.keepFile();
  const [left] = await checkImports(settings, folder);
  expect(left?.message).toContain(`has left ${trace.file}, with addresses of webhooks in clear: go on with`);
  // Without the stack it would go into the one that is selected now.
  expect(left?.message).toContain(
    `"pulumi import --file ${trace.file} --yes --generate-code=false --protect=false --stack prod"`,
  );
  expect(left?.message).not.toContain("index.js");
  await trace.end();
  expect(await checkImports(settings, folder)).toEqual(none);
});

test("a folder of an import that tells nothing is passed over, unless the file is in it", async () => {
  const folder = temporaryFolder();
  const left = join(folder, ".genesyscloud-eventbridge", "import-00000000-0000-4000-8000-000000000000");
  mkdirSync(left, { recursive: true });
  writeFileSync(join(left, "begun.json"), "[");
  const settings = withLog("audit_logs.jsonl");
  expect(await checkImports(settings, folder)).toMatchObject([{ state: "ok" }]);
  writeFileSync(join(left, "import.json"), "{}");
  expect(await checkImports(settings, folder)).toMatchObject([{ state: "warning" }]);
});
