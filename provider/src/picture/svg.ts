/** A picture as an SVG file of its own: it loads nothing, runs nothing, and follows the reader's light or dark scheme. */
import { LONGEST } from "../limits.js";
import { printable } from "../printable.js";
import type { Change } from "./flow.js";
import { layoutOf, type PlacedBox, type PlacedLine, SIZES } from "./layout.js";
import type { Group, Picture } from "./picture.js";

const STYLE = `
  svg { color-scheme: light dark; --ground: #ffffff; --ink: #1f2328; --soft: #59636e; --edge: #8c959f;
    --from: #ddf4ff; --object: #f6f8fa; --to: #fbefff;
    --added: #1a7f37; --changed: #9a6700; --replaced: #8250df; --removed: #cf222e; }
  @media (prefers-color-scheme: dark) {
    svg { --ground: #0d1117; --ink: #e6edf3; --soft: #9198a1; --edge: #6e7681;
      --from: #0c2d4a; --object: #1c2128; --to: #2e1a47;
      --added: #3fb950; --changed: #d29922; --replaced: #a371f7; --removed: #f85149; } }
  .ground { fill: var(--ground); }
  text { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; font-size: 12px; fill: var(--ink); text-anchor: middle; }
  .title { font-size: 14px; font-weight: 600; text-anchor: start; }
  .small { font-size: 10px; fill: var(--soft); }
  .box { stroke: var(--edge); }
  .from { fill: var(--from); } .to { fill: var(--to); } .object, .rest { fill: var(--object); }
  .rest { stroke-dasharray: 2 3; }
  .line { fill: none; stroke: var(--edge); }
  .behind { fill: var(--ground); }
  marker path { fill: var(--edge); }
${(["added", "changed", "replaced", "removed"] as const)
  .map(
    (change) =>
      `  .box.${change}, .line.${change} { stroke: var(--${change}); stroke-width: 2; } #to-${change} path { fill: var(--${change}); }`,
  )
  .join("\n")}
  .removed { stroke-dasharray: 6 4; }
`;

/** A file that shows nothing would pass for a broken one. */
const NOTHING: Group = {
  boxes: [{ id: "none", shape: "rest", label: "nothing", change: "same" }],
  lines: [],
};

/** The text of the file. */
export function svg(picture: Picture): string {
  const { groups } = picture;
  const { width, height, boxes, lines } = layoutOf(
    groups.length > 0 ? picture : { ...picture, groups: [NOTHING] },
  );
  const { margin, title } = SIZES;
  const changes = [...new Set(lines.map(({ change }) => change))];
  const wide = Math.max(width, 2 * margin + picture.title.length * 8.5);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${wide} ${height}" width="${wide}" height="${height}" role="img">`,
    `<title>${escaped(picture.title)}</title>`,
    `<style>${STYLE}</style>`,
    `<defs>${changes.map(marker).join("")}</defs>`,
    `<rect class="ground" width="${wide}" height="${height}"/>`,
    `<text class="title" x="${margin}" y="${title - margin / 2}">${escaped(picture.title)}</text>`,
    ...lines.map(lineText),
    ...lines.map(wordsText),
    ...boxes.map(boxText),
    "</svg>",
    "",
  ].join("\n");
}

const marker = (change: Change): string =>
  `<marker id="to-${change}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0 8 4 0 8Z"/></marker>`;

function boxText({ shape, change, words, small, x, y, width, height, label, detail }: PlacedBox): string {
  const radius = shape === "from" ? height / 2 : 4;
  const place = `x="${at(x - width / 2)}" y="${at(y - height / 2)}" width="${at(width)}" height="${at(height)}"`;
  const up = small === undefined ? 0 : SIZES.line / 2;
  const whole = [label, detail]
    .filter((each) => each !== undefined)
    .map((each) => printable(each, LONGEST.shown));
  return [
    `<g><title>${escaped(whole.join("\n"))}</title><rect class="box ${shape} ${change}" rx="${radius}" ${place}/>`,
    `<text x="${at(x)}" y="${at(y - up + 4)}">${escaped(words)}</text>`,
    small === undefined
      ? ""
      : `<text class="small" x="${at(x)}" y="${at(y + up + 3)}">${escaped(small)}</text>`,
    "</g>",
  ].join("");
}

const lineText = ({ points, change }: PlacedLine): string =>
  `<path class="line ${change}" marker-end="url(#to-${change})" d="${curve(points)}"/>`;

function wordsText({ words }: PlacedLine): string {
  if (words === undefined) return "";
  const { text, x, y, width } = words;
  return `<rect class="behind" x="${at(x - width / 2)}" y="${at(y - 7)}" width="${at(width)}" height="14"/><text class="small" x="${at(x)}" y="${at(y + 3)}">${escaped(text)}</text>`;
}

/** A smooth line through the middles between the points, level at both ends. */
function curve(points: readonly { x: number; y: number }[]): string {
  const [first, ...others] = points;
  if (first === undefined) return "";
  let path = `M${at(first.x)} ${at(first.y)}`;
  let before = first;
  for (const point of others) {
    const middle = at((before.x + point.x) / 2);
    path += `C${middle} ${at(before.y)} ${middle} ${at(point.y)} ${at(point.x)} ${at(point.y)}`;
    before = point;
  }
  return path;
}

const at = (value: number): number => Math.round(value * 10) / 10;

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** XML knows no controls and no halves of pairs, in whatever form. */
const escaped = (text: string): string =>
  text
    .replaceAll(/[^\P{Cc}\n]|[\p{Cs}\ufffe\uffff]/gu, "\ufffd")
    .replaceAll(/[&<>"]/g, (sign) => ESCAPES[sign] as string);
