/**
 * Previews what `pulumi up` would do to the stack `PULUMI_STACK`, and writes `ci-report/preview.md`. The exit code is 1
 * where the preview fails.
 *
 * `--without-secrets` is for a change from a fork: all that can be checked without credentials is.
 */
import "./parts/plainErrors.mjs";
import { parseArgs } from "node:util";
import { messagesIn, previewIn } from "./parts/changes.mjs";
import { block, code } from "./parts/markdown.mjs";
import { describe, list, picture, stackName, writeReport } from "./parts/report.mjs";
import { pulumi } from "./parts/run.mjs";
import { withoutSecrets } from "./parts/withoutSecrets.mjs";

const NOT_CHECKED = [
  "**This change comes from a fork, and its preview had no secrets.**",
  "Checked: the program runs, its types where it is TypeScript, and every argument of its resources.",
  "Not checked: whether topics and targets exist, and what would change in the stack.",
].join(" ");

const { values } = parseArgs({ options: { "without-secrets": { type: "boolean", default: false } } });
const isFork = values["without-secrets"];
const stack = stackName();
const args = ["preview", "--json", "--show-sames"];
const ran = isFork ? await withoutSecrets(stack, (env) => pulumi(args, { env })) : await pulumi(args);
const preview = previewIn(ran.stdout);
await writeReport("preview", [
  `### Preview of ${code(stack)}`,
  ...(isFork ? [NOT_CHECKED] : []),
  ...(ran.code === 0 && preview ? await found(preview) : failed(preview)),
  ...(preview ? [list("Warnings", messagesIn(preview, "warning"))] : []),
]);
process.exitCode = ran.code === 0 ? 0 : 1;

/** @param {import("./parts/changes.mjs").Preview} previewed */
async function found(previewed) {
  if (!isFork) return describe(previewed, { verb: "by this change", none: "Nothing changes." });
  // Without the stack's state everything would seem new: what is drawn is what the program describes.
  const steps = previewed.steps?.map((step) => ({ ...step, op: "same" }));
  return ["**No mistake was found.** What the program describes:", await picture({ ...previewed, steps })];
}

/** @param {import("./parts/changes.mjs").Preview | undefined} previewed */
function failed(previewed) {
  const errors = previewed ? messagesIn(previewed, "error") : [];
  return ["**The preview failed.**", block(errors.join("\n\n") || ran.output || "pulumi said nothing")];
}
