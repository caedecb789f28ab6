/** `import`: brings what exists into a stack and its program. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { CompiledError, refuseCompiled } from "../importing/compiled.js";
import { gather } from "../importing/gather.js";
import { importFile, type NamedImport } from "../importing/importFile.js";
import { pluralsOf } from "../importing/kindWords.js";
import { loadNaming, type Naming } from "../importing/names.js";
import { findPlace, type Place, WrongLanguageError } from "../importing/place.js";
import { programText } from "../importing/programText.js";
import { KINDS } from "../kinds.js";
import { beginOn, type Kind, type KindStep } from "../lifecycle/kind.js";
import { inQuotes } from "../printable.js";
import type { Settings } from "../settings.js";
import { ORGANIZATION_TIMEOUT } from "../waits.js";
import { commandContext } from "./context.js";
import { CommandError } from "./failure.js";
import { checkManaged } from "./importCheck.js";
import { deliver, leave } from "./importDelivery.js";
import { findAll } from "./importFinding.js";
import { importInto } from "./importInto.js";
import { checkInto, collect, type ImportOptions, LANGUAGES, stackOf, whatIsWanted } from "./importOptions.js";
import { print, printJson, printTable, remark } from "./output.js";
import { folderOfProject, pulumiVersion, readProject, readStack, tooOldToImport } from "./pulumiCli.js";
import { stackSettings } from "./stackConfiguration.js";

/** `import` */
export function importCommand(program: Command): void {
  program
    .command("import")
    .description(`bring ${pluralsOf(KINDS)} that exist into a stack and its program, changing none of them`)
    .addOption(
      new Option("--kind <kind>", "only these (default: every kind that the organisation offers)").choices(
        KINDS.map(({ noun }) => noun),
      ),
    )
    .option("--id <id>", "the one with this id, or with --into <resource>=<id>; may be repeated", collect)
    .option("--name <name>", "the one of this name, or those that match a pattern; may be repeated", collect)
    .option("--all", "all that the organisation has")
    .option("--out <file>", "where the file for pulumi import goes (default: import.json)")
    .option("--force", "overwrite that file")
    .addOption(
      new Option(
        "--code [language]",
        "write the program's text, too; without a language in that of the project's program",
      ).choices(LANGUAGES),
    )
    .option(
      "--ids",
      "with --code: the program has the ids of topics and targets, and looks none up by its name",
    )
    .option("--run", "import at once; with --code, the text becomes part of the project's program")
    .option("--check", "import nothing: list what no stack has, and exit 1 where there is any")
    .option("--into <file>", "complete this file of pulumi preview --import-file, in its place")
    .option(
      "--preview <file>",
      'with --into: what "pulumi preview --json" has printed already ("-": standard input)',
    )
    .option("--leave-out", "with --into: take out of the file what is not there, or in the stack already")
    .option(
      "--stack <name>",
      "the stack that is to keep them (default: the selected one); with --check it may be repeated",
      collect,
    )
    .option("--json", "for programs")
    .addHelpText("after", EXAMPLES)
    .action(importObjects);
}

const EXAMPLES = `
What is in the stack already is left out. Patterns are those of a shell: * ? [ab] {a,b}.

The file bears addresses of webhooks in clear: delete it once it is imported. A stack deletes what
its program does not have: put the program's text in place before the next "pulumi up".

Examples:
  $ genesyscloud-eventbridge import --all --code --run
  $ genesyscloud-eventbridge import --name 'vip-*' --code > imported.ts
  $ pulumi import --file import.json --yes --generate-code=false --protect=false
  $ genesyscloud-eventbridge import --id 4dcad15d-9b0a-43b6-a927-32d4a00734de --code javascript
  $ genesyscloud-eventbridge import --all --check --stack voice-prod --stack chat-prod
  $ pulumi preview --import-file import.json && genesyscloud-eventbridge import --into import.json`;

