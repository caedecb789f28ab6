/** Where an import puts its text, so that the program of any form has it. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { refuseCompiled } from "../../../../provider/src/importing/compiled.js";
import { findPlace, putInPlace } from "../../../../provider/src/importing/place.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "place-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(files: Record<string, string>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

const TS_COMMONJS = { language: "typescript", modules: "commonjs", kind: "module" };

describe("the place of a program's text", () => {
  test.each<[string, Record<string, string>, string | undefined, string, string, object]>([
    [
      "TypeScript",
      { "index.ts": "" },
      undefined,
      "eventBridgeSources.ts",
      'import "./eventBridgeSources";',
      TS_COMMONJS,
    ],
    [
      "TypeScript as ES modules",
      { "index.ts": "", "package.json": '{"type":"module"}' },
      undefined,
      "eventBridgeSources.ts",
      'import "./eventBridgeSources.js";',
      { ...TS_COMMONJS, modules: "esm" },
    ],
    [
      "JavaScript",
      { "index.js": "" },
      undefined,
      "eventBridgeSources.js",
      'require("./eventBridgeSources.js");',
      { ...TS_COMMONJS, language: "javascript" },
    ],
    [
      "an .mjs file",
      { "index.mjs": "" },
      undefined,
      "eventBridgeSources.mjs",
      'import "./eventBridgeSources.mjs";',
      { language: "javascript", modules: "esm", kind: "module" },
    ],
    [
      "a folder of its own, with a file of another name",
      { "infra/package.json": '{"main":"src/main.ts"}', "infra/src/main.ts": "" },
      "infra",
      "infra/src/eventBridgeSources.ts",
      'import "./eventBridgeSources";',
      TS_COMMONJS,
    ],
    [
      "a file that the project names",
      { "app/entry.ts": "", "index.js": "" },
      "app/entry.ts",
      "app/eventBridgeSources.ts",
      'import "./eventBridgeSources";',
      TS_COMMONJS,
    ],
    [
      "a file that the project names without its ending",
      { "src/entry.ts": "", "index.js": "" },
      "src/entry",
      "src/eventBridgeSources.ts",
      'import "./eventBridgeSources";',
      TS_COMMONJS,
    ],
    [
      "a file that package.json names without its ending",
      { "package.json": '{"main":"./src/entry"}', "src/entry.mts": "", "index.js": "" },
      undefined,
      "src/eventBridgeSources.mts",
      'import "./eventBridgeSources.mjs";',
      { ...TS_COMMONJS, modules: "esm" },
    ],
    [
      "a folder below a package.json that says what its modules are",
      { "package.json": '{"type":"module","main":"src/entry"}', "src/entry.ts": "" },
      undefined,
      "src/eventBridgeSources.ts",
      'import "./eventBridgeSources.js";',
      { ...TS_COMMONJS, modules: "esm" },
    ],
    [
      "a folder that package.json names",
      { "package.json": '{"main":"infra"}', "infra/index.ts": "", "index.js": "" },
      undefined,
      "infra/eventBridgeSources.ts",
      'import "./eventBridgeSources";',
      TS_COMMONJS,
    ],
    [
      "a folder that package.json names, beside a file of that name",
      { "package.json": '{"main":"infra"}', "infra/index.ts": "", "infra.js": "" },
      undefined,
      "eventBridgeSources.js",
      'require("./eventBridgeSources.js");',
      { ...TS_COMMONJS, language: "javascript" },
    ],
    [
      "JavaScript whose syntax says that it is an ES module",
      { "index.js": '// head\nimport a from "a";\n', "package.json": "{}" },
      undefined,
      "eventBridgeSources.js",
      'import "./eventBridgeSources.js";',
      { ...TS_COMMONJS, language: "javascript", modules: "esm" },
    ],
    [
      "JavaScript that exports as an ES module does",
      { "index.js": "const a = 1;\nexport { a };\n" },
      undefined,
      "eventBridgeSources.js",
      'import "./eventBridgeSources.js";',
      { ...TS_COMMONJS, language: "javascript", modules: "esm" },
    ],
    [
      "JavaScript of which only a comment has such syntax, or an import that is called",
      { "index.js": '/*\nimport a from "a";\n*/\nimport("a");\nexports.a = 1;\n' },
      undefined,
      "eventBridgeSources.js",
      'require("./eventBridgeSources.js");',
      { ...TS_COMMONJS, language: "javascript" },
    ],
    [
      "JavaScript that package.json says is CommonJS",
      { "index.js": 'import a from "a";\n', "package.json": '{"type":"commonjs"}' },
      undefined,
      "eventBridgeSources.js",
      'require("./eventBridgeSources.js");',
      { ...TS_COMMONJS, language: "javascript" },
    ],
    [
      "a project that has imported before",
      { "index.ts": "", "eventBridgeSources.ts": "", "eventBridgeSources2.ts": "" },
      undefined,
      "eventBridgeSources3.ts",
      'import "./eventBridgeSources3";',
      TS_COMMONJS,
    ],
  ])("beside a program in %s", async (_, files, main, file, line, form) => {
    write(files);
    const place = await findPlace(folder, main, undefined, "eventBridgeSources");
    expect(relative(folder, place.file)).toBe(file);
    expect(place.importedBy?.line).toBe(line);
    expect(place.form).toEqual(form);
  });

  test.each<[Record<string, string>, "javascript" | undefined, string, object]>([
    [{}, undefined, "index.ts", { language: "typescript", modules: "commonjs", kind: "program" }],
    [
      { "package.json": '{"type":"module","main":"missing.js"}' },
      "javascript",
      "index.js",
      { language: "javascript", modules: "esm", kind: "program" },
    ],
  ])("without a program (%j, %s) is the program itself", async (files, language, file, form) => {
    write(files);
    const place = await findPlace(folder, undefined, language, "eventBridgeSources");
    expect(relative(folder, place.file)).toBe(file);
    expect(place.importedBy).toBeUndefined();
    expect(place.form).toEqual(form);
  });

  test("of another language than the program's is none", async () => {
    write({ "index.js": "" });
    await expect(findPlace(folder, undefined, "typescript", "eventBridgeSources")).rejects.toThrow(
      /the program here is written in JavaScript \(.*index\.js\): leave the language out/,
    );
  });
});

