/**
 * Preloaded into a provider's process: keeps beside the project's folder what a power failure would leave of it. A
 * file's content is safe once it was synced, and its name once its folder was; what was only written, made or renamed
 * is not.
 */
const fs = require("node:fs");
const { join } = require("node:path");

/**
 * Tells what is in a file system apart, whatever it is called: an inode's number alone is given again to the next file.
 * @param {import("node:fs").BigIntStats} stats
 */
const keyOf = (stats) => `${stats.isDirectory() ? "folder" : "file"}-${stats.ino}-${stats.birthtimeNs}`;

/** @param {string} path */
function namesIn(path) {
  /** @type {Record<string, string>} */
  const names = {};
  for (const name of fs.readdirSync(path)) {
    const stats = fs.lstatSync(join(path, name), { bigint: true, throwIfNoEntry: false });
    if (stats !== undefined) names[name] = keyOf(stats);
  }
  return names;
}

let looks = 0;
/** @type {Map<string, number>} */
const kept = new Map();

/**
 * What is at a path now, to be kept when it is safe. Of two syncs at once the earlier can be the last to end: it takes
 * nothing back of what the later one has made safe.
 * @param {string} path
 * @param {string} safe
 */
function look(path, safe) {
  const stats = fs.lstatSync(path, { bigint: true });
  const content = stats.isDirectory() ? JSON.stringify(namesIn(path)) : fs.readFileSync(path);
  const file = join(safe, keyOf(stats));
  looks += 1;
  const order = looks;
  return () => {
    if ((kept.get(file) ?? 0) > order) return;
    kept.set(file, order);
    fs.writeFileSync(`${file}.new`, content);
    fs.renameSync(`${file}.new`, file);
  };
}

module.exports = { keyOf, look };

const { DISK_FOLDER: folder, DISK_SAFE: safe } = process.env;
// Only Linux tells which file a descriptor is: elsewhere a power failure is no more than a kill.
if (process.platform === "linux" && folder !== undefined && safe !== undefined) watch(folder, safe);

/** @param {string} folder @param {string} safe */
function watch(folder, safe) {
  /** @param {number} fd */
  const lookAt = (fd) => {
    const path = fs.readlinkSync(`/proc/self/fd/${fd}`);
    return path.startsWith(folder) && fs.existsSync(path) ? look(path, safe) : () => {};
  };
  for (const name of /** @type {const} */ (["fsync", "fdatasync"])) {
    const real = fs[name];
    /** @type {any} */
    const watched = (/** @type {number} */ fd, /** @type {(error: Error | null) => void} */ done) => {
      const keep = lookAt(fd);
      real(fd, (error) => {
        if (error === null) keep();
        done(error);
      });
    };
    fs[name] = watched;
  }
  void fs.promises.open("/dev/null").then(async (handle) => {
    const prototype = Object.getPrototypeOf(handle);
    await handle.close();
    for (const name of ["sync", "datasync"]) {
      const real = prototype[name];
      prototype[name] = async function () {
        const keep = lookAt(this.fd);
        await real.call(this);
        keep();
      };
    }
  });
}
