/**
 * `npm run typecheck`: the types of everything that `tsconfig.json` names, and of every program that the documentation
 * shows. In one go, since Pulumi's types take longer than all of ours.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { PAGES, root } from "./pages.mjs";

/** What nobody minds in a program that shows one thing: something that is declared and not used. */
const UNUSED = [6133, 6192, 6196];

const config = ts.getParsedCommandLineOfConfigFile(
  join(root, "tsconfig.json"),
  {},
  {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
      throw new Error(ts.flattenDiagnosticMessageText(messageText, "\n"));
    },
  },
);
if (config === undefined) throw new Error("there is no tsconfig.json");
const shown = programsOfPages();
const host = ts.createCompilerHost(config.options);
const { fileExists, readFile } = host;
host.fileExists = (/** @type {string} */ name) => shown.has(name) || fileExists.call(host, name);
host.readFile = (/** @type {string} */ name) => shown.get(name)?.text ?? readFile.call(host, name);
const program = ts.createProgram([...config.fileNames, ...shown.keys()], config.options, host);

const wrong = ts
  .getPreEmitDiagnostics(program)
  .filter(({ file, code }) => !(file && shown.has(file.fileName) && UNUSED.includes(code)));
for (const { place } of new Set(
  wrong.map(({ file }) => shown.get(file?.fileName ?? "")).filter((each) => !!each),
))
  console.error(`${place} does not compile:`);
if (wrong.length > 0)
  console.error(
    ts.formatDiagnosticsWithColorAndContext(wrong, {
      getCanonicalFileName: (name) => name,
      getCurrentDirectory: () => root,
      getNewLine: () => "\n",
    }),
  );
console.log(
  `${config.fileNames.length} files and ${shown.size} programs of the documentation: ${wrong.length} errors`,
);
process.exitCode = wrong.length > 0 ? 1 : 0;

/**
 * By the names under which they are compiled: as examples, which find the package as users do. What is a part of an
 * example needs no second look.
 */
function programsOfPages() {
  const squeeze = (/** @type {string} */ text) => text.replaceAll(/\s+/g, " ").trim();
  const examples = readdirSync(join(root, "examples"))
    .map((name) => join(root, "examples", name, "index.ts"))
    .filter(existsSync)
    .map((file) => squeeze(readFileSync(file, "utf8")));
  const forUsers = PAGES.filter(({ path }) => path === "README.md" || path.startsWith("docs/"));
  const blocks = forUsers.flatMap(({ code }) => code).filter(({ language }) => language === "ts");
  const alone = blocks.filter(({ text }) => !examples.some((example) => example.includes(squeeze(text))));
  return new Map(
    alone.map((block, index) => [join(root, "examples", "quickstart", `shown-${index}.ts`), block]),
  );
}
