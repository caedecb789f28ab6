/** What this package keeps in the project's folder, beside its records: the journal, and what imports need for a while. */
import { resolve } from "node:path";
import { importLine } from "../importing/importLine.js";
import { findCutShort } from "../importing/trace.js";
import { journalFolders } from "../journalFolder.js";
import type { Settings } from "../settings.js";
import { about, type Finding } from "./finding.js";
import { unwritable } from "./writable.js";

/** Whether what a killed run had made can be remembered. @param folder the project's. */
export async function checkJournal({ auditLog }: Settings, folder: string): Promise<Finding> {
  const journal = about("journal");
  const reasons: string[] = [];
  for (const { path } of journalFolders(folder, auditLog.file)) {
    const reason = await unwritable(path);
    if (reason === undefined)
      return journal.ok(
        reasons.length === 0 ? path : `${path}, since the project's folder cannot be written: ${reasons}`,
      );
    reasons.push(reason);
  }
  return journal.warning(
    `it cannot be written (${reasons.join("; ")}): what a killed run had made under a name that the program chose the next one may not know. Make ${resolve(folder)} writable, or set genesyscloud:auditLog to a file elsewhere, which the journal then follows`,
  );
}

/** Whether imports have left something that only helps while they run. @param folder the project's. */
export async function checkImports({ auditLog }: Settings, folder: string): Promise<Finding[]> {
  const imports = about("imports");
  const left = await findCutShort(folder, auditLog.file);
  if (left.length === 0) return [imports.ok("none was cut short")];
  return left.map(({ folder: place, file, program, stack }) => {
    const parts = [
      ...(file === undefined ? [] : [`${file}, with addresses of webhooks in clear`]),
      ...(program === undefined ? [] : [sayProgram(program)]),
    ];
    const ways = [
      ...(file === undefined ? [] : [`go on with "${importLine(file, stack)}"`]),
      ...(program === undefined ? [] : ["take that out of the program, if the stack has none of it"]),
    ];
    return imports.warning(
      `one that is under way, or was cut short, has left ${parts.join(", and ")}: ${ways.join(", or ")}; then delete ${place}`,
    );
  });
}

function sayProgram({ file, importedBy }: { file: string; importedBy?: { entry: string } }): string {
  return importedBy === undefined ? `the program ${file}` : `${file}, which ${importedBy.entry} may import`;
}