describe("a program that a compiler writes", () => {
  const CONFIG =
    '{\n  // What is written goes\n  "compilerOptions": { "outDir": "./bin", /* "outDir": "." */ },\n}';

  test.each<[string, Record<string, string>, string, string]>([
    [
      "in the outDir of the tsconfig.json above it",
      { "tsconfig.json": CONFIG, "index.ts": "", "bin/index.js": "" },
      "bin",
      "it lies in the outDir of ",
    ],
    [
      "beside its source",
      { "tsconfig.json": "{}", "index.ts": "", "index.js": "" },
      "index.js",
      "index.ts beside it",
    ],
  ])("%s is refused", async (_, files, main, why) => {
    write(files);
    const place = await findPlace(folder, main, undefined, "eventBridge");
    await expect(refuseCompiled(place)).rejects.toThrow(why);
    await expect(refuseCompiled(place)).rejects.toThrow(
      /is what the TypeScript compiler writes .* without --run/,
    );
  });

  test.each<[string, Record<string, string>, string | undefined]>([
    ["the source", { "tsconfig.json": CONFIG, "index.ts": "", "bin/index.js": "" }, undefined],
    ["elsewhere", { "tsconfig.json": CONFIG, "binary/index.js": "" }, "binary"],
    [
      "by hand where outDir is all",
      { "tsconfig.json": '{"compilerOptions":{"outDir":"."}}', "index.js": "" },
      undefined,
    ],
    ["where nothing says an outDir", { "tsconfig.json": "{}", "index.js": "" }, undefined],
    ["no program yet", { "tsconfig.json": CONFIG }, undefined],
  ])("%s is none", async (_, files, main) => {
    write(files);
    await refuseCompiled(await findPlace(folder, main, undefined, "eventBridge"));
  });
});

