/** The sandbox as a process: its options, its end, and the state file with which it goes on after a kill. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { connect, sourceBody, startWithToken } from "./harness.js";

// Built beside `dist`, so that a stale build is never tested and one in use never replaced.
const built = resolve("sandbox/.scratch/process-test");
const folder = mkdtempSync(join(tmpdir(), "sandbox-"));
const running: ChildProcess[] = [];
let files = 0;
let stateFile: string;

beforeAll(() => {
  const compiler = resolve("node_modules/typescript/bin/tsc");
  execFileSync(process.execPath, [compiler, "-p", "sandbox/tsconfig.json", "--outDir", built]);
}, 60_000);

beforeEach(() => {
  files += 1;
  stateFile = join(folder, `state-${files}.json`);
});

afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

afterAll(() => {
  for (const leftover of [folder, built]) rmSync(leftover, { recursive: true, force: true });
});

function run(...options: string[]) {
  const child = spawn(process.execPath, [join(built, "main.js"), ...options]);
  running.push(child);
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => {
    output.stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    output.stderr += chunk;
  });
  return { child, output, closed: once(child, "close") };
}

async function serve(...options: string[]) {
  const server = run("--control", "--state", stateFile, ...options);
  await vi.waitFor(() => expect(server.output.stdout).toContain("\n"), { timeout: 10_000 });
  const url = /^listening on (http:\/\/127\.0\.0\.1:\d+)\n$/.exec(server.output.stdout)?.[1];
  return { ...server, url: url as string };
}

test("a job accepted before the process is killed ends after the restart", async () => {
  const first = await serve("--job-duration", "1500");
  const before = await connect(first.url);
  const { body: accepted } = await before.post();
  first.child.kill("SIGKILL");
  await first.closed;

  const second = await serve();
  const after = await connect(second.url);
  expect((await after.post()).status).toBe(409);
  const job = await vi.waitFor(
    async () => {
      const body = await after.job(accepted.job_id);
      expect(body.status).toBe("completed");
      return body;
    },
    { timeout: 20_000 },
  );
  expect((await after.get(job.source_id)).body).toMatchObject({ name: "vip", version: 1 });
}, 20_000);

test("the state file is private, keeps no token, and lets a token live on", async () => {
  const clock = { now: () => 1_000_000, stateFile };
  const first = await startWithToken(clock);
  await first.control("DELETE", "/topics/topic-audits");
  expect(statSync(stateFile).mode & 0o777).toBe(0o600);
  const text = readFileSync(stateFile, "utf8");
  expect(Object.keys(JSON.parse(text).tokens[0])).toEqual(["hash", "expires_at"]);
  await first.close();
  const second = await startWithToken(clock);
  expect((await second.api("GET", "/eventbridge/topics/topic-audits")).status).toBe(404);
  expect((await second.control("POST", "/tokens/revoke")).body.revoked).toBe(2);
});

test("many changes at once are all on disk when answered", async () => {
  const { post } = await startWithToken({ stateFile, rateLimit: { allowed: 1000, windowSeconds: 60 } });
  const names = Array.from({ length: 50 }, (_, index) => `source-${index}`);
  await Promise.all(
    names.map(async (name) => {
      expect((await post({ name })).status).toBe(202);
      expect(readFileSync(stateFile, "utf8")).toContain(`"${name}"`);
    }),
  );
});

test("a delayed change doesn't outlive the server that was closed meanwhile", async () => {
  const { post, control, close } = await startWithToken({ stateFile });
  await control("POST", "/faults", { match: { path: "sources" }, action: { kind: "delay", ms: 1_000 } });
  const cut = expect(post()).rejects.toThrow();
  await vi.waitFor(async () => expect((await control("GET", "/requests")).body).toHaveLength(2), {
    timeout: 20_000,
    interval: 10,
  });
  await close();
  await cut;
  // Nothing tells that nothing happens: outwait the delay.
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  expect(readFileSync(stateFile, "utf8")).not.toContain('"vip"');
});

test.each(["SIGTERM", "SIGINT"] as const)(
  "%s ends the process at once, in spite of open connections",
  async (signal) => {
    const { child, closed, url, output } = await serve();
    const { control, api } = await connect(url);
    await control("POST", "/faults", [
      { match: { path: "topics" }, action: { kind: "hang" } },
      { match: { path: "targets" }, action: { kind: "delay", ms: 60_000 } },
      { match: { path: "sources" }, action: { kind: "hang", after: true } },
    ]);
    const cut = [
      api("GET", "/eventbridge/topics"),
      api("GET", "/eventbridge/targets"),
      api("POST", "/eventbridge/sources", sourceBody()),
    ].map((answer) => expect(answer).rejects.toThrow());
    await vi.waitFor(async () => expect((await control("GET", "/requests")).body).toHaveLength(4), 20_000);
    await vi.waitFor(async () => expect((await control("GET", "/state")).body.jobs).toHaveLength(1), 20_000);

    const before = performance.now();
    child.kill(signal);
    expect((await closed)[0]).toBe(0);
    expect(performance.now() - before).toBeLessThan(20_000);
    expect(output.stderr).toBe("");
    await Promise.all(cut);
    expect(readFileSync(stateFile, "utf8")).toContain('"name":"vip"');
  },
  20_000,
);

test.each([
  ["{", "damaged"],
  ["7", "holds no object"],
  ['{"format":2}', "format is not 1"],
  ['{"format":1,"topics":[],"targets":[]}', "'sources' is no list"],
  ['{"format":1,"topics":[7]}', "holds something that is no object"],
])("a state file of %s is refused and left alone", async (content, message) => {
  writeFileSync(stateFile, content);
  const { closed, output } = run("--state", stateFile);
  expect((await closed)[0]).toBe(1);
  expect(output.stderr).toContain(message);
  expect(output.stderr).toContain(stateFile);
  expect(output.stdout).toBe("");
  expect(readFileSync(stateFile, "utf8")).toBe(content);
});

test.runIf(process.platform !== "win32").each<[string, string, () => unknown]>([
  ["a link", "it is a link", () => symlinkSync("/dev/zero", stateFile)],
  ["a link to nothing", "it is a link", () => symlinkSync(`${stateFile}-nothing`, stateFile)],
  ["a pipe", "it is no regular file", () => execFileSync("mkfifo", [stateFile])],
  ["a folder", "it is no regular file", () => mkdirSync(stateFile)],
])("%s in the place of the state file is refused by name, and holds nothing up", async (_, message, put) => {
  put();
  const { closed, output } = run("--state", stateFile);
  expect((await closed)[0]).toBe(1);
  expect(output.stderr).toContain(`The state file ${stateFile} can't be read: ${message}`);
});

test.runIf(process.getuid?.() === 0)(
  "a state file of another user's is neither read nor given what changes",
  async () => {
    const first = await startWithToken({ stateFile });
    const before = readFileSync(stateFile, "utf8");
    chownSync(stateFile, 4711, 4711);
    chmodSync(stateFile, 0o666);
    expect((await first.post({ name: "late" })).status).toBe(500);
    expect(readFileSync(stateFile, "utf8")).toBe(before);
    expect(lstatSync(stateFile).uid).toBe(4711);
    const second = run("--state", stateFile);
    expect((await second.closed)[0]).toBe(1);
    expect(second.output.stderr).toContain("it belongs to another user (uid 4711)");
    // The first one writes once more when it is closed.
    rmSync(stateFile);
  },
);

test("only the state file itself is in its folder, however often it was written", async () => {
  const { post, close } = await startWithToken({ stateFile });
  for (const name of ["a", "b"]) expect((await post({ name })).status).toBe(202);
  await close();
  const name = basename(stateFile);
  expect(readdirSync(folder).filter((each) => each.startsWith(name))).toEqual([name]);
});

test.each([
  ["--prot", "80"],
  ["--port", "x"],
  ["--port", "65536"],
  ["--rate-window", "0"],
  ["--control=yes"],
  ["--offers", "none"],
  ["stray"],
])("wrong options exit with 2: %s %s", async (...options) => {
  const { closed, output } = run(...options);
  expect((await closed)[0]).toBe(2);
  expect(output.stderr).toContain("Usage:");
  expect(output.stdout).toBe("");
});

test("options choose the API that it offers, its first integrations, and how long they take", async () => {
  const { url } = await serve("--offers", "integrations", "--example-integrations", "--state-change", "5000");
  const { control } = await connect(url);
  expect((await control("GET", "/settings")).body).toMatchObject({
    offers: "integrations",
    stateChangeMs: 5000,
  });
  expect((await control("GET", "/state")).body.integrations).toHaveLength(4);
});

test("--help explains the options; a port in use is an error", async () => {
  const help = run("--help");
  expect((await help.closed)[0]).toBe(0);
  expect(help.output.stdout).toContain("--job-duration <ms>");
  const { url } = await startWithToken();
  const second = run("--port", new URL(url).port);
  expect((await second.closed)[0]).toBe(1);
  expect(second.output.stderr).toContain("EADDRINUSE");
});