async function importObjects(options: ImportOptions, command: Command): Promise<void> {
  checkInto(options, command);
  const { into } = options;
  if (into !== undefined) return importInto({ ...options, into }, ORGANIZATION_TIMEOUT);
  const wanted = whatIsWanted(options, command);
  const project = await readProject();
  const whose = stackOf(options);
  if (options.check) {
    const steps = beginOnKinds(options, await stackSettings(whose));
    return checkManaged(wanted, steps, { stacks: options.stack ?? [], json: options.json === true });
  }
  const tooOld = tooOldToImport(await pulumiVersion());
  if (tooOld !== undefined) throw new CommandError(tooOld);
  const out = outFile(options);
  // What does not go together is said before anything is asked for.
  await placeFor(options, project.main, KINDS);
  const stack = await readStack(whose);
  const settings = await stackSettings(whose);
  const steps = beginOnKinds(options, settings);

  const { objects } = await findAll(wanted, steps, "end, or --kind");
  const naming = await loadNaming();
  const destination = { project: project.name, stack: stack.name, resources: stack.resources };
  const { imports, skipped, leftOut } = await gather(objects, destination, naming, steps);
  sayWhatIsNot({ skipped, leftOut });

  const any = imports.length > 0;
  const imported = KINDS.filter((each) => imports.some(({ kind }) => kind === each));
  const place = any ? await placeFor(options, project.main, imported) : undefined;
  const text = place && (await textFor(imports, place, { naming, steps, areLookedUp: !options.ids }));
  const where = { options, place, out, auditLog: settings.auditLog.file };
  const goesOn = any ? await handOver(imports, text, where) : undefined;

  if (options.json) printJson(forPrograms({ imports, skipped, leftOut }, where), { program: text ?? null });
  else show(imports, options.run ? undefined : text);
  if (goesOn !== undefined) remark(goesOn);
}

/** The kinds that are meant, each with its own time for a whole organisation. */
function beginOnKinds({ kind: noun }: ImportOptions, settings: Settings): KindStep[] {
  const context = commandContext(settings);
  const kinds = KINDS.filter((each) => noun === undefined || each.noun === noun);
  return kinds.map((kind) => beginOn(kind, context, ORGANIZATION_TIMEOUT));
}

/** What `--json` tells, but for the program. */
function forPrograms(
  { imports, skipped, leftOut }: Gathered,
  { options: { run = false }, place, out }: Where,
): object {
  const any = imports.length > 0;
  const ofKind = (wanted: Kind) =>
    imports
      .filter(({ kind }) => kind === wanted)
      .map(({ resource, id, args }) => ({ resource, name: args.name, id }));
  return {
    ...Object.fromEntries(KINDS.map((kind) => [`${kind.noun}s`, ofKind(kind)])),
    skipped: skipped.map(byNoun),
    leftOut: leftOut.map(byNoun),
    imported: any && run,
    file: any ? (out ?? null) : null,
    programFile: any && run && place ? place.file : null,
  };
}

/** For programs: the kind by its word. */
const byNoun = <Each extends { kind: Kind }>({ kind, ...rest }: Each) => ({ kind: kind.noun, ...rest });

/** Shows the program's text, or without one what is imported. */
function show(imports: readonly NamedImport[], text: string | undefined): void {
  if (imports.length === 0) print("nothing to import");
  else if (text !== undefined) process.stdout.write(text);
  else
    printTable(
      ["RESOURCE", "KIND", "NAME", "ID"],
      imports.map(({ kind, resource, args, id }) => [resource, kind.noun, inQuotes(String(args.name)), id]),
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
  const content = importFile(imports);
  const stack = stackOf(options);
  if (!options.run) return leave({ imports, content, stack }, out as string);
  const program = place && text !== undefined ? { place, text } : undefined;
  const project = folderOfProject();
  return deliver({ imports, content, out, program, project, auditLog, stack });
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
async function placeFor(
  { code, run }: ImportOptions,
  main: string | undefined,
  kinds: readonly Kind[],
): Promise<Place | undefined> {
  if (code === undefined) return undefined;
  const language = code === true ? undefined : code;
  const moduleName = kinds.length === 1 ? `eventBridge${capitalised(pluralsOf(kinds))}` : "eventBridge";
  const find = (given: typeof language) => findPlace(folderOfProject(), main, given, moduleName);
  try {
    if (run) {
      const place = await find(language);
      await refuseCompiled(place);
      return place;
    }
    const { form, file } = await find(undefined);
    return { file, form: { ...form, language: language ?? form.language, kind: "program" } };
  } catch (error) {
    const isRefused = error instanceof WrongLanguageError || error instanceof CompiledError;
    throw isRefused ? new CommandError(error.message) : error;
  }
}

const capitalised = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

/** The program's text. Names are asked for where they stand in it. */
async function textFor(
  imports: readonly NamedImport[],
  { form }: Place,
  { naming, steps, areLookedUp }: { naming: Naming; steps: readonly KindStep[]; areLookedUp: boolean },
): Promise<string> {
  // One alone has no constants to be named, unless it looks something up.
  const least = areLookedUp ? 1 : 2;
  const names = await Promise.all(
    steps
      .filter(({ kind }) => imports.filter((each) => each.kind === kind).length >= least)
      .map(({ kind, context, budget }) => kind.inPrograms.namesOf?.(context.client, budget)),
  );
  return programText(imports, { names: Object.assign({}, ...names), areLookedUp }, naming, form);
}
