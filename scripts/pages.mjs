/** What users and contributors read, taken apart: the links of each page, its headings' anchors and its blocks of code. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import GithubSlugger from "github-slugger";
import { lexer, walkTokens } from "marked";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * @typedef {object} Block Code as a page shows it.
 * @property {string} place where it stands
 * @property {string} language
 * @property {string} text
 *
 * @typedef {object} Page
 * @property {string} path from the repository's root
 * @property {string | undefined} frontMatter what stands above it for the registry, without its fences
 * @property {Set<string>} anchors what links to it can name behind `#`
 * @property {string[]} links
 * @property {Block[]} code
 */

const docs = readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md"));

/** Every page but those that only tests read. @type {readonly Page[]} */
export const PAGES = [
  ...[
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CODE_OF_CONDUCT.md",
    "sandbox/README.md",
    "llms.txt",
  ],
  ...docs.map((name) => `docs/${name}`),
].map(readPage);

/** @param {string} path @returns {Page} */
function readPage(path) {
  const whole = readFileSync(join(root, path), "utf8");
  const [fenced = "", frontMatter] = /^---\n([\s\S]*?\n)---\n/.exec(whole) ?? [];
  /** @type {Page} */
  const page = { path, frontMatter, anchors: new Set(), links: [], code: [] };
  const slugger = new GithubSlugger();
  walkTokens(lexer(whole.slice(fenced.length)), (token) => {
    if (token.type === "heading") page.anchors.add(slugger.slug(plain(token.tokens ?? [])));
    if (token.type === "link" || token.type === "image") page.links.push(token.href);
    if (token.type === "code")
      page.code.push({
        place: `${path}, block ${page.code.length + 1}`,
        language: token.lang ?? "",
        text: token.text,
      });
  });
  return page;
}

/** The words of a heading, without its marks. @param {import("marked").Token[]} tokens @returns {string} */
function plain(tokens) {
  return tokens
    .map((token) => {
      if ("tokens" in token && token.tokens) return plain(token.tokens);
      return "text" in token ? token.text : "";
    })
    .join("");
}
