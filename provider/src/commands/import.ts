import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { sourceApi } from "../eventBridgeSource/api.js";
import { createSourceHandler } from "../eventBridgeSource/kind.js";
import type { WireSource } from "../eventBridgeSource/wire.js";
import { findSources, type Wanted } from "../importing/find.js";
import { gather } from "../importing/gather.js";
import { importFile, type NamedImport } from "../importing/importFile.js";
import { loadNaming, type Naming } from "../importing/names.js";
import { findPlace, type Place, WrongLanguageError } from "../importing/place.js";
import { programText } from "../importing/programText.js";
import { NO_NAMES, readReferenceNames } from "../importing/referenceNames.js";
import { inQuotes } from "../printable.js";
import { beginStep, type Step } from "../step.js";
import { EVENT_BRIDGE_SOURCE_TYPE as TYPE } from "../stub.js";
import { commandContext } from "./context.js";
import { CommandError } from "./failure.js";
import { deliver, leave } from "./importDelivery.js";
import { print, printJson, printTable, progressLine, remark } from "./output.js";
import {
  folderOfProject,
  pulumiVersion,
  readProject,
  readStack,
  type StackOptions,
  tooOldToImport,
} from "./pulumiCli.js";
import { stackSettings } from "./stackConfiguration.js";

/** How long reading the organisation may take: where others use the rate limit up, a thousand sources take minutes. */
const PATIENCE = "1h";
/** Pages of a list between two lines about it, where there is no terminal. */
const PAGES_A_LINE = 10;

const LANGUAGES = ["typescript", "javascript"] as const;

/** `import` */
export function importCommand(program: Command): void {
  program
    .command("import")
    .description("bring sources that exist into a stack and its program, changing none of them")
    .option("--id <id>", "the source with this id; may be repeated", collect)
    .option("--name <name>", "the one of this name, or those that match a pattern; may be repeated", collect)
    .option("--all", "every source of the organisation")
    .option("--out <file>", "where the file for pulumi import goes (default: import.json)")
    .option("--force", "overwrite that file")
    .addOption(
      new Option(
        "--code [language]",
        "write the program's text, too; without a language in that of the project's program",
      ).choices(LANGUAGES),
    )
    .option("--run", "import at once; with --code, the text becomes part of the project's program")
    .option("--stack <name>", "the stack that is to keep them (default: the selected one)")
    .option("--json", "for programs")
    .addHelpText("after", EXAMPLES)
    .action(importSources);
}

const EXAMPLES = `
What is in the stack already is left out. Patterns are those of a shell: * ? [ab] {a,b}.

The file bears addresses of webhooks in clear: delete it once it is imported. A stack deletes what
its program does not have: put the program's text in place before the next "pulumi up".

Examples:
  $ genesyscloud-eventbridge import --all --code --run
  $ genesyscloud-eventbridge import --name 'vip-*' --code > index.ts
  $ pulumi import --file import.json --yes --generate-code=false --protect=false
  $ genesyscloud-eventbridge import --id 4dcad15d-9b0a-43b6-a927-32d4a00734de --code javascript`;

interface ImportOptions extends StackOptions {
  id?: string[];
  name?: string[];
  all?: boolean;
  out?: string;
  force?: boolean;
  /** `true`: without a language. */
  code?: true | (typeof LANGUAGES)[number];
  run?: boolean;
  json?: boolean;
}

const collect = (text: string, before: string[] = []): string[] => [...before, text];

async function importSources(options: ImportOptions, command: Command): Promise<void> {
  const wanted = whatIsWanted(options, command);
  const project = await readProject();
  const tooOld = tooOldToImport(await pulumiVersion());
  if (tooOld !== undefined) throw new CommandError(tooOld);
  const out = outFile(options);
  const place = options.code && (await placeFor(options.code, project.main, options.run));
  const stack = await readStack(options);
  const settings = await stackSettings(options);
  const step = beginStep(commandContext(settings), PATIENCE);

  const sources = await find(wanted, step);
  const naming = await loadNaming();
  const destination = { project: project.name, stack: stack.name, resources: stack.resources };
  const { imports, skipped, leftOut } = await gather(sources, destination, naming, step);
  sayWhatIsNot({ skipped, leftOut });

  const any = imports.length > 0;
  const text = any && place ? await textFor(imports, place, naming, step) : undefined;
  const goesOn = any
    ? await handOver(imports, text, { options, place, out, auditLog: settings.auditLog.file })
    : undefined;

  if (options.json)
    printJson({
      sources: imports.map(({ resource, id, args }) => ({ resource, name: args.name, id })),
      skipped,
      leftOut,
      imported: any && options.run === true,
      file: any ? (out ?? null) : null,
      program: text ?? null,
      programFile: any && options.run && place ? place.file : null,
    });
  else show(imports, options.run ? undefined : text);
  if (goesOn !== undefined) remark(goesOn);
}

