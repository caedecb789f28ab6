/** The text of a program that declares what was imported. */
import type { NamesById } from "../lifecycle/inPrograms.js";
import type { Properties } from "../lifecycle/inputs.js";
import type { Kind } from "../lifecycle/kind.js";
import type { NamedImport } from "./importFile.js";
import { Code, constant, type Literal, literal, quoted, WIDTH } from "./literal.js";
import type { Naming } from "./names.js";
import { byLetters } from "./order.js";

/** How a program is written. */
export interface ProgramForm {
  language: "typescript" | "javascript";
  /** How it imports other modules: TypeScript always with `import`. */
  modules: "esm" | "commonjs";
  /**
   * `program`: to be run by Pulumi, for which exports are the outputs of a stack. `module`: to be imported by another
   * file, which finds every resource under its own name.
   */
  kind: "program" | "module";
}

/** The objects that resources refer to. */
export interface References {
  /** What they are called in the organisation, by what they are, such as `target`. */
  names: Readonly<Record<string, NamesById>>;
  /** Whether the program looks up what one alone is called so; otherwise it has the ids. */
  areLookedUp: boolean;
}

const PACKAGE = "pulumi-genesyscloud-eventbridge";
const KEEP = "keepWebhookUrl";

/** The text of a program that declares these as they are. No secret is in it. */
export function programText(
  imports: readonly NamedImport[],
  { names, areLookedUp }: References,
  naming: Naming,
  form: ProgramForm,
): string {
  const usesImport = form.language === "typescript" || form.modules === "esm";
  const kinds = [...new Set(imports.map(({ kind }) => kind))];
  const classes = kinds.map(({ inPrograms }) => inPrograms.className).toSorted();
  const taken = new Set([...classes, ...Object.values(lookUpsOf(kinds)), KEEP]);
  const lookUps = areLookedUp ? lookUpsOf(kinds) : {};
  const words = [...new Set(kinds.flatMap(({ inPrograms }) => Object.values(inPrograms.shared)))];
  const declaredWords = words.map((word) =>
    declaredOf(valuesFor(word, imports), {
      lookUp: lookUps[word],
      names: names[word],
      identifier: (id) => naming.identifier(called(id, names[word]?.get(id), word), word, taken),
    }),
  );
  const constants = new Map(words.map((word, index) => [word, declaredWords[index]?.identifiers ?? NONE]));
  const functions = words.flatMap((word, index) =>
    declaredWords[index]?.isAnyLookedUp ? (lookUps[word] ?? []) : [],
  );
  const keeps = imports.some(({ keepsWebhookUrl }) => keepsWebhookUrl) ? [KEEPS_WEBHOOK_URLS] : [];
  const declarations = imports.map((each) => {
    const { kind, resource } = each;
    const exported = () => naming.identifier(resource, kind.noun, taken);
    const start =
      form.kind === "program"
        ? ""
        : usesImport
          ? `export const ${exported()} = `
          : `exports.${exported()} = `;
    return declaration(start, each, argsLiteral(each, constants));
  });
  return `${[importOf([...classes, ...functions].toSorted(byLetters), usesImport), ...declaredWords.map(({ lines }) => lines), ...keeps, ...declarations].filter((part) => part !== "").join("\n\n")}\n`;
}

/** The statement that imports these classes, a line each where they do not fit into one. */
function importOf(classes: readonly string[], usesImport: boolean): string {
  const statement = (names: string) =>
    usesImport ? `import ${names} from "${PACKAGE}";` : `const ${names} = require("${PACKAGE}");`;
  const inOneLine = statement(`{ ${classes.join(", ")} }`);
  if (inOneLine.length <= WIDTH) return inOneLine;
  return statement(`{\n${classes.map((name) => `  ${name},\n`).join("")}}`);
}

const KEEPS_WEBHOOK_URLS = `// These resources have webhook addresses of their own. They are secrets: the stack's
// state keeps them. To keep one in code, put it into the stack's configuration, set
// webhookUrl to that, and take the option away.
const ${KEEP} = { ignoreChanges: ["webhookUrl"] };`;

