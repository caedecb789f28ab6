import { execFileSync } from "node:child_process";
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  openOutbox,
  outboxFolder,
  type StoredNotice,
} from "../../../../../provider/src/hooks/webhook/outbox.js";
import { seal, unseal } from "../../../../../provider/src/hooks/webhook/sealed.js";
import type { Settings } from "../../../../../provider/src/settings.js";
import { SETTINGS } from "../../support/context.js";
import { temporaryFolder } from "../audit/support.js";

const ADDRESS = "https://hooks.example.com/services/planted-key";
const KEYS = [1, 2, 3].map((byte) => `whsec_${Buffer.alloc(32, byte).toString("base64")}`);
const unexpected = (message: string) => expect.unreachable(message);
const settingsWith = (more: Partial<Settings> = {}): Settings => ({ ...SETTINGS, ...more });

const stored = async (id: string, more: Partial<StoredNotice> = {}): Promise<StoredNotice> => ({
  id: `msg_${id}`,
  source: "urn:a",
  name: "orders",
  operation: "create",
  timestamp: "2030-01-01T00:00:00.000Z",
  contentType: "application/json",
  body: "{}",
  address: await seal(ADDRESS, SETTINGS),
  ...more,
});

test("what is put there is there for the next process, oldest first, and holds no address in plain", async () => {
  const folder = join(temporaryFolder(), "audit.outbox");
  const outbox = openOutbox(folder, unexpected);
  for (const id of ["0a", "0b", "0c"])
    await outbox.put(await stored(id, { source: id === "0b" ? "urn:b" : "urn:a" }));

  const next = openOutbox(folder, unexpected);
  expect((await next.waiting()).map(({ id }) => id)).toEqual(["msg_0a", "msg_0b", "msg_0c"]);
  const ofA = await next.waitingOf("urn:a");
  expect(ofA.map(({ id }) => id)).toEqual(["msg_0a", "msg_0c"]);
  const notice = await next.read(ofA[0] as never);
  expect(notice).toMatchObject({ id: "msg_0a", body: "{}" });
  expect(await unseal((notice as StoredNotice).address, SETTINGS)).toBe(ADDRESS);

  expect(statSync(folder).mode & 0o777).toBe(0o700);
  for (const file of readdirSync(folder)) {
    expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, file), "utf8")).not.toMatch(/hooks\.example|planted/);
  }
});

test("a notice of a step that is taken again is not put there twice", async () => {
  const outbox = openOutbox(join(temporaryFolder(), "audit.outbox"), unexpected);
  const first = await outbox.put(await stored("0a", { body: "first" }));
  expect(await outbox.put(await stored("0a", { body: "second" }))).toBe(first);
  expect(await outbox.waiting()).toHaveLength(1);
  expect(await outbox.read(first)).toMatchObject({ body: "first" });
});

test("many put there at once all lie there, in the order in which they came", async () => {
  const folder = join(temporaryFolder(), "audit.outbox");
  const outbox = openOutbox(folder, unexpected);
  const ids = Array.from({ length: 50 }, (_, index) => index.toString(16).padStart(4, "0"));
  const all = await Promise.all(ids.map((id) => stored(id)));
  await Promise.all(all.map((notice) => outbox.put(notice)));
  expect((await openOutbox(folder, unexpected).waiting()).map(({ id }) => id)).toEqual(
    ids.map((id) => `msg_${id}`),
  );
  expect(await outbox.waiting()).toHaveLength(50);
});

test("what is delivered is gone; what another process has delivered meanwhile is none to read", async () => {
  const folder = join(temporaryFolder(), "audit.outbox");
  const outbox = openOutbox(folder, unexpected);
  const slot = await outbox.put(await stored("0a"));
  rmSync(join(folder, slot.file));
  expect(await outbox.read(slot)).toBeUndefined();
  await outbox.remove(slot);
  expect(await outbox.waiting()).toEqual([]);
});

test("what else lies in the folder, such as the half of a file, is passed over", async () => {
  const folder = join(temporaryFolder(), "audit.outbox");
  const outbox = openOutbox(folder, unexpected);
  const { file } = await outbox.put(await stored("0a"));
  writeFileSync(join(folder, `${file}.123456`), "{");
  writeFileSync(join(folder, "notes.txt"), "");
  expect(await openOutbox(folder, unexpected).waiting()).toHaveLength(1);
});

test("a file that is no notice is set aside and said, and holds nothing up", async () => {
  const folder = join(temporaryFolder(), "audit.outbox");
  for (const text of ["", "null", "{}", '{"id":1}']) {
    const said: string[] = [];
    const outbox = openOutbox(folder, (message) => said.push(message));
    const slot = await outbox.put(await stored("0a"));
    writeFileSync(join(folder, slot.file), text);
    expect(await outbox.read(slot)).toBeUndefined();
    expect(await outbox.waiting()).toEqual([]);
    expect(said).toEqual([expect.stringContaining(`was set aside as ${slot.file}.corrupt`)]);
    expect(existsSync(join(folder, `${slot.file}.corrupt`))).toBe(true);
  }
});

