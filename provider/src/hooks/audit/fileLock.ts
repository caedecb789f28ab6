/** A lock on a file that the system itself lets go of when its process ends. */
import { spawn } from "node:child_process";
import { constants } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { performance } from "node:perf_hooks";
import { inTime } from "../../fileTrouble.js";
import { openOwn } from "../../ownFiles.js";
import { patient } from "../../patientFile.js";
import { reachedIn, waitFor } from "../../waitFor.js";
import { LOCK_PATIENCE_MS, LOCK_TRY_AGAIN_MS } from "../../waits.js";

/** The flags with which the system opens a file for one alone; libuv calls them `UV_FS_O_EXLOCK`. */
const ALONE: Readonly<Partial<Record<NodeJS.Platform, number>>> = {
  win32: 0x1000_0000,
  darwin: 0x20,
  freebsd: 0x20,
  openbsd: 0x20,
  netbsd: 0x20,
};

/** Where `flock` is looked for. What the system has comes first. */
const SEARCHED = ["/usr/bin", "/bin", process.env.PATH].filter((each) => each).join(":");

/**
 * The file whose lock stands for that of another one: itself, but on Windows, where nobody else could read it meanwhile.
 */
export const lockFile = (path: string): string => (process.platform === "win32" ? `${path}.lock` : path);

/**
 * Runs something while no other process does.
 *
 * @throws Error as `takeLock` does.
 */
export async function whileLocked<T>(path: string, run: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await takeLock(path);
  try {
    return await run(file);
  } finally {
    await file.close();
  }
}

/**
 * Takes the system's own lock on a file, which is made if need be. Closing the file lets go of it; so does the death of
 * this process. It holds between all processes that see the file: those of containers that share a volume, too, and over
 * NFS as far as the mount passes locks on.
 *
 * @returns the file, open for reading and writing.
 * @throws Error when another process does not let go of it, or when there are no locks here.
 */
export async function takeLock(path: string): Promise<FileHandle> {
  const until = performance.now() + LOCK_PATIENCE_MS;
  const tryOnce = async (): Promise<FileHandle | undefined> => {
    const file = await takeOnce(path);
    // It may have been moved away meanwhile: others would then lock another one.
    if (file === undefined || (await isStill(file, path))) return file;
    await file.close();
    return undefined;
  };
  const pause = (tries: number) => {
    if (tries === 0) return 0;
    return performance.now() > until ? undefined : LOCK_TRY_AGAIN_MS;
  };
  // Nothing stops it but its time: it was given no signal.
  const file = reachedIn(await waitFor(tryOnce, { pause }));
  if (file === undefined) throw heldTooLong();
  return file;
}

/** Whether a file that is open still bears this name. */
export async function isStill(file: FileHandle, path: string): Promise<boolean> {
  const look = () => stat(path).catch(() => undefined);
  const [opened, present] = await Promise.all([file.stat(), inTime(path, look)]);
  if (present?.ino !== opened.ino) return false;
  // Some releases of libuv number a device on Windows in two ways: by the name and by the open file.
  return process.platform === "win32" || present.dev === opened.dev;
}

/** @returns `undefined` where another process has it, and the system cannot wait for that. */
async function takeOnce(path: string): Promise<FileHandle | undefined> {
  const alone = ALONE[process.platform];
  if (alone !== undefined) return openAlone(path, alone).catch(unlessHeld);
  const file = await openOwn(path, { create: true });
  try {
    await lock(file.fd);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

const heldTooLong = () =>
  new Error(`another process has held its lock for ${LOCK_PATIENCE_MS / 1_000} s; is one suspended?`);

async function openAlone(path: string, alone: number): Promise<FileHandle> {
  // It is made, and looked at, before. Where another process has it, even that is refused.
  await (await openOwn(path, { create: true })).close();
  const flags = constants.O_RDWR | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0) | alone;
  return inTime(path, async (isLate) => {
    const file = await open(path, flags);
    if (isLate()) await file.close();
    return patient(path, file);
  });
}

/** `undefined` for what another process has. */
function unlessHeld(error: NodeJS.ErrnoException): undefined {
  if (!["EAGAIN", "EBUSY", "EWOULDBLOCK"].includes(error.code ?? "")) throw error;
}

/**
 * Linux has no such flag, and Node has no call for its locks. The program `flock` has: it is handed the open file, takes
 * the lock and ends. Such a lock belongs to the open file, not to a process: it stays with ours.
 */
function lock(fd: number): Promise<void> {
  return new Promise((resolve, reject) => {
    // In a group of its own, so that an interrupt at the terminal does not end it; and without any variable, which may be secret.
    const program = spawn("flock", ["-x", "3"], {
      cwd: "/",
      detached: true,
      env: { PATH: SEARCHED },
      stdio: ["ignore", "ignore", "pipe", fd],
    });
    let said = "";
    program.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      program.kill("SIGKILL");
    }, LOCK_PATIENCE_MS);
    program.once("error", (error) => {
      clearTimeout(timer);
      reject(noProgram(error));
    });
    program.once("close", (code) => {
      clearTimeout(timer);
      if (code === 0) resolve();
      else reject(isLate ? heldTooLong() : noLocks(said.trim() || `flock ended with ${code}`));
    });
  });
}

const noProgram = ({ code, message }: NodeJS.ErrnoException): Error =>
  new Error(
    `the program flock, which locks it against other processes, cannot be run (${code ?? message}): install util-linux, or busybox`,
  );

const noLocks = (said: string): Error =>
  new Error(`it cannot be locked against other processes: ${said}; choose a place on another file system`);