/** What stands for a word in the arguments of all, in the order of its use. */
const valuesFor = (word: string, imports: readonly NamedImport[]): string[] =>
  imports.flatMap(({ kind, args }) => {
    const values: string[] = [];
    mapShared(kind, args, (each, value) => {
      if (each === word) values.push(value);
      return value;
    });
    return values;
  });

/** What a program declares of the values of a word. */
interface Declared {
  /** By the value. */
  identifiers: ReadonlyMap<string, string>;
  lines: string;
  isAnyLookedUp: boolean;
}

const NONE: ReadonlyMap<string, string> = new Map();

/** A constant for each value that is looked up or stands more than once, in the order of their first use. */
function declaredOf(
  values: readonly string[],
  {
    lookUp,
    names,
    identifier,
  }: { lookUp: string | undefined; names: NamesById | undefined; identifier(value: string): string },
): Declared {
  const unique = lookUp === undefined ? NONE : uniqueNames(names);
  const uses = new Map<string, number>();
  for (const value of values) uses.set(value, (uses.get(value) ?? 0) + 1);
  const chosen = [...uses].filter(([value, count]) => count > 1 || unique.has(value)).map(([value]) => value);
  const identifiers = new Map(chosen.map((value) => [value, identifier(value)]));
  const lines = [...identifiers].map(([value, name]) => {
    const words = unique.get(value);
    return words === undefined ? constant(name, value) : lookedUp(name, String(lookUp), words);
  });
  return { identifiers, lines: lines.join("\n"), isAnyLookedUp: chosen.some((value) => unique.has(value)) };
}

const lookUpsOf = (kinds: readonly Kind[]): Readonly<Record<string, string>> =>
  Object.assign({}, ...kinds.map(({ inPrograms }) => inPrograms.lookUps));

/** The names that one object alone has, by its id: by another name a program would find nothing, or two. */
function uniqueNames(names: NamesById = new Map()): NamesById {
  const counts = new Map<string, number>();
  for (const name of names.values()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return new Map([...names].filter(([, name]) => counts.get(name) === 1));
}

/** `const name = lookUp({ name: "words" }).id;`, over several lines where it does not fit into one. */
function lookedUp(name: string, lookUp: string, words: string): string {
  const before = `const ${name} = ${lookUp}(`;
  return `${before}${literal({ name: words }, 0, before.length + ").id;".length)}).id;`;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The words that a constant is named after: the name that people know, or else the id, shortened if it says nothing. */
function called(id: string, name: string | undefined, kind: string): string {
  if (name !== undefined) return name.toLowerCase().includes(kind) ? name : `${name} ${kind}`;
  return UUID.test(id) ? `${kind} ${id.slice(0, 8)}` : id;
}

const argsLiteral = ({ kind, args }: NamedImport, constants: Map<string, ReadonlyMap<string, string>>) =>
  mapShared(kind, args, (word, value) => {
    const name = constants.get(word)?.get(value);
    return name === undefined ? value : new Code(name);
  });

/** The arguments, with something in the place of each value that several objects can have in common. */
function mapShared(
  { inPrograms: { shared } }: Kind,
  args: Properties,
  instead: (word: string, value: string) => Literal,
): Literal {
  const walk = (value: unknown, key = ""): Literal => {
    if (Array.isArray(value)) return value.map((each) => walk(each));
    if (typeof value === "object" && value !== null)
      return Object.fromEntries(Object.entries(value).map(([each, inner]) => [each, walk(inner, each)]));
    const word = Object.hasOwn(shared, key) ? shared[key] : undefined;
    return word === undefined || typeof value !== "string" ? (value as Literal) : instead(word, value);
  };
  return walk(args);
}

/** `start` and the call that makes the resource. */
function declaration(start: string, { kind, resource, keepsWebhookUrl }: NamedImport, args: Literal): string {
  const call = `${start}new ${kind.inPrograms.className}(`;
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
