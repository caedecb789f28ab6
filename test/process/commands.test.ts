/** The commands `audit` and `webhook` as processes: what they print, change and exit with. */
import { exec } from "node:child_process";
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { openChain } from "../../provider/src/hooks/audit/chain.js";
import { openOutbox, type StoredNotice } from "../../provider/src/hooks/webhook/outbox.js";
import { seal } from "../../provider/src/hooks/webhook/sealed.js";
import { readSettings } from "../../provider/src/settings.js";
import { startReceiver } from "../client/receiver.js";
import { entryWith } from "../unit/provider/hooks/audit/support.js";
import { runCommand } from "./support/commandLine.js";

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "eventbridge-commands-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder with an audit log of three records. */
async function withLog() {
  const folder = temporaryFolder();
  const log = join(folder, "audit_logs.jsonl");
  const chain = openChain(log, (message) => expect.unreachable(message));
  await chain.append(entryWith({ name: "a", timestamp: "2030-01-01T00:00:00.000Z" }));
  const middle = await chain.append(
    entryWith({ name: "b", source_id: "src-b", timestamp: "2030-01-02T00:00:00.000Z" }),
  );
  const failure = { status: 409, code: "conflict", message: "taken" };
  const urn = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/genesyscloud:EventBridgeSource::vip";
  await chain.append(entryWith({ name: "c", urn, error: failure, timestamp: "2030-01-03T00:00:00.000Z" }));
  return { folder, log, middle };
}

test("audit verify: intact, and through a head that was kept elsewhere", async () => {
  const { folder, log, middle } = await withLog();
  const plain = await runCommand(folder, ["audit", "verify", "--head", `2:${middle.hash}`]);
  expect(plain).toMatchObject({ code: 0, stderr: "" });
  expect(plain.stdout).toMatch(/audit_logs\.jsonl: intact, 3 records, head 3:[0-9a-f]{64}\n$/);

  const json = await runCommand(folder, ["audit", "verify", log, "--json"]);
  expect(JSON.parse(json.stdout)).toMatchObject({ file: log, ok: true, records: 3, finding: null });

  const forged = await runCommand(folder, ["audit", "verify", "--head", `2:${"0".repeat(64)}`]);
  expect(forged.code).toBe(1);
  expect(forged.stderr).toContain("rewritten: line 2: record 2 is not the one whose hash was kept outside");
});

test("audit verify: a log that was changed exits with 1, names the place and says what to do", async () => {
  const { folder, log } = await withLog();
  writeFileSync(log, readFileSync(log, "utf8").replace('"name":"b"', '"name":"x"'));
  const run = await runCommand(folder, ["audit", "verify"]);
  expect(run).toMatchObject({ code: 1, stdout: "" });
  expect(run.stderr).toMatch(/edited: line 2: record 2 was edited.*\nKeep the file as evidence/);
  const json = await runCommand(folder, ["audit", "verify", "--json"]);
  expect(json.code).toBe(1);
  expect(JSON.parse(json.stdout)).toMatchObject({
    ok: false,
    finding: { damage: "edited", line: 2, seq: 2 },
  });
});

test("audit show: a table, or the records themselves, by resource and time", async () => {
  const { folder } = await withLog();
  const table = await runCommand(folder, ["audit", "show"]);
  expect(table.code).toBe(0);
  expect(table.stdout.split("\n")).toHaveLength(5);
  expect(table.stdout).toMatch(/^SEQ +TIME +EVENT +NAME +ID +STATUS +SECONDS +RETRIES +ERROR$/m);
  expect(table.stdout).toMatch(
    /^3 +2030-01-03T00:00:00\.000Z +source_registration +c +src-1 +active +1\.25 +0 +409 conflict$/m,
  );
  expect(table.stdout).not.toContain("\u001b");

  const names = async (...args: string[]) =>
    JSON.parse((await runCommand(folder, ["audit", "show", "--json", ...args])).stdout).map(
      ({ name }: { name: string }) => name,
    );
  expect(await names()).toEqual(["a", "b", "c"]);
  expect(await names("--resource", "src-b")).toEqual(["b"]);
  expect(await names("--resource", "c")).toEqual(["c"]);
  // What it is called in the program, which is what somebody who runs Pulumi knows.
  expect(await names("--resource", "vip")).toEqual(["c"]);
  expect(await names("--since", "2030-01-02")).toEqual(["b", "c"]);
  expect(await names("--until", "2030-01-02")).toEqual(["a", "b"]);
  expect(await names("--resource", "nobody")).toEqual([]);
});

