// What is said of trouble with the audit log's file, in the system's words or in ours.
import { expect, test } from "vitest";
import { auditLogError } from "../../../../../provider/src/hooks/audit/auditLogError.js";

const systemError = (message: string, syscall: string) => Object.assign(new Error(message), { syscall });

test.each([
  [systemError("ENOSPC: no space left on device, write", "write"), "ENOSPC: no space left on device"],
  [
    systemError("ENOENT: no such file or directory, open '/a, open '/b'", "open"),
    "ENOENT: no such file or directory",
  ],
  [systemError("EXDEV: not permitted, rename '/a' -> '/b'", "rename"), "EXDEV: not permitted"],
  [
    new Error("there are no locks here: install util-linux, busybox"),
    "there are no locks here: install util-linux, busybox",
  ],
])("%s is said without the call, and our own words whole", (error, said) => {
  expect(auditLogError("/log", error).message).toBe(`audit log /log: it cannot be written (${said}).`);
});

// Minutes where the end is looked for again from each of its commas.
test("a text of megabytes is no work", { timeout: 20_000 }, () => {
  const long = ", open '".repeat(300_000);
  expect(auditLogError("/log", systemError(`ENOENT: gone${long}`, "open")).message).toContain(
    "ENOENT: gone)",
  );
  expect(auditLogError("/log", new Error(long)).message.length).toBeGreaterThan(long.length);
});
