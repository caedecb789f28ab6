/**
 * Brings the stack `PULUMI_STACK` to what the program says, and writes `ci-report/up.md`. What the provider needs is
 * looked at first: where something is missing nothing is changed. The exit code is 1 where anything fails.
 */
import "./parts/plainErrors.mjs";
import { block, code } from "./parts/markdown.mjs";
import { stackName, writeReport } from "./parts/report.mjs";
import { eventbridge, pulumi } from "./parts/run.mjs";

/** Lines of the end of what a command printed. */
const LINES = 40;

const stack = stackName();
const looked = await eventbridge(["doctor"], { isShown: true });
const ran =
  looked.code === 0
    ? await pulumi(["up", "--yes", "--skip-preview", "--suppress-progress", "--color", "never"], {
        isShown: true,
      })
    : looked;
const outcome = [
  [looked.code !== 0, "**Nothing was changed:** `doctor` found something that is wrong."],
  [ran.code !== 0, "**The update failed.**"],
  [true, "**Updated.**"],
].find(([is]) => is);
await writeReport("up", [
  `### Update of ${code(stack)}`,
  String(outcome?.[1]),
  block(ran.output.trimEnd().split("\n").slice(-LINES).join("\n")),
]);
process.exitCode = ran.code === 0 ? 0 : 1;
