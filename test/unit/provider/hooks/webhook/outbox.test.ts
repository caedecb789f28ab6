/** Notices that wait in the outbox keep their order, and their addresses open for nobody else. */
import { execFileSync } from "node:child_process";
import {
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Notice } from "../../../../../provider/src/hooks/webhook/notice.js";
import {
  openOutbox,
  outboxFolder,
  type StoredNotice,
} from "../../../../../provider/src/hooks/webhook/outbox.js";
import { type SealedAddress, seal, unseal } from "../../../../../provider/src/hooks/webhook/sealed.js";
import { sendInOrder } from "../../../../../provider/src/hooks/webhook/send.js";
import type { Settings } from "../../../../../provider/src/settings.js";
import { SETTINGS } from "../../support/context.js";
import { temporaryFolder } from "../audit/support.js";

const ADDRESS = "https://hooks.example.com/services/planted-key";
const KEYS = [1, 2, 3].map((byte) => `whsec_${Buffer.alloc(32, byte).toString("base64")}`);
const unexpected = (message: string) => expect.unreachable(message);
const settingsWith = (more: Partial<Settings> = {}): Settings => ({ ...SETTINGS, ...more });

const NOTICE: Notice = {
  id: "msg_0a",
  source: "urn:a",
  name: "orders",
  operation: "create",
  timestamp: "2030-01-01T00:00:00.000Z",
  contentType: "application/json",
  body: "{}",
};

async function stored(id: string, more: Partial<StoredNotice> = {}): Promise<StoredNotice> {
  const notice = { ...NOTICE, id: `msg_${id}`, ...more };
  return { address: await seal(ADDRESS, notice, SETTINGS), ...notice };
}

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
  const { address } = notice as StoredNotice;
  expect(await unseal(address, notice as StoredNotice, SETTINGS)).toEqual({ address: ADDRESS });

  expect(statSync(folder).mode & 0o777).toBe(0o700);
  for (const file of readdirSync(folder)) {
    expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, file), "utf8")).not.toMatch(/hooks\.example|planted/);
  }
});

test("a notice of a step that is taken again takes the place of the one before", async () => {
  const folder = join(temporaryFolder(), "audit.outbox");
  const outbox = openOutbox(folder, unexpected);
  const { slot: first } = await outbox.put(await stored("0a", { body: "first" }));
  await outbox.put(await stored("0b"));
  expect(await outbox.put(await stored("0a", { body: "second" }))).toEqual({ slot: first });
  expect(readdirSync(folder)).toHaveLength(2);
  expect((await outbox.waiting())[0]).toBe(first);
  expect(await outbox.read(first)).toMatchObject({ body: "second" });
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
  const { slot } = await outbox.put(await stored("0a"));
  rmSync(join(folder, slot.file));
  expect(await outbox.read(slot)).toBeUndefined();
  await outbox.remove(slot);
  expect(await outbox.waiting()).toEqual([]);
});

test("what else lies in the folder, such as the half of a file, is passed over", async () => {
  const folder = join(temporaryFolder(), "audit.outbox");
  const outbox = openOutbox(folder, unexpected);
  const {
    slot: { file },
  } = await outbox.put(await stored("0a"));
  writeFileSync(join(folder, `${file}.123456`), "{");
  writeFileSync(join(folder, "notes.txt"), "");
  expect(await openOutbox(folder, unexpected).waiting()).toHaveLength(1);
});