describe("put in place", () => {
  test.each([
    [
      "index.ts",
      '// head\nimport a from "a";\nnew a();\n',
      '// head\nimport "./eventBridgeSources";\nimport a from "a";\nnew a();\n',
    ],
    ["index.ts", "console.log(1);\n", 'import "./eventBridgeSources";\n\nconsole.log(1);\n'],
    [
      "index.js",
      '"use strict";\nconst { a } = require("a");\n',
      '"use strict";\nrequire("./eventBridgeSources.js");\nconst { a } = require("a");\n',
    ],
    ["index.js", '"use strict";\n', '"use strict";\n\nrequire("./eventBridgeSources.js");\n'],
    [
      "index.ts",
      '/*\nimport a from "old";\n*/\nimport a from "a";\n',
      '/*\nimport a from "old";\n*/\nimport "./eventBridgeSources";\nimport a from "a";\n',
    ],
    [
      "index.ts",
      'const text = `\nimport a \x24{f("`")} // \n`;\nimport a from "a";\n',
      'const text = `\nimport a \x24{f("`")} // \n`;\nimport "./eventBridgeSources";\nimport a from "a";\n',
    ],
    [
      "index.ts",
      'const all = ["/*", \'//"\', "\\"/*"];\nimport a from "a";\n',
      'const all = ["/*", \'//"\', "\\"/*"];\nimport "./eventBridgeSources";\nimport a from "a";\n',
    ],
    [
      "index.ts",
      '/* import "old" */\nnew a();\n',
      'import "./eventBridgeSources";\n\n/* import "old" */\nnew a();\n',
    ],
    [
      "index.js",
      '/*\nconst a = require("old");\n*/\nconst b = require("b");\n',
      '/*\nconst a = require("old");\n*/\nrequire("./eventBridgeSources.js");\nconst b = require("b");\n',
    ],
  ])("%s with %j imports it, and is as it was when that is taken back", async (name, before, after) => {
    write({ [name]: before });
    const takeBack = await putInPlace(
      await findPlace(folder, undefined, undefined, "eventBridgeSources"),
      "text",
    );
    const module = `eventBridgeSources${name.slice(-3)}`;
    expect(readFileSync(join(folder, name), "utf8")).toBe(after);
    expect(readFileSync(join(folder, module), "utf8")).toBe("text");
    expect(await takeBack()).toBe("the program is as it was");
    expect(readdirSync(folder)).toEqual([name]);
    expect(readFileSync(join(folder, name), "utf8")).toBe(before);
  });

  test("a program of its own goes again when it is taken back", async () => {
    const takeBack = await putInPlace(
      await findPlace(folder, undefined, undefined, "eventBridgeSources"),
      "text",
    );
    expect(readdirSync(folder)).toEqual(["index.ts"]);
    await takeBack();
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each([
    [
      "index.ts",
      'import a from "a";\nnew a();\n',
      (text: string) => `// note\r\n${text.replaceAll("\n", "\r\n")}new b();\r\n`,
      '// note\r\nimport a from "a";\r\nnew a();\r\nnew b();\r\n',
    ],
    ["index.js", "a();", (text: string) => `${text}b();`, "a();\n\nb();"],
  ])(
    "what was written to %s meanwhile stays when the import is taken back",
    async (name, before, edit, after) => {
      write({ [name]: before });
      const takeBack = await putInPlace(
        await findPlace(folder, undefined, undefined, "eventBridgeSources"),
        "text",
      );
      write({ [name]: edit(readFileSync(join(folder, name), "utf8")) });
      expect(await takeBack()).toBe("the program is as it was");
      expect(readFileSync(join(folder, name), "utf8")).toBe(after);
      expect(readdirSync(folder)).toEqual([name]);
    },
  );

  test.each<[string, string | undefined]>([
    ["has another line instead", 'import * as events from "./eventBridgeSources";\n'],
    ["is gone", undefined],
  ])("a program that %s is left, and that is said", async (_, after) => {
    write({ "index.ts": "new a();\n" });
    const takeBack = await putInPlace(
      await findPlace(folder, undefined, undefined, "eventBridgeSources"),
      "text",
    );
    const entry = join(folder, "index.ts");
    rmSync(entry);
    if (after !== undefined) write({ "index.ts": after });
    expect(await takeBack()).toBe(
      `${entry} has no line import "./eventBridgeSources"; any more and was left: see that nothing imports ${join(folder, "eventBridgeSources.ts")}, which is gone`,
    );
    expect(readdirSync(folder)).toEqual(after === undefined ? [] : ["index.ts"]);
    if (after !== undefined) expect(readFileSync(entry, "utf8")).toBe(after);
  });

  test("of two that begin at once one is refused, and nothing of the other is overwritten", async () => {
    write({ "index.ts": "new a();\n" });
    const find = () => findPlace(folder, undefined, undefined, "eventBridgeSources");
    const [first, second] = [await find(), await find()];
    await putInPlace(first, "first");
    const entry = readFileSync(join(folder, "index.ts"), "utf8");
    await expect(putInPlace(second, "second")).rejects.toThrow(
      `${second.file}: it is there by now. Another import may be under way: begin this one again`,
    );
    expect(readFileSync(second.file, "utf8")).toBe("first");
    expect(readFileSync(join(folder, "index.ts"), "utf8")).toBe(entry);
  });
});
