/** Whoever follows a link of the documentation gets somewhere, and every page is found from its first one. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { PAGES, root } from "../../../scripts/pages.mjs";

const docs = PAGES.filter(({ path }) => path.startsWith("docs/"));

describe.each(PAGES.map((page) => ({ ...page })))("$path", ({ path, anchors, links }) => {
  const inside = links.filter((link) => !/^[a-z]+:/.test(link));

  test("links to files and headings that are there", () => {
    expect(inside.filter((link) => !leadsSomewhere(path, anchors, link))).toEqual([]);
  });

  test("links to other sites by https", () => {
    const outside = links.filter((link) => !inside.includes(link) && !link.startsWith("mailto:"));
    expect(outside.filter((link) => !link.startsWith("https://") || !URL.canParse(link))).toEqual([]);
  });
});

function leadsSomewhere(from: string, ownAnchors: Set<string>, link: string): boolean {
  const [file = "", anchor] = link.split("#");
  const target = file === "" ? from : join(dirname(from), decodeURI(file));
  if (!existsSync(join(root, target))) return false;
  if (anchor === undefined) return true;
  const anchors = file === "" ? ownAnchors : PAGES.find(({ path }) => path === target)?.anchors;
  return anchors?.has(anchor) ?? false;
}

test.each(["docs/_index.md", "llms.txt"])("%s leads to every page of docs", (from) => {
  const start = PAGES.find(({ path }) => path === from);
  const linked = start?.links.map((link) => join(dirname(from), link.split("#")[0] ?? ""));
  expect(docs.map(({ path }) => path).filter((path) => path !== from && !linked?.includes(path))).toEqual([]);
});

test.each(docs)("$path says of itself what the registry asks for", ({ frontMatter }) => {
  expect(parse(frontMatter ?? "")).toEqual({
    title: expect.stringContaining("EventBridge"),
    meta_desc: expect.stringMatching(/.{40}/),
    layout: "package",
  });
});