test("a file that is no notice is set aside and said, and holds nothing up", async () => {
  const folder = join(temporaryFolder(), "audit.outbox");
  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  for (const text of ["", "null", "{}", '{"id":1}', deep, "a".repeat(1_024 * 1_024 + 1)]) {
    const said: string[] = [];
    const outbox = openOutbox(folder, (message) => said.push(message));
    const { slot } = await outbox.put(await stored("0a"));
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
    const { slot: bad } = await outbox.put(await stored("0a"));
    const { slot: good } = await outbox.put(await stored("0b"));
    if (what !== "another user") rmSync(join(folder, bad.file));
    put(join(folder, bad.file));
    expect(await outbox.read(bad)).toBeUndefined();
    expect(await outbox.read(good)).toMatchObject({ id: "msg_0b" });
    expect(said).toEqual([expect.stringContaining(`was set aside as ${bad.file}.corrupt`)]);
    expect(said[0]).toMatch(new RegExp(`is not sent, because it (is|belongs to) ${what}`));
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
  const { slot } = await outbox.put(notice);
  rmSync(join(folder, slot.file));
  await outbox.update(slot, { ...notice, trouble: "503" });
  expect(readdirSync(folder)).toEqual([]);
});

test("a look at the folder that failed once does not spoil the rest of the run", async () => {
  const folder = join(temporaryFolder(), "audit.outbox");
  writeFileSync(folder, "");
  const outbox = openOutbox(folder, unexpected);
  const looks = [outbox.waiting(), outbox.waiting()];
  for (const look of looks) await expect(look).rejects.toThrow("ENOTDIR");
  rmSync(folder);
  const { slot } = await outbox.put(await stored("0a"));
  expect(await outbox.waiting()).toEqual([slot]);
});

test("two that are put there while the folder is still being read are both found", async () => {
  const folder = join(temporaryFolder(), "audit.outbox");
  const outbox = openOutbox(folder, unexpected);
  const [{ slot: a }, { slot: b }] = await Promise.all([
    outbox.put(await stored("0a")),
    outbox.put(await stored("0b")),
  ]);
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

/** Ways to put something in the place of an entry that this package did not write there. */
const IN_ITS_PLACE: [string, (path: string) => void, string][] = [
  ["a link to a notice", (path) => symlinkSync(copied(path), path), "it is a link"],
  ["a pipe", (path) => void execFileSync("mkfifo", [path]), "it is a pipe"],
  ["a folder", (path) => mkdirSync(path), "it is a folder"],
  ["nothing to read", (path) => writeFileSync(path, "", { mode: 0o000 }), "it "],
  ["another notice", (path) => copyFileSync(other(path), path), "it is another notice than its name says"],
];

function copied(path: string): string {
  copyFileSync(other(path), `${path}.copy`);
  return `${path}.copy`;
}

/** The other entry of the folder. */
const other = (path: string): string =>
  join(dirname(path), readdirSync(dirname(path)).find((file) => file.endsWith("msg_0b.json")) ?? "");

test.each(IN_ITS_PLACE)(
  "%s in the place of an entry is set aside and said, and the rest is read",
  async (_, put, why) => {
    const folder = join(temporaryFolder(), "audit.outbox");
    const said: string[] = [];
    const outbox = openOutbox(folder, (message) => said.push(message));
    const { slot } = await outbox.put(await stored("0a"));
    const { slot: good } = await outbox.put(await stored("0b"));
    rmSync(join(folder, slot.file));
    put(join(folder, slot.file));
    expect(await outbox.read(slot)).toBeUndefined();
    expect(await outbox.read(good)).toMatchObject({ id: "msg_0b" });
    expect(await outbox.waiting()).toEqual([good]);
    expect(said).toEqual([expect.stringContaining(`is not sent, because ${why}`)]);
    expect(readdirSync(folder)).toContain(`${slot.file}.corrupt`);
  },
);

test("what is set aside takes the place of nothing that was", async () => {
  const folder = join(temporaryFolder(), "audit.outbox");
  const outbox = openOutbox(folder, () => {});
  const { slot } = await outbox.put(await stored("0a"));
  writeFileSync(join(folder, `${slot.file}.corrupt`), "of an earlier day");
  await outbox.setAside(slot, "somebody says so");
  expect(readdirSync(folder)).toHaveLength(2);
  expect(readFileSync(join(folder, `${slot.file}.corrupt`), "utf8")).toBe("of an earlier day");
});

test("a clock that was set back, or a file of the far future, puts nothing out of order", async () => {
  const folder = join(temporaryFolder(), "audit.outbox");
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2030-01-01T00:00:00Z") });
  onTestFinished(() => void vi.useRealTimers());
  const outbox = openOutbox(folder, unexpected);
  await outbox.put(await stored("0a"));
  vi.setSystemTime(Date.parse("2029-01-01T00:00:00Z"));
  await outbox.put(await stored("0b"));
  // Another process, after the clock was set back once more.
  vi.setSystemTime(Date.parse("2028-01-01T00:00:00Z"));
  await openOutbox(folder, unexpected).put(await stored("0c"));
  const order = async () => (await openOutbox(folder, unexpected).waiting()).map(({ id }) => id);
  expect(await order()).toEqual(["msg_0a", "msg_0b", "msg_0c"]);
  writeFileSync(join(folder, `9999999999999-000000-${"0".repeat(16)}-msg_0f.json`), "{}");
  await openOutbox(folder, unexpected).put(await stored("0d"));
  expect(await order()).toContain("msg_0d");
});

test("an address opens as long as one of the stack's secrets is what it was, and no longer", async () => {
  const [a = "", b = "", c = ""] = KEYS;
  const sealed = await seal(ADDRESS, NOTICE, settingsWith({ webhookSecrets: [a, b] }));
  const opens = (settings: Partial<Settings>) => unseal(sealed, NOTICE, settingsWith(settings));
  const otherLogin = { clientId: "id", clientSecret: "another" };
  const open = { address: ADDRESS };
  expect(await opens({ webhookSecrets: [a, b] })).toEqual(open);
  expect(await opens({ webhookSecrets: [c, b], credentials: otherLogin })).toEqual(open);
  expect(await opens({ webhookSecrets: [], credentials: SETTINGS.credentials })).toEqual(open);
  expect(await opens({ webhookSecrets: [c], credentials: otherLogin })).toBe("unreadable");
  expect(await opens({ webhookSecrets: [], credentials: undefined })).toBe("unreadable");
  const byToken = settingsWith({ credentials: { accessToken: "token" } });
  expect(await unseal(await seal(ADDRESS, NOTICE, byToken), NOTICE, byToken)).toEqual(open);
});

test.each(Object.keys(NOTICE) as (keyof Notice)[])(
  "an address opens for no notice whose %s is another",
  async (part) => {
    const sealed = await seal(ADDRESS, NOTICE, SETTINGS);
    expect(await unseal(sealed, { ...NOTICE, [part]: `${NOTICE[part]} ` }, SETTINGS)).toBe("altered");
  },
);

test("no bit of what is sealed can be turned", async () => {
  const sealed = await seal(ADDRESS, NOTICE, SETTINGS);
  for (const part of ["ciphertext", "iv", "tag", "protected"] as const) {
    const [first = "", ...rest] = sealed[part] ?? "";
    const turned = { ...sealed, [part]: [first === "A" ? "B" : "A", ...rest].join("") };
    expect(await unseal(turned, NOTICE, SETTINGS)).toBe("unreadable");
  }
});

test("what is in a file cannot ask for a way to decrypt that takes for ever", async () => {
  const sealed = await seal(ADDRESS, NOTICE, SETTINGS);
  const costly = { alg: "PBES2-HS256+A128KW", p2s: "AAAAAAAAAAAAAAAAAAAAAA", p2c: 2 ** 31 - 1 };
  const recipients = sealed.recipients.map((each) => ({ ...each, header: costly }));
  expect(await unseal({ ...sealed, recipients }, NOTICE, SETTINGS)).toBe("unreadable");
});

/** The sealed address of an entry as release 0.1.0 wrote it. */
const OF_0_1_0: SealedAddress = {
  ciphertext: "DyQV7cwXnDNLErx6hE_g6sFdFRwHpS9THisjkk_U",
  iv: "GNu6ApvGESSdKOJU",
  tag: "b6SQNHsXMmMIaYqr1umn3g",
  protected:
    "eyJlbmMiOiJBMjU2R0NNIiwiaXYiOiJuRjdDcTEySElrdWNaZHBwIiwidGFnIjoibUlndHZYdE81Z1lDY3ZISkhOM2JiQSJ9",
  recipients: [
    { encrypted_key: "5I3CjYqMrKimbqh1xiF5F_uaZaJQhOXKjypn3Z-X9UI", header: { alg: "A256GCMKW" } },
  ],
};

test("an entry of release 0.1.0 is told from one that is bound, and waits until somebody asks for it", async () => {
  const address = "http://127.0.0.1:9/planted-key";
  expect(await unseal(OF_0_1_0, NOTICE, SETTINGS)).toEqual({ unbound: address });
  const outbox = openOutbox(join(temporaryFolder(), "audit.outbox"), unexpected);
  const { slot } = await outbox.put({ ...NOTICE, address: OF_0_1_0 });
  const sending = {
    settings: SETTINGS,
    signal: new AbortController().signal,
    until: performance.now() + 60_000,
    unavailable: new Map(),
    again: () => false,
  };
  const [sent] = await sendInOrder(outbox, [slot], sending);
  expect(sent?.trouble).toMatch(/^an earlier release wrote it, .*"webhook redeliver ID --force"/);
  // By force it goes where it was to go: here that is refused, since it leads to this machine.
  const [forced] = await sendInOrder(outbox, [slot], { ...sending, evenUnbound: true });
  expect(forced?.trouble).toContain("its address leads to a loopback one");
});
