/**
 * A picture as a Mermaid flowchart, which GitHub and GitLab draw in a comment. It sets no colour but of lines
 * that change, in tones that stand out from a light ground and a dark one.
 */
import type { Change } from "./flow.js";
import type { Box, Line, Picture } from "./picture.js";
import { fitting, MARK } from "./words.js";

/** How each shape stands around its label. */
const SHAPES: Readonly<Record<Box["shape"], [string, string]>> = {
  from: ["([", "])"],
  object: ["[", "]"],
  rest: ["[[", "]]"],
  to: ["[(", ")]"],
};

const STYLES: Readonly<Record<Exclude<Change, "same">, string>> = {
  added: "stroke:#2da44e,stroke-width:3px",
  changed: "stroke:#bf8700,stroke-width:3px",
  replaced: "stroke:#8250df,stroke-width:3px",
  removed: "stroke:#cf222e,stroke-width:3px,stroke-dasharray:6 4",
};

/** As many lines as Mermaid draws, and characters that it reads, where it is used as it comes. */
const MOST_LINES = 500;
const LONGEST_TEXT = 50_000;

/**
 * The text of a flowchart that Mermaid draws: where a picture is too large for that, of one that shows fewer.
 *
 * @param pictureWithin makes the picture that shows so many at the most.
 */
export function mermaidWithin(pictureWithin: (limit: number) => Picture, limit: number): string {
  // Each that is shown has a line at least.
  const most = Math.min(limit, MOST_LINES);
  const picture = pictureWithin(most);
  const text = mermaid(picture);
  const lines = picture.groups.flatMap((group) => group.lines).length;
  const isDrawn = lines <= MOST_LINES && text.length <= LONGEST_TEXT;
  return isDrawn || most === 1 ? text : mermaidWithin(pictureWithin, Math.ceil(most * 0.8) - 1 || 1);
}

/** The text of the flowchart, without a fence around it. */
function mermaid({ title, groups }: Picture): string {
  const boxes = groups.flatMap((group) => group.boxes);
  const lines = groups.flatMap((group) => group.lines);
  const changing = <Each extends { change: Change }>(all: readonly Each[], change: Change) =>
    all.map((each, index) => ({ each, index })).filter(({ each }) => each.change === change);
  const styles = Object.entries(STYLES).flatMap(([change, style]) => {
    const those = changing(boxes, change as Change).map(({ each }) => each.id);
    const links = changing(lines, change as Change).map(({ index }) => index);
    return [
      ...(those.length === 0
        ? []
        : [`  classDef ${change} ${style}`, `  class ${those.join(",")} ${change}`]),
      ...(links.length === 0 ? [] : [`  linkStyle ${links.join(",")} ${style}`]),
    ];
  });
  const whole = [
    "flowchart LR",
    `  accTitle: ${asTitle(title)}`,
    ...(boxes.length === 0 ? [`  empty[${quoted("nothing")}]`] : []),
    ...boxes.map(boxText),
    ...lines.map(lineText),
    ...styles,
  ];
  return `${whole.join("\n")}\n`;
}

function boxText({ id, shape, label, detail, change }: Box): string {
  const [open, close] = SHAPES[shape];
  const words = [MARK[change] + fitting(label), ...(detail === undefined ? [] : [fitting(detail)])];
  return `  ${id}${open}${quoted(...words)}${close}`;
}

function lineText({ from, to, label, change }: Line): string {
  const arrow = change === "removed" ? "-.->" : "-->";
  return `  ${from} ${arrow}${label === undefined ? "" : `|${quoted(fitting(label))}|`} ${to}`;
}

/** A label of one or more lines. Whatever could mean something to Mermaid, to Markdown or in HTML stands as its number. */
const quoted = (...lines: string[]): string => `"${lines.map(asNumbers).join("<br/>")}"`;

const asNumbers = (text: string): string =>
  // Between two of them it would set a formula.
  text.replaceAll("$$", "$ $").replaceAll(/[^\p{L}\p{N} ]/gu, (sign) => `#${sign.codePointAt(0)};`);

/** One line of words that nothing has to be written out in. */
const asTitle = (text: string): string => text.replaceAll(/[^\p{L}\p{N} ,:]/gu, " ");
