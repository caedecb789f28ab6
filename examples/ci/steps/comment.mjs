/**
 * Brings a report to where people read it. `preview`: as a comment on the change, the same one at each push. `drift`: as
 * one issue, opened at the first night, commented at each one after it, and closed when nothing differs any more.
 *
 * `--from-fork` says above it that a fork's own code wrote the report.
 */
import "./parts/plainErrors.mjs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { cutTo } from "./parts/markdown.mjs";
import { nextMoves } from "./parts/nextMoves.mjs";
import { platform } from "./parts/platform.mjs";
import { FOLDER, stackName } from "./parts/report.mjs";

const FROM_FORK = "_A fork's own code wrote what follows._";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { "from-fork": { type: "boolean", default: false } },
});
const stack = stackName();
const here = await platform();
const ways = { preview: commentOnChange, drift: keepIssue };
const way = ways[/** @type {keyof typeof ways} */ (positionals[0])];
if (way === undefined) throw new Error(`say which report is meant: ${Object.keys(ways).join(" or ")}`);
await way();

async function commentOnChange() {
  // Nobody sees it, and it tells this comment from all others.
  const mark = `<!-- genesyscloud-eventbridge preview ${stack} -->`;
  const head = values["from-fork"] ? [mark, FROM_FORK] : [mark];
  const body = cutTo([...head, await report("preview")].join("\n\n"), here.limit);
  const before = (await here.comments()).find((each) => each.isOurs && each.body.startsWith(mark));
  if (before === undefined) await here.addComment(body);
  else await here.editComment(before.id, body);
  console.log(before === undefined ? "commented" : "the comment of before was edited");
}

async function keepIssue() {
  const label = `drift-${stack}`;
  const body = cutTo(await report("drift"), here.limit);
  const night = /** @type {import("./parts/nextMoves.mjs").Night} */ (
    await readFile(join(FOLDER, "drift.txt"), "utf8")
  );
  const open = await here.openIssue(label);
  const does = {
    open: () => here.createIssue({ title: `Drift of ${stack}`, body, label }),
    comment: () => here.commentIssue(String(open), body),
    close: () => here.closeIssue(String(open)),
  };
  const moves = nextMoves(night, open !== undefined);
  for (const move of moves) await does[move]();
  console.log(`the issue ${label}: ${moves.join(", ") || "nothing to do"}`);
}

/** @param {string} name */
async function report(name) {
  const file = join(FOLDER, `${name}.md`);
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new Error(`${file} is not there: the step before this one writes it`, { cause });
  }
}
