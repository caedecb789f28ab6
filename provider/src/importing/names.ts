/** Longest name, before what makes it unique: what declares a resource still fits in a line then. */
const LONGEST = 40;
/** Characters of a text that a name is made of, at most: what comes behind them is cut off anyway. */
const LOOKED_AT = 4 * LONGEST;

/** Names that mean something in a module already. */
const MEANINGFUL = [
  ...["require", "exports", "module", "pulumi"],
  ...Object.getOwnPropertyNames(globalThis),
  ...Object.getOwnPropertyNames(Object.prototype),
];

/** Makes names out of the organisation's words, each once. */
export interface Naming {
  /**
   * The name of a resource, such as `vip-conversations` for "VIP conversations".
   *
   * @param noun what it is called where the words tell nothing.
   */
  resource(words: string, noun: string, taken: Set<string>): string;
  /**
   * An identifier, such as `vipConversations`.
   *
   * @param kind what it stands for: helps where the words alone are no identifier.
   */
  identifier(words: string, kind: string, taken: Set<string>): string;
}

/** The libraries come as ES modules only, and only `import` needs them. */
export async function loadNaming(): Promise<Naming> {
  const [{ default: anyAscii }, { camelCase, kebabCase }, { default: reservedIdentifiers }] =
    await Promise.all([import("any-ascii"), import("change-case"), import("reserved-identifiers")]);
  const reserved = new Set([...reservedIdentifiers({ includeGlobalProperties: true }), ...MEANINGFUL]);
  const kebab = (words: string) => shortened(kebabCase(anyAscii(words.slice(0, LOOKED_AT))));
  const camel = (words: string) => camelCase(kebab(words), { mergeAmbiguousCharacters: true });
  return {
    resource: (words, noun, taken) => {
      const name = kebab(words) || noun;
      return once(name, taken, (count) => `${name}-${count}`);
    },
    identifier: (words, kind, taken) => {
      const plain = camel(words);
      const name = /^\d|^$/.test(plain)
        ? camel(`${kind} ${words}`)
        : reserved.has(plain)
          ? camel(`${words} ${kind}`)
          : plain;
      return once(name, taken, (count) => `${name}${count}`);
    },
  };
}

/** Cut between two words. */
function shortened(name: string): string {
  if (name.length <= LONGEST) return name;
  const end = name.lastIndexOf("-", LONGEST);
  return name.slice(0, end > 0 ? end : LONGEST);
}

/** How far each name was counted up, by the names that are taken: a thousand of one name are not counted through again. */
const counted = new WeakMap<Set<string>, Map<string, number>>();

function once(name: string, taken: Set<string>, another: (count: number) => string): string {
  const counts = counted.get(taken) ?? new Map<string, number>();
  counted.set(taken, counts);
  let unique = name;
  let count = counts.get(name) ?? 2;
  for (; taken.has(unique); count++) unique = another(count);
  counts.set(name, count);
  taken.add(unique);
  return unique;
}