test("audit repair: sets a torn end aside, and nothing else", async () => {
  const { folder, log } = await withLog();
  const before = readFileSync(log, "utf8");
  appendFileSync(log, '{"half');
  expect((await runCommand(folder, ["audit", "verify"])).stderr).toContain(
    '"genesyscloud-eventbridge audit repair"',
  );
  const run = await runCommand(folder, ["audit", "repair"]);
  expect(run).toMatchObject({ code: 0, stderr: "" });
  expect(run.stdout).toContain("its last line was torn");
  expect(readFileSync(log, "utf8")).toBe(before);
  expect(readdirSync(folder).filter((name) => name.includes(".torn-"))).toHaveLength(1);
  expect((await runCommand(folder, ["audit", "repair"])).stdout).toContain("nothing to repair");

  writeFileSync(log, before.replace('"name":"b"', '"name":"x"'));
  const edited = await runCommand(folder, ["audit", "repair"]);
  expect(edited.code).toBe(1);
  expect(edited.stderr).toContain("That cannot be repaired.");
});

test("no log is an error that names the file", async () => {
  const folder = temporaryFolder();
  for (const command of ["verify", "show", "repair"]) {
    const run = await runCommand(folder, ["audit", command]);
    expect(run).toMatchObject({ code: 1, stdout: "" });
    expect(run.stderr).toMatch(/audit_logs\.jsonl: .*there is no such file/);
  }
  expect(readdirSync(folder)).toEqual([]);
  const off = await runCommand(folder, ["audit", "verify"], { GENESYSCLOUD_AUDIT_LOG: "off" });
  expect(off.stderr).toContain("genesyscloud:auditLog is off");
});

test.each<[string[], RegExp]>([
  [[], /Usage: genesyscloud-eventbridge/],
  [["audit", "verfy"], /unknown command 'verfy'[\s\S]*Did you mean verify\?/],
  [["audit", "verify", "--head", "12"], /it must be such as "12:" and 64 hex digits/],
  [["audit", "show", "--since", "yesterday"], /it must be such as 2030-01-31/],
  [["audit", "show", "--since", "5"], /it must be such as 2030-01-31/],
  [["audit", "show", "--jsom"], /unknown option '--jsom'[\s\S]*Did you mean --json\?/],
])("wrong usage exits with 2 and says what is right: %j", async (args, message) => {
  const run = await runCommand(temporaryFolder(), args);
  expect(run).toMatchObject({ code: 2, stdout: "" });
  expect(run.stderr).toMatch(message);
});