/** Shows the program's text, or without one what is imported. */
function show(imports: readonly NamedImport[], text: string | undefined): void {
  if (imports.length === 0) print("nothing to import");
  else if (text !== undefined) process.stdout.write(text);
  else
    printTable(
      ["RESOURCE", "NAME", "ID"],
      imports.map(({ resource, args, id }) => [resource, inQuotes(args.name), id]),
    );
}

type Gathered = Awaited<ReturnType<typeof gather>>;

/** Says what is not imported, and why. */
function sayWhatIsNot({ skipped, leftOut }: Pick<Gathered, "skipped" | "leftOut">): void {
  for (const { name, id, resource } of skipped)
    remark(`skipped: ${inQuotes(name)} (${id}) is in the stack already, as ${inQuotes(resource)}`);
  for (const { name, id, reason } of leftOut) remark(`left out: ${inQuotes(name)} (${id}) ${reason}`);
  if (leftOut.some(({ gone }) => !gone)) process.exitCode = 1;
}

interface Where {
  options: ImportOptions;
  place: Place | undefined;
  out: string | undefined;
  auditLog: string | undefined;
}

/** Imports, or leaves the file to be imported. @returns how it goes on. */
function handOver(
  imports: readonly NamedImport[],
  text: string | undefined,
  { options, place, out, auditLog }: Where,
): Promise<string> {
  const content = importFile(TYPE, imports, createSourceHandler().secrets);
  if (!options.run) return leave(imports, out as string, content);
  const program = place && text !== undefined ? { place, text } : undefined;
  const project = folderOfProject();
  return deliver({ imports, content, out, program, project, auditLog, stack: options });
}

/** Ends with how it is used where it was used in a way that means nothing. */
function whatIsWanted(options: ImportOptions, command: Command): Wanted {
  const { id = [], name = [], all = false, run, out, force } = options;
  const wrong = (message: string) => command.error(`error: ${message}`, { exitCode: 2 });
  if (!all && id.length + name.length === 0) wrong("say which sources: --id, --name or --all");
  if (all && id.length + name.length > 0) wrong("--all means every source: leave --id and --name out");
  if (force && run && out === undefined) wrong("--force is about --out, and there is none");
  return { ids: id, names: name, all };
}

/** Where the file goes; with --run alone it is only on its way. */
function outFile({ out, run, force }: ImportOptions): string | undefined {
  if (out === undefined && run) return undefined;
  const file = resolve(out ?? "import.json");
  if (existsSync(file) && !force)
    throw new CommandError(`${file} exists already: name another with --out, or overwrite it with --force`);
  return file;
}

/** Where the program's text goes; without --run it is printed, as a program of its own. */
async function placeFor(code: true | Place["form"]["language"], main: string | undefined, run = false) {
  const language = code === true ? undefined : code;
  try {
    if (run) return await findPlace(folderOfProject(), main, language);
    const { form, file } = await findPlace(folderOfProject(), main, undefined);
    return { file, form: { ...form, language: language ?? form.language, kind: "program" } } satisfies Place;
  } catch (error) {
    throw error instanceof WrongLanguageError ? new CommandError(error.message) : error;
  }
}

async function find(wanted: Wanted, { context, budget }: Step): Promise<WireSource[]> {
  const progress = progressLine(PAGES_A_LINE);
  const { sources, missing, uncertain } = await findSources(
    sourceApi(context.client, budget),
    wanted,
    (seen, total) => progress.show(`listed ${seen}${total === undefined ? "" : ` of ${total}`} sources`),
  ).finally(progress.done);
  if (missing.length > 0) throw new CommandError(`there is ${missing.join(", and ")}`);
  if (uncertain)
    remark(
      "warning: the list of sources changed each time that it was read: run the same command again for what it may have hidden",
    );
  if (sources.length === 0) remark("the organisation has no sources");
  return sources;
}

async function textFor(
  imports: readonly NamedImport[],
  { form }: Place,
  naming: Naming,
  { context, budget }: Step,
): Promise<string> {
  const names = imports.length > 1 ? await readReferenceNames(context.client, budget) : NO_NAMES;
  return programText(imports, names, naming, form);
}
