import type { ProgramArgs } from "./imported.js";
import type { NamedImport } from "./importFile.js";
import { Code, constant, type Literal, literal, quoted, WIDTH } from "./literal.js";
import type { Naming } from "./names.js";

/** How a program is written. */
export interface ProgramForm {
  language: "typescript" | "javascript";
  /** How it imports other modules: TypeScript always with `import`. */
  modules: "esm" | "commonjs";
  /**
   * `program`: to be run by Pulumi, for which exports are the outputs of a stack. `module`: to be imported by another
   * file, which finds every source under its own name.
   */
  kind: "program" | "module";
}

/** What topics and targets are called in the organisation, by id. */
export interface ReferenceNames {
  topics: ReadonlyMap<string, string>;
  targets: ReadonlyMap<string, string>;
}

const PACKAGE = "pulumi-genesyscloud-eventbridge";
const KEEP = "keepWebhookUrl";

/** The text of a program that declares these sources as they are. No secret is in it. */
export function programText(
  imports: readonly NamedImport[],
  names: ReferenceNames,
  naming: Naming,
  form: ProgramForm,
): string {
  const usesImport = form.language === "typescript" || form.modules === "esm";
  const taken = new Set(["EventBridgeSource", KEEP]);
  const topics = shared(
    imports.map(({ args }) => args.eventTopicId),
    (id) => naming.identifier(called(id, names.topics.get(id), "topic"), "topic", taken),
  );
  const targets = shared(
    imports.flatMap(({ args }) => args.targets.map(({ targetId }) => targetId)),
    (id) => naming.identifier(called(id, names.targets.get(id), "target"), "target", taken),
  );
  const constants = [topics, targets].map((each) =>
    [...each].map(([id, name]) => constant(name, id)).join("\n"),
  );
  const keeps = imports.some(({ keepsWebhookUrl }) => keepsWebhookUrl) ? [KEEPS_WEBHOOK_URLS] : [];
  const declarations = imports.map((each) => {
    const start =
      form.kind === "program"
        ? ""
        : usesImport
          ? `export const ${naming.identifier(each.resource, "source", taken)} = `
          : `exports.${naming.identifier(each.resource, "source", taken)} = `;
    return declaration(start, each, argsLiteral(each.args, { topics, targets }));
  });
  const first = usesImport
    ? `import { EventBridgeSource } from "${PACKAGE}";`
    : `const { EventBridgeSource } = require("${PACKAGE}");`;
  return `${[first, ...constants, ...keeps, ...declarations].filter((part) => part !== "").join("\n\n")}\n`;
}

const KEEPS_WEBHOOK_URLS = `// These sources have webhook addresses of their own. They are secrets: the stack's
// state keeps them. To keep one in code, put it into the stack's configuration, set
// webhookUrl to that, and take the option away.
const ${KEEP} = { ignoreChanges: ["webhookUrl"] };`;

/** Names for the ids that several sources have in common, in the order of their first use. */
function shared(ids: readonly string[], name: (id: string) => string): Map<string, string> {
  const uses = new Map<string, number>();
  for (const id of ids) uses.set(id, (uses.get(id) ?? 0) + 1);
  return new Map([...uses].filter(([, count]) => count > 1).map(([id]) => [id, name(id)]));
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The words that a constant is named after: the name that people know, or else the id, shortened if it says nothing. */
function called(id: string, name: string | undefined, kind: string): string {
  if (name !== undefined) return name.toLowerCase().includes(kind) ? name : `${name} ${kind}`;
  return UUID.test(id) ? `${kind} ${id.slice(0, 8)}` : id;
}

function argsLiteral(
  args: ProgramArgs,
  constants: { topics: ReadonlyMap<string, string>; targets: ReadonlyMap<string, string> },
): Literal {
  const refer = (known: ReadonlyMap<string, string>, id: string): Literal => {
    const name = known.get(id);
    return name === undefined ? id : new Code(name);
  };
  return {
    ...args,
    eventTopicId: refer(constants.topics, args.eventTopicId),
    targets: args.targets.map((target) => ({
      ...target,
      targetId: refer(constants.targets, target.targetId),
    })),
    filters: args.filters?.map((filter) => ({
      ...filter,
      conditions: filter.conditions.map((condition) => ({ ...condition })),
    })),
  };
}

/** `start` and the call that makes the source. */
function declaration(start: string, { resource, keepsWebhookUrl }: NamedImport, args: Literal): string {
  const call = `${start}new EventBridgeSource(`;
  const head = `${call}${quoted(resource)}, {`;
  if (keepsWebhookUrl || head.length > WIDTH)
    return [
      call,
      `  ${quoted(resource)},`,
      `  ${spread(args, 1)},`,
      ...(keepsWebhookUrl ? [`  ${KEEP},`] : []),
      ");",
    ].join("\n");
  return `${call}${quoted(resource)}, ${spread(args, 0)});`;
}

/** Arguments have a line each, however few they are. */
const spread = (args: Literal, depth: number): string => literal(args, depth, WIDTH);
