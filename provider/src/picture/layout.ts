/** Where everything of a picture goes: each group from left to right, and the groups in columns. In pixels. */
import { graphlib, layout } from "@dagrejs/dagre";
import widthOf from "string-width";
import type { Box, Group, Line, Picture } from "./picture.js";
import { fitting, MARK } from "./words.js";

/** Sizes of letters, and the room around them. */
export const SIZES = {
  /** A column of the monospaced letters of a label. */
  column: 7.3,
  /** One of a detail, or of what stands on a line. */
  smallColumn: 6.1,
  line: 16,
  padding: 10,
  margin: 24,
  title: 40,
} as const;

/** A box with its words and its middle. */
export interface PlacedBox extends Box {
  words: string;
  small?: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A line with the points that it goes through, level at both ends, and the middle of its words. */
export interface PlacedLine extends Line {
  points: { x: number; y: number }[];
  words?: { text: string; x: number; y: number; width: number };
}

export interface Layout {
  width: number;
  height: number;
  boxes: PlacedBox[];
  lines: PlacedLine[];
}

/** Columns of the words on a line. */
const WIDEST_ON_LINE = 40;
/** Columns of groups at the most. */
const MOST_COLUMNS = 4;
/** How much wider than high a picture is at best. */
const BEST_RATIO = 1.5;

/** Places everything. */
export function layoutOf({ groups }: Picture): Layout {
  const placed = groups.map(layoutGroup);
  const counts = Array.from({ length: Math.max(1, Math.min(MOST_COLUMNS, placed.length)) }, (_, n) => n + 1);
  const ratio = ({ width, height }: Layout) => Math.abs(Math.log(width / height / BEST_RATIO));
  const candidates = counts.map((count) => inColumns(placed, count));
  return candidates.reduce((best, each) => (ratio(each) < ratio(best) ? each : best));
}

/** Each group goes to the end of the shortest column. */
function inColumns(groups: readonly Layout[], count: number): Layout {
  const { margin, title } = SIZES;
  const columns = Array.from({ length: count }, () => ({ height: title, groups: [] as Layout[] }));
  for (const group of groups) {
    const shortest = columns.reduce((best, each) => (each.height < best.height ? each : best));
    shortest.groups.push(moved(group, 0, shortest.height));
    shortest.height += group.height + margin;
  }
  let x = margin;
  const all: Layout[] = [];
  for (const column of columns) {
    all.push(...column.groups.map((group) => moved(group, x, 0)));
    x += Math.max(0, ...column.groups.map(({ width }) => width)) + 2 * margin;
  }
  return {
    width: Math.ceil(x - margin),
    height: Math.ceil(Math.max(...columns.map(({ height }) => height)) + margin / 2),
    boxes: all.flatMap(({ boxes }) => boxes),
    lines: all.flatMap(({ lines }) => lines),
  };
}

function moved(group: Layout, dx: number, dy: number): Layout {
  const move = <Point extends { x: number; y: number }>(point: Point): Point => ({
    ...point,
    x: point.x + dx,
    y: point.y + dy,
  });
  return {
    ...group,
    boxes: group.boxes.map(move),
    lines: group.lines.map(({ points, words, ...line }) => ({
      ...line,
      points: points.map(move),
      ...(words === undefined ? {} : { words: move(words) }),
    })),
  };
}

function layoutGroup({ boxes, lines }: Group): Layout {
  const graph = new graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: "LR", nodesep: 12, ranksep: 56, edgesep: 8, marginx: 2, marginy: 2 });
  const sized = withWidths(boxes.map(withSize));
  for (const { id, width, height } of sized) graph.setNode(id, { width, height });
  for (const [index, line] of lines.entries()) {
    const words = line.label === undefined ? undefined : fitting(line.label, WIDEST_ON_LINE);
    const width = words === undefined ? 0 : widthOf(words) * SIZES.smallColumn + 8;
    const label = { width, height: words === undefined ? 0 : SIZES.line, labelpos: "c", words };
    graph.setEdge(line.from, line.to, label, String(index));
  }
  layout(graph);
  const whole = graph.graph();
  const placed = sized.map((box) => {
    const { x = 0, y = 0 } = graph.node(box.id);
    return { ...box, x, y };
  });
  const byId = new Map(placed.map((box) => [box.id, box]));
  const edges = lines.map((line, index) => graph.edge(line.from, line.to, String(index)));
  const widest = Math.max(0, ...edges.map(({ words, width = 0 }) => (words === undefined ? 0 : width)));
  return {
    width: whole.width ?? 0,
    height: whole.height ?? 0,
    boxes: placed,
    lines: lines.map((line, index) => {
      const { x = 0, y = 0, width = 0, words, points } = edges[index] as (typeof edges)[number];
      const [start, end] = [line.from, line.to].map((id) => byId.get(id) as PlacedBox) as [
        PlacedBox,
        PlacedBox,
      ];
      const ends = {
        start: { x: start.x + start.width / 2, y: start.y },
        end: { x: end.x - end.width / 2, y: end.y },
      };
      const middle =
        widest > 0 && start.shape === "from" ? points?.[Math.floor(points.length / 2)] : undefined;
      return {
        ...line,
        points: [ends.start, ...(middle === undefined ? [] : level(middle, widest)), ends.end],
        ...(words === undefined ? {} : { words: { text: words, x, y, width } }),
      };
    }),
  };
}

/** Where some lines bear words, every line goes straight past them. */
const level = ({ x, y }: { x: number; y: number }, width: number) => [
  { x: x - width / 2, y },
  { x: x + width / 2, y },
];

/** Boxes that stand above each other are of one width. */
function withWidths(boxes: readonly PlacedBox[]): PlacedBox[] {
  const column = ({ shape }: Box) => (shape === "rest" ? "object" : shape);
  const widest = (box: Box) =>
    Math.max(...boxes.filter((each) => column(each) === column(box)).map(({ width }) => width));
  return boxes.map((box) => ({ ...box, width: widest(box) }));
}

function withSize(box: Box): PlacedBox {
  const words = MARK[box.change] + fitting(box.label);
  const small = box.detail === undefined ? undefined : fitting(box.detail);
  const { column, smallColumn, line, padding } = SIZES;
  const width = Math.max(widthOf(words) * column, widthOf(small ?? "") * smallColumn) + 2 * padding;
  const height = line * (small === undefined ? 1 : 2) + padding;
  return { ...box, words, ...(small === undefined ? {} : { small }), x: 0, y: 0, width, height };
}