test
  .runIf(process.platform !== "win32")
  .each<[string, (path: string) => void]>([
    ["a link", (path) => symlinkSync("/dev/zero", path)],
    ["a folder", (path) => mkdirSync(path)],
    ["a pipe", (path) => void execFileSync("mkfifo", [path])],
    ["longer than", (path) => writeFileSync(path, Buffer.alloc(2 ** 21))],
    ...(process.getuid?.() === 0
      ? [["another user", (path: string) => chownSync(path, 4711, 4711)] as [string, (path: string) => void]]
      : []),
  ])(
  "%s in the place of a notice is set aside and said, and what waits behind it is found",
  async (what, put) => {
    const folder = join(temporaryFolder(), "audit.outbox");
    const said: string[] = [];
    const outbox = openOutbox(folder, (message) => said.push(message));
    const bad = await outbox.put(await stored("0a"));
    const good = await outbox.put(await stored("0b"));
    if (what !== "another user") rmSync(join(folder, bad.file));
    put(join(folder, bad.file));
    expect(await outbox.read(bad)).toBeUndefined();
    expect(await outbox.read(good)).toMatchObject({ id: "msg_0b" });
    expect(said).toEqual([expect.stringContaining(`was set aside as ${bad.file}.corrupt`)]);
    expect(said[0]).toMatch(new RegExp(`is no notice of ours \\(it (is|belongs to) ${what}`));
    expect(await openOutbox(folder, unexpected).waiting()).toEqual([good]);
  },
);

test.runIf(process.platform !== "win32")("an outbox whose folder is a link is not written to", async () => {
  const elsewhere = temporaryFolder();
  const folder = join(temporaryFolder(), "audit.outbox");
  symlinkSync(elsewhere, folder);
  await expect(openOutbox(folder, unexpected).put(await stored("0a"))).rejects.toThrow(
    "audit.outbox: it is a link",
  );
  expect(readdirSync(elsewhere)).toEqual([]);
});

test("what another process has delivered meanwhile does not come back with its trouble", async () => {
  const folder = join(temporaryFolder(), "audit.outbox");
  const outbox = openOutbox(folder, unexpected);
  const notice = await stored("0a");
  const slot = await outbox.put(notice);
  rmSync(join(folder, slot.file));
  await outbox.update(slot, { ...notice, trouble: "503" });
  expect(readdirSync(folder)).toEqual([]);
});

test("two that are put there while the folder is still being read are both found", async () => {
  const folder = join(temporaryFolder(), "audit.outbox");
  const outbox = openOutbox(folder, unexpected);
  const [a, b] = await Promise.all([outbox.put(await stored("0a")), outbox.put(await stored("0b"))]);
  expect(await outbox.waitingOf("urn:a")).toEqual([a, b]);
});

test("nothing is made before there is something to put there", async () => {
  const folder = join(temporaryFolder(), "audit.outbox");
  expect(await openOutbox(folder, unexpected).waiting()).toEqual([]);
  expect(existsSync(folder)).toBe(false);
});

test("it lies beside the audit log, under the same name", () => {
  expect(outboxFolder("/a/audit_logs.jsonl")).toBe("/a/audit_logs.outbox");
  expect(outboxFolder("/a/audit.log")).toBe("/a/audit.log.outbox");
});

test("an address opens as long as one of the stack's secrets is what it was, and no longer", async () => {
  const [a = "", b = "", c = ""] = KEYS;
  const sealed = await seal(ADDRESS, settingsWith({ webhookSecrets: [a, b] }));
  const opens = (settings: Partial<Settings>) => unseal(sealed, settingsWith(settings));
  const otherLogin = { clientId: "id", clientSecret: "another" };
  expect(await opens({ webhookSecrets: [a, b] })).toBe(ADDRESS);
  expect(await opens({ webhookSecrets: [c, b], credentials: otherLogin })).toBe(ADDRESS);
  expect(await opens({ webhookSecrets: [], credentials: SETTINGS.credentials })).toBe(ADDRESS);
  expect(await opens({ webhookSecrets: [c], credentials: otherLogin })).toBeUndefined();
  expect(await opens({ webhookSecrets: [], credentials: undefined })).toBeUndefined();
  const byToken = settingsWith({ credentials: { accessToken: "token" } });
  expect(await unseal(await seal(ADDRESS, byToken), byToken)).toBe(ADDRESS);
});