const ENVIRONMENT = {
  GENESYSCLOUD_OAUTHCLIENT_ID: "id",
  GENESYSCLOUD_OAUTHCLIENT_SECRET: "planted-secret",
  GENESYSCLOUD_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 7).toString("base64")}`,
};

/** A folder whose outbox holds a notice of each of these sources. */
async function withOutbox(address: string, sources: string[]) {
  const folder = temporaryFolder();
  const outbox = openOutbox(join(folder, "audit_logs.outbox"), (message) => expect.unreachable(message));
  for (const [index, source] of sources.entries()) {
    const notice: Omit<StoredNotice, "address"> = {
      id: `msg_0${index}`,
      source,
      name: source,
      operation: "create",
      timestamp: "2030-01-01T00:00:00.000Z",
      contentType: "application/json",
      body: JSON.stringify({ number: index }),
    };
    await outbox.put({ ...notice, address: await seal(address, notice, readSettings({}, ENVIRONMENT)) });
  }
  return folder;
}

test("webhook list shows what waits, and no address", async () => {
  const folder = await withOutbox("https://hooks.example.com/planted-key", ["a", "b"]);
  const { code, stdout } = await runCommand(folder, ["webhook", "list"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^msg_00 +2030-01-01T00:00:00\.000Z +a +create +not tried yet$/m);
  const json = (await runCommand(folder, ["webhook", "list", "--json"])).stdout;
  expect(JSON.parse(json).map(({ id }: { id: string }) => id)).toEqual(["msg_00", "msg_01"]);
  expect(stdout + json).not.toMatch(/planted|ciphertext/);
  expect((await runCommand(temporaryFolder(), ["webhook", "list"])).stdout).toBe("nothing waits\n");
});

test("webhook redeliver goes by the same rules as the provider, and says why something still waits", async () => {
  const receiver = await startReceiver();
  const folder = await withOutbox(receiver.url, ["a", "b"]);
  const refused = await runCommand(folder, ["webhook", "redeliver"], ENVIRONMENT);
  expect(refused).toMatchObject({ code: 1, stdout: "" });
  expect(refused.stderr).toMatch(/waits +msg_00 +create of a: its address leads to a loopback one/);
  expect(receiver.connections()).toBe(0);
  expect(
    JSON.parse((await runCommand(folder, ["webhook", "redeliver", "--json", "msg_01"], ENVIRONMENT)).stdout),
  ).toEqual([{ id: "msg_01", delivered: false, trouble: expect.stringContaining("loopback") }]);
  expect((await runCommand(folder, ["webhook", "redeliver", "msg_07"], ENVIRONMENT)).stderr).toContain(
    "nothing waits under msg_07",
  );

  writeFileSync(join(folder, "Pulumi.yaml"), "name: p\nruntime: nodejs\n");
  const noCli = await runCommand(folder, ["webhook", "redeliver"], { ...ENVIRONMENT, PATH: "/nonexistent" });
  expect(noCli).toMatchObject({ code: 1 });
  expect(noCli.stderr).toBe("error: the stack's configuration cannot be read: there is no pulumi on PATH\n");
});

test("webhook test sends one signed trial notice, and shows what the receiver says but for what is secret", async () => {
  const receiver = await startReceiver();
  const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
  const environment = {
    EXTERNAL_WEBHOOK_URL: `${receiver.url}/planted-key-of-mine`,
    GENESYSCLOUD_WEBHOOK_SECRET: secret,
  };
  const folder = temporaryFolder();
  const refused = await runCommand(folder, ["webhook", "test"], environment);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain("genesyscloud:webhookAllowPrivate");
  expect(receiver.connections()).toBe(0);

  const none = await runCommand(folder, ["webhook", "test"]);
  expect([none.code, none.stderr]).toEqual([1, expect.stringContaining("genesyscloud:webhookUrl")]);
  expect(readdirSync(folder)).toEqual([]);
});

test("webhook discard takes out what nobody is to get any more, and nothing else", async () => {
  const folder = await withOutbox("https://hooks.example.com/planted-key", ["a", "b"]);
  const run = await runCommand(folder, ["webhook", "discard", "msg_00"]);
  expect(run).toMatchObject({ code: 0, stdout: "discarded  msg_00  create of a\n", stderr: "" });
  expect((await runCommand(folder, ["webhook", "discard", "msg_00"])).code).toBe(1);
  expect(JSON.parse((await runCommand(folder, ["webhook", "list", "--json"])).stdout)).toHaveLength(1);
});

test("names that would write to the terminal are written out", async () => {
  const folder = temporaryFolder();
  const chain = openChain(join(folder, "audit_logs.jsonl"), (message) => expect.unreachable(message));
  await chain.append(entryWith({ name: "a\u001b[2J\u202e\nforged\u009b" }));
  const { stdout } = await runCommand(folder, ["audit", "show"]);
  expect(stdout).toContain("a\\u{1b}[2J\\u{202e}\\u{a}forged\\u{9b}");
  expect(stdout.trimEnd().split("\n")).toHaveLength(2);
});

test("audit rotate moves the log away with its head, and both verify", async () => {
  const { folder, log } = await withLog();
  const { stdout, code } = await runCommand(folder, ["audit", "rotate", "--json"]);
  expect(code).toBe(0);
  const { movedTo } = JSON.parse(stdout);
  expect(readdirSync(folder).toSorted()).toEqual(
    ["audit_logs.jsonl.head", basename(movedTo), `${basename(movedTo)}.head`].toSorted(),
  );
  expect((await runCommand(folder, ["audit", "verify", movedTo])).stdout).toContain("intact, 3 records");
  const chain = openChain(log, (message) => expect.unreachable(message));
  expect((await chain.append(entryWith())).seq).toBe(1);
  expect((await runCommand(folder, ["audit", "verify"])).stdout).toContain("intact, 1 records");
});

test("after audit rotate a head of before is still verified; where that log is gone, that is said", async () => {
  const { folder, log, middle } = await withLog();
  const head = `2:${middle.hash}`;
  await runCommand(folder, ["audit", "rotate"]);
  expect(await runCommand(folder, ["audit", "verify", "--head", head])).toMatchObject({ code: 0 });

  await openChain(log, (message) => expect.unreachable(message)).append(entryWith());
  const run = await runCommand(folder, ["audit", "verify", "--head", head]);
  expect(run.code).toBe(0);
  expect(run.stdout).toContain("audit_logs.jsonl: intact, 1 records");
  expect(run.stderr).toMatch(/^the earlier log .*audit_logs\.jsonl\.\d{8}T\d+Z-\d+ is intact, too\n$/);
  const forged = await runCommand(folder, ["audit", "verify", "--head", `2:${"0".repeat(64)}`]);
  expect(forged.code).toBe(1);

  for (const name of readdirSync(folder)) if (/Z-\d+/.test(name)) rmSync(join(folder, name));
  const gone = await runCommand(folder, ["audit", "verify"]);
  expect(gone.code).toBe(0);
  expect(gone.stdout).not.toContain("intact");
  expect(gone.stderr).toContain("warning: an earlier log of 3 records (its head is 3:");
  const asked = await runCommand(folder, ["audit", "verify", "--head", head]);
  expect(asked.code).toBe(1);
  expect(asked.stderr).toContain("it may be in the earlier log of 3 records, which is not there");
});

test("audit verify and repair: a log that git or an editor turned is said as what it is, and turned back", async () => {
  const { folder, log } = await withLog();
  const written = readFileSync(log, "utf8");
  for (const turned of [written.replaceAll("\n", "\r\n"), `\ufeff${written}`]) {
    writeFileSync(log, turned);
    const verify = await runCommand(folder, ["audit", "verify"]);
    expect(verify.code).toBe(1);
    expect(verify.stderr).toMatch(/: converted: .*no record was changed by that.*audit_logs\.jsonl -text/);
    const show = await runCommand(folder, ["audit", "show", "--json"]);
    expect(JSON.parse(show.stdout)).toHaveLength(3);
    const repair = await runCommand(folder, ["audit", "repair"]);
    expect(repair).toMatchObject({ code: 0, stderr: "" });
    expect(repair.stdout).toMatch(/(byte order mark|carriage returns).* taken out; no record was changed/);
    expect(readFileSync(log, "utf8")).toBe(written);
  }
});

test("within a project whose configuration cannot be read, no other log passes for the one it names", async () => {
  const { folder, log } = await withLog();
  writeFileSync(join(folder, "Pulumi.json"), "{}");
  const guessed = await runCommand(folder, ["audit", "verify"], { PATH: "/nonexistent" });
  expect(guessed).toMatchObject({ code: 1, stdout: "" });
  expect(guessed.stderr).toContain(
    "there is no pulumi on PATH\nName the log itself to do without: audit verify FILE.",
  );
  expect((await runCommand(folder, ["audit", "verify", log], { PATH: "/nonexistent" })).code).toBe(0);
});

test("with --json an error is JSON, too, and a reader that has seen enough is none", async () => {
  const folder = temporaryFolder();
  const run = await runCommand(folder, ["audit", "show", "--json"]);
  expect(run).toMatchObject({ code: 1, stderr: "" });
  expect(JSON.parse(run.stdout)).toEqual({ error: expect.stringContaining("there is no such file") });
  const directory = await runCommand(folder, ["audit", "verify", folder, "--json"]);
  expect(JSON.parse(directory.stdout).error).toContain("it is a folder, and no file");

  const { folder: full } = await withLog();
  const main = join(import.meta.dirname, "../../provider/dist/commands/main.js");
  const { stderr } = await promisify(exec)(`"${process.execPath}" "${main}" audit show --json | head -c 1`, {
    cwd: full,
  });
  expect(stderr).toBe("");
});

test("what can no longer be read, because the stack's secrets are others, says so and stays", async () => {
  const folder = await withOutbox("https://hooks.example.com/planted-key", ["a"]);
  const run = await runCommand(folder, ["webhook", "redeliver"], {
    GENESYSCLOUD_OAUTHCLIENT_ID: "id",
    GENESYSCLOUD_OAUTHCLIENT_SECRET: "another",
  });
  expect(run.code).toBe(1);
  expect(run.stderr).toContain("its address cannot be read: it was encrypted with secrets of the stack");
  expect(readdirSync(join(folder, "audit_logs.outbox"))).toHaveLength(1);
});
