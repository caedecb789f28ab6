// Takes the lock of an audit log and keeps it until it is killed: `lockHolder.mjs <log>`.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { whileLocked } = require("../../../provider/dist/hooks/audit/fileLock.js");
const { headFile } = require("../../../provider/dist/hooks/audit/headFile.js");

await whileLocked(headFile(String(process.argv[2])), () => {
  console.log("locked");
  return new Promise(() => setInterval(() => {}, 60_000));
});
