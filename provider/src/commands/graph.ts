/** `graph`: draws where events go. */
import { extname, resolve } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { pluralsOf } from "../importing/kindWords.js";
import { KINDS } from "../kinds.js";
import { beginOn } from "../lifecycle/kind.js";
import { writeTheirs } from "../ownFiles.js";
import { type Flow, sayChanges } from "../picture/flow.js";
import { flowsOfOrganisation } from "../picture/fromOrganisation.js";
import { flowsOfPreview, flowsOfState } from "../picture/fromStack.js";
import { type Picture, pictureOf, wordsFor } from "../picture/picture.js";
import { printableJson } from "../printable.js";
import { ORGANIZATION_TIMEOUT } from "../waits.js";
import { commandContext } from "./context.js";
import { findAll } from "./importFinding.js";
import { printJson, printText, remark } from "./output.js";
import { previewSteps } from "./previewSteps.js";
import { readStack, type StackOptions } from "./pulumiCli.js";
import { stackSettings } from "./stackConfiguration.js";

/** Where flows are read from. */
const ORIGINS = ["state", "preview", "organisation"] as const;
type Origin = (typeof ORIGINS)[number];

const FORMATS = ["mermaid", "svg"] as const;
type Format = (typeof FORMATS)[number];

interface GraphOptions extends StackOptions {
  from?: Origin;
  preview?: string;
  format?: Format;
  limit: number;
  out?: string;
  json?: boolean;
}

/** `graph` */
export function graphCommand(program: Command): void {
  program
    .command("graph")
    .description(`draw where events go: topics, filters, ${pluralsOf(KINDS)}, and what they send to`)
    .addOption(new Option("--from <origin>", "what is drawn (default: state)").choices(ORIGINS))
    .option(
      "--preview <file>",
      'with --from preview: what "pulumi preview --json" has printed already ("-": standard input)',
    )
    .addOption(
      new Option("--format <format>", "default: svg for a file of that ending, or else mermaid").choices(
        FORMATS,
      ),
    )
    .option("--limit <n>", "how many are shown; what changes first, the rest is counted", wholeNumber, 60)
    .option("--out <file>", "where the picture goes, or with --json what is in it (default: standard output)")
    .option("--stack <name>", "the stack that is meant (default: the selected one)")
    .option("--json", "for programs: what is in the picture, all of it")
    .addHelpText("after", EXAMPLES)
    .action(graph);
}

const EXAMPLES = `
A picture bears names and ids of resources, topics, targets and filters, and AWS accounts: no value
that a filter compares with, no address of a webhook, and nothing that is secret in the stack.

Examples:
  $ genesyscloud-eventbridge graph --out events.svg
  $ genesyscloud-eventbridge graph --from preview
  $ pulumi preview --json --show-sames > preview.json
  $ genesyscloud-eventbridge graph --from preview --preview preview.json
  $ genesyscloud-eventbridge graph --from organisation --format svg > organisation.svg`;

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text))
    throw new InvalidArgumentError("It must be a whole number from 1 to 99999.");
  return Number(text);
}

async function graph(options: GraphOptions, command: Command): Promise<void> {
  const { from = options.preview === undefined ? "state" : "preview", out } = options;
  if (options.preview !== undefined && from !== "preview")
    command.error(`error: --preview is about --from preview, not --from ${from}`, { exitCode: 2 });
  if (options.json && options.format !== undefined)
    command.error("error: --format is about a picture, and --json is none: leave one of them out", {
      exitCode: 2,
    });
  const flows = await FLOWS[from](options);
  if (options.json && out === undefined) return printJson({ from, flows });
  const what = flows.length === 0 ? `no ${pluralsOf(KINDS, "and no")}` : wordsFor(flows);
  const changes = sayChanges(flows);
  const title = changes === "" ? what : `${what}: ${changes}`;
  const text = options.json
    ? `${printableJson({ from, flows }, 2)}\n`
    : await drawn((limit) => pictureOf(flows, title, limit), options);
  if (out === undefined) return printText(text);
  await writeTheirs(resolve(out), text);
  remark(`${title}, in ${out}`);
}

const FLOWS: Readonly<Record<Origin, (options: GraphOptions) => Promise<Flow[]>>> = {
  state: async (options) => flowsOfState((await readStack(options)).resources, KINDS),
  preview: async (options) =>
    flowsOfPreview(await previewSteps(options, "there is no preview to draw"), KINDS),
  organisation: async (options) => {
    const context = commandContext(await stackSettings(options));
    const steps = KINDS.map((kind) => beginOn(kind, context, ORGANIZATION_TIMEOUT));
    const { objects } = await findAll({ ids: [], names: [], all: true }, steps, "go on");
    return flowsOfOrganisation(objects, steps);
  },
};

/** Only SVG needs a layout, and what lays it out. */
async function drawn(
  pictureWithin: (limit: number) => Picture,
  { format, out, limit }: GraphOptions,
): Promise<string> {
  const chosen = format ?? (out !== undefined && extname(out) === ".svg" ? "svg" : "mermaid");
  if (chosen === "svg") return (await import("../picture/svg.js")).svg(pictureWithin(limit));
  return (await import("../picture/mermaid.js")).mermaidWithin(pictureWithin, limit);
}
