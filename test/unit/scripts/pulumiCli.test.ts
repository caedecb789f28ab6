/** Where scripts get a Pulumi CLI from, one place after the other, and what is left when that fails or is stopped. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PULUMI_VERSION } from "../../../scripts/pulumi-cli/make.mjs";
import { cacheEntry, obtainPulumiCli, pulumiEnv } from "../../../scripts/pulumiCli.mjs";

let scratch: string;
let lines: string[];
let env: Record<string, string>;
const log = (line: string) => lines.push(line);

beforeEach(() => {
  scratch = realpathSync(mkdtempSync(join(tmpdir(), "pulumi-cli-test-")));
  lines = [];
  env = { PATH: join(scratch, "bin"), PULUMI_GENESYSCLOUD_CACHE: join(scratch, "cache") };
});

afterEach(() => {
  if (readPid() > 0 && isRunning(readPid())) process.kill(readPid(), "SIGKILL");
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
});

describe.skipIf(process.platform === "win32")("obtainPulumiCli", () => {
  const obtain = (options: Partial<Parameters<typeof obtainPulumiCli>[0]> = {}) =>
    obtainPulumiCli({ log, env, installer: [failingInstaller()], ...options });

  describe("PATH", () => {
    it("takes a new enough CLI with its language host beside it", async () => {
      const command = fakePulumi("bin", "3.254.0");
      expect(await obtain()).toEqual({
        command,
        binDir: dirname(command),
        version: "3.254.0",
        origin: "PATH",
      });
      expect(lines).toEqual([]);
      expect(existsSync(join(scratch, "cache"))).toBe(false);
    });

    it("takes a CLI whose language host is elsewhere on PATH", async () => {
      const command = fakePulumi("bin", "3.300.1", { languageHost: false });
      executable("hosts/pulumi-language-nodejs", "exit 0");
      env.PATH += delimiter + join(scratch, "hosts");
      expect(await obtain()).toMatchObject({ command, origin: "PATH" });
    });

    it("follows a link to find the language host", async () => {
      const command = fakePulumi("opt/pulumi", "3.300.1");
      mkdirSync(join(scratch, "bin"));
      symlinkSync(command, join(scratch, "bin/pulumi"));
      expect(await obtain()).toMatchObject({ command: join(scratch, "bin/pulumi"), origin: "PATH" });
    });

    it("names a CLI that is too old and goes on to the next", async () => {
      const old = fakePulumi("bin", "3.253.9");
      const command = fakePulumi("newer", "3.260.0");
      env.PATH += delimiter + join(scratch, "newer");
      expect(await obtain()).toMatchObject({ command, version: "3.260.0", origin: "PATH" });
      expect(lines).toEqual([`passed over: ${old} is version 3.253.9, 3.254.0 or newer is needed`]);
    });

    it("passes over a CLI without language host", async () => {
      const lonely = fakePulumi("bin", "3.260.0", { languageHost: false });
      fakeCache();
      expect(await obtain()).toMatchObject({ origin: "cache" });
      expect(lines).toEqual([`passed over: ${lonely} has no pulumi-language-nodejs beside it or on PATH`]);
    });

    it("passes over a CLI that does not run", async () => {
      const broken = executable("bin/pulumi", "exit 1");
      fakeCache();
      expect(await obtain()).toMatchObject({ origin: "cache" });
      expect(lines).toEqual([`passed over: ${broken} does not run`]);
    });

    it("asks without an update check", async () => {
      executable("bin/pulumi-language-nodejs", "exit 0");
      executable("bin/pulumi", 'test "$PULUMI_SKIP_UPDATE_CHECK" = true && echo v3.260.0');
      expect(await obtain()).toMatchObject({ version: "3.260.0" });
    });
  });

  describe("cache", () => {
    it("is used without a word", async () => {
      const command = fakeCache();
      expect(await obtain()).toEqual({
        command,
        binDir: join(cacheEntry(env), "bin"),
        version: PULUMI_VERSION,
        origin: "cache",
      });
      expect(lines).toEqual([]);
    });

    it.each([
      ["does not run", () => executable(inCache("pulumi"), "exit 139")],
      ["lacks its language host", () => rmSync(join(scratch, inCache("pulumi-language-nodejs")))],
    ])("is made anew when the CLI in it %s", async (_, breakIt) => {
      fakeCache();
      breakIt();
      writeFileSync(join(cacheEntry(env), "left-over"), "");
      expect(await obtain({ installer: [workingInstaller()] })).toMatchObject({ origin: "installer" });
      expect(await obtain()).toMatchObject({ origin: "cache" });
      expect(readdirSync(cacheEntry(env))).toEqual(["bin"]);
      expect(inCacheFolder()).toEqual([cacheEntry(env)]);
    });

    it("loses what a dead process left, and keeps what a live one is making", async () => {
      const dead = spawnSync("/bin/sh", ["-c", "exit 0"]).pid;
      const folder = (pid: number, host: string) => `${cacheEntry(env)}.making-${pid}-${host}-aB3dE6`;
      const kept = [folder(process.pid, hostname()), folder(dead, "another-host")];
      for (const path of [folder(dead, hostname()), ...kept]) mkdirSync(path, { recursive: true });
      await obtain({ installer: [workingInstaller()] });
      expect(inCacheFolder()).toEqual([cacheEntry(env), ...kept].sort());
    });

    it("that cannot be written is named", async () => {
      writeFileSync(join(scratch, "cache"), "a file");
      await expect(obtain()).rejects.toThrow(/^The cache folder .* PULUMI_GENESYSCLOUD_CACHE/);
    });
  });

  describe("installer", () => {
    it("fills the cache", async () => {
      expect(await obtain({ installer: [workingInstaller()] })).toEqual({
        command: join(cacheEntry(env), "bin/pulumi"),
        binDir: join(cacheEntry(env), "bin"),
        version: PULUMI_VERSION,
        origin: "installer",
      });
      expect(inCacheFolder()).toEqual([cacheEntry(env)]);
    });

    it("may be run by two at once", async () => {
      const installer = [workingInstaller()];
      const both = await Promise.all([obtain({ installer }), obtain({ installer })]);
      expect(both.map(({ command }) => command)).toEqual(Array(2).fill(join(cacheEntry(env), "bin/pulumi")));
      expect(inCacheFolder()).toEqual([cacheEntry(env)]);
    });

    it("leaves alone what another process has put there meanwhile", async () => {
      const faster = `mkdir -p ${cacheEntry(env)} && cp -r ${scratch}/made ${cacheEntry(env)}/bin`;
      const installer = executable(
        "installer",
        `${workingInstaller()} "$@" && ${faster} && echo > ${cacheEntry(env)}/first`,
      );
      await obtain({ installer: [installer] });
      expect(readdirSync(cacheEntry(env))).toEqual(["bin", "first"]);
      expect(inCacheFolder()).toEqual([cacheEntry(env)]);
    });

    it("that hangs is killed with its children, and its CLI not used", async () => {
      const installer = [executable("installer", hanging())];
      await expect(obtain({ installer, installerTimeLimitMs: 1000 })).rejects.toThrow(
        "official installer: gave up after 1 seconds",
      );
      expect(readPid()).toBeGreaterThan(0);
      await vi.waitFor(() => expect(isRunning(readPid())).toBe(false), 20_000);
    });

    it("whose CLI does not run is not used", async () => {
      const installer = [executable("installer", 'echo broken > "$1/bin/pulumi"')];
      await expect(obtain({ installer })).rejects.toThrow("official installer: what it made does not run");
      expect(inCacheFolder()).toEqual([]);
    });
  });

  describe("build", () => {
    it("follows a failed installer, with the modules' exact versions and flags", async () => {
      fakeGo();
      expect(await obtain()).toEqual({
        command: join(cacheEntry(env), "bin/pulumi"),
        binDir: join(cacheEntry(env), "bin"),
        version: PULUMI_VERSION,
        origin: "built",
      });
      const ldflags = `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${PULUMI_VERSION}`;
      const builds = readFileSync(join(scratch, "go-calls"), "utf8").trim().split("\n");
      expect(builds.map((call) => call.replaceAll(/<[^>]*\/built\/bin\//g, "<"))).toEqual([
        `language-nodejs -mod=readonly: <build> <-trimpath> <-ldflags> <${ldflags}> <-o> <pulumi-language-nodejs> <github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs>`,
        `cli -mod=readonly: <build> <-trimpath> <-ldflags> <${ldflags}> <-o> <pulumi> <github.com/pulumi/pulumi/pkg/v3/cmd/pulumi>`,
      ]);
      expect(readdirSync(join(cacheEntry(env), "bin"))).toEqual([
        "pulumi",
        "pulumi-language-nodejs",
        "pulumi-resource-pulumi-nodejs",
        "pulumi-resource-pulumi-nodejs.cmd",
      ]);
      expect(lines).toEqual([
        expect.stringMatching(/^installing the Pulumi CLI .* official installer: 3 minutes at most/),
        "official installer: no network today",
        `building the Pulumi CLI ${PULUMI_VERSION} from Go modules: about 4 minutes, 8 the first time; once per machine`,
        expect.stringMatching(/^built the Pulumi CLI in \d+ s$/),
      ]);
      expect(inCacheFolder()).toEqual([cacheEntry(env)]);
    });

    it("that fails says go's complaint, not its progress", async () => {
      fakeGo('echo "go: downloading a v1" >&2; echo "# some/package" >&2; echo "x.go:1: bad" >&2; exit 1');
      await expect(obtain()).rejects.toThrow("build from Go modules: x.go:1: bad");
      expect(inCacheFolder()).toEqual([]);
    });

    it("is not tried with a go that is too old", async () => {
      const go = fakeGo("", "go1.20.14");
      await expect(obtain()).rejects.toThrow(
        `build from Go modules: ${go} is version 1.20.14, ${requiredGo()} or newer is needed`,
      );
      expect(existsSync(join(scratch, "go-calls"))).toBe(false);
    });

    it("stops on the signal, with its children and its folder", async () => {
      fakeGo(hanging());
      const controller = new AbortController();
      const result = obtain({ signal: controller.signal });
      result.catch(() => {});
      await vi.waitFor(() => expect(readPid()).toBeGreaterThan(0), 20_000);
      expect(inCacheFolder()).toEqual([expect.stringContaining(`.making-${process.pid}-`)]);
      const reason = new Error("enough");
      controller.abort(reason);
      await expect(result).rejects.toBe(reason);
      expect(inCacheFolder()).toEqual([]);
      await vi.waitFor(() => expect(isRunning(readPid())).toBe(false), 20_000);
      expect(process.listenerCount("SIGINT")).toBe(0);
    });

    it("stops on Ctrl-C, after which the process ends by the signal", async () => {
      fakeGo(hanging());
      const url = pathToFileURL(join(__dirname, "../../../scripts/pulumiCli.mjs"));
      const script = `import { obtainPulumiCli } from ${JSON.stringify(url)};
        await obtainPulumiCli({ installer: ${JSON.stringify([failingInstaller()])} });`;
      const child = spawn(process.execPath, ["--input-type=module", "-e", script], { env, stdio: "ignore" });
      await vi.waitFor(() => expect(readPid()).toBeGreaterThan(0), 20_000);
      child.kill("SIGINT");
      expect(await once(child, "exit")).toEqual([null, "SIGINT"]);
      expect(inCacheFolder()).toEqual([]);
      await vi.waitFor(() => expect(isRunning(readPid())).toBe(false), 20_000);
    });
  });

  it("says what was tried and what to install, and nothing of the environment", async () => {
    const old = fakePulumi("bin", "3.1.0");
    env.SOME_TOKEN = "hunter2";
    const error = await obtain().catch((reason: Error) => reason);
    expect((error as Error).message).toBe(
      [
        "No Pulumi CLI could be obtained. Tried:",
        `  - PATH: ${old} is version 3.1.0, 3.254.0 or newer is needed`,
        `  - cache: nothing usable in ${cacheEntry(env)}`,
        "  - official installer: no network today",
        "  - build from Go modules: no go on PATH",
        `Install Pulumi (https://www.pulumi.com/docs/install/), or Go ${requiredGo()} or newer, and try again.`,
      ].join("\n"),
    );
    expect(lines.join("\n")).not.toContain("hunter2");
    expect(inCacheFolder()).toEqual([]);
  });

  it("starts nothing when the signal has already aborted", async () => {
    await expect(obtain({ signal: AbortSignal.abort(new Error("too late")) })).rejects.toThrow("too late");
    expect(existsSync(join(scratch, "cache"))).toBe(false);
  });
});

describe("pulumiEnv", () => {
  const options = {
    cli: { binDir: "/cli/bin" },
    home: "/home dir",
    backendDir: "/state 1%",
    passphrase: "pass",
  };

  it.skipIf(process.platform === "win32")("describes a self-managed run", () => {
    expect(pulumiEnv({ ...options, base: { PATH: "/usr/bin", LANG: "C", GONE: undefined } })).toEqual({
      PATH: `/cli/bin${delimiter}/usr/bin`,
      LANG: "C",
      PULUMI_HOME: "/home dir",
      PULUMI_BACKEND_URL: "file:///state 1%",
      PULUMI_CONFIG_PASSPHRASE: "pass",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    });
  });

  it("drops the caller's own settings and credentials", () => {
    const base = {
      PULUMI_ACCESS_TOKEN: "theirs",
      PULUMI_CONFIG_PASSPHRASE: "theirs",
      PULUMI_CONFIG_PASSPHRASE_FILE: "theirs",
      GENESYSCLOUD_OAUTHCLIENT_SECRET: "theirs",
      GENESYS_CLOUD_CLIENT_SECRET: "theirs",
      EXTERNAL_WEBHOOK_URL: "theirs",
      EXTERNAL_WEBHOOK_URL_COUNT: "kept",
      MY_PULUMI_NOTE: "kept",
    };
    const env = pulumiEnv({ ...options, base });
    expect(Object.values(env)).not.toContain("theirs");
    expect(env).toMatchObject({ EXTERNAL_WEBHOOK_URL_COUNT: "kept", MY_PULUMI_NOTE: "kept" });
  });
});

/** A script that does not depend on the PATH under test. */
function executable(name: string, body: string) {
  const path = join(scratch, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\nPATH=/usr/bin:/bin\n${body}\n`, { mode: 0o755 });
  return path;
}

function fakePulumi(dir: string, version: string, { languageHost = true } = {}) {
  if (languageHost) executable(`${dir}/pulumi-language-nodejs`, "exit 0");
  return executable(`${dir}/pulumi`, `test "$*" = version && echo v${version}`);
}

function inCache(name: string) {
  return join(cacheEntry(env).slice(scratch.length + 1), "bin", name);
}

function fakeCache() {
  return fakePulumi(dirname(inCache("pulumi")), PULUMI_VERSION);
}

function failingInstaller() {
  return executable("failing-installer", 'printf "\\033[31mno network today\\033[0m\\nmore\\n" >&2; exit 1');
}

function workingInstaller() {
  const made = dirname(fakePulumi("made", PULUMI_VERSION));
  return executable("working-installer", `test "$2" = ${PULUMI_VERSION} && cp ${made}/* "$1/bin/"`);
}

/** Records its builds as `<module's folder> <GOFLAGS>: <arguments>`, and makes fake executables. */
function fakeGo(building = "", version = "go1.99.0") {
  const made = dirname(fakePulumi("made", PULUMI_VERSION));
  return executable(
    "bin/go",
    `if test "$*" = version; then echo "go version ${version} linux/amd64"; exit; fi
     { printf '%s %s:' "$(basename "$PWD")" "$GOFLAGS"; printf ' <%s>' "$@"; echo; } >> ${scratch}/go-calls
     ${building}
     while test "$1" != -o; do shift; done
     cp "${made}/$(basename "$2")" "$2"`,
  );
}

/** Waits for a child of its own, whose process id it notes down. */
function hanging() {
  return `sleep 1000 & echo $! > ${scratch}/pid.new; mv ${scratch}/pid.new ${scratch}/pid; wait`;
}

function readPid() {
  const file = join(scratch, "pid");
  return existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
}

/** A zombie, which waits for a parent that may never look, counts as ended. */
function isRunning(pid: number) {
  const state = spawnSync("ps", ["-o", "stat=", "-p", `${pid}`], { encoding: "utf8" }).stdout.trim();
  return state !== "" && !state.startsWith("Z");
}

function inCacheFolder() {
  const cache = join(scratch, "cache");
  return readdirSync(cache)
    .map((name) => join(cache, name))
    .sort();
}

function requiredGo() {
  const goMod = join(__dirname, "../../../scripts/pulumi-cli/cli/go.mod");
  return /^go (\S+)/m.exec(readFileSync(goMod, "utf8"))?.[1];
}
