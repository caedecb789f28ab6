/**
 * Looks for what was edited by hand since the last update of the stack `PULUMI_STACK`, changes nothing, and writes
 * `ci-report/drift.md` and, in one word, `ci-report/drift.txt`. The exit code is 1 where something has drifted, or where
 * it could not be looked at.
 */
import "./parts/plainErrors.mjs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { changesIn, messagesIn, previewIn } from "./parts/changes.mjs";
import { block, code } from "./parts/markdown.mjs";
import { describe, FOLDER, stackName, writeReport } from "./parts/report.mjs";
import { pulumi } from "./parts/run.mjs";

const WHAT_TO_DO =
  "`pulumi up --refresh` brings back what the program says. To keep an edit, write it into the program first.";

const stack = stackName();
const ran = await pulumi(["refresh", "--preview-only", "--json"]);
const preview = previewIn(ran.stdout);
const isSeen = ran.code === 0 && preview !== undefined;
const hasDrifted = isSeen && changesIn(preview).length > 0;
await writeReport("drift", [
  `### Drift of ${code(stack)}`,
  ...(isSeen
    ? await describe(preview, { verb: "by hand since the last update", none: "Nothing has drifted." })
    : ["**It could not be looked at.**", block(said())]),
  ...(hasDrifted ? [WHAT_TO_DO] : []),
]);
await writeFile(join(FOLDER, "drift.txt"), isSeen ? (hasDrifted ? "drifted" : "clean") : "unknown");
process.exitCode = isSeen && !hasDrifted ? 0 : 1;

function said() {
  const errors = preview ? messagesIn(preview, "error") : [];
  return errors.join("\n\n") || ran.output || "pulumi said nothing";
}
