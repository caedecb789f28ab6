/**
 * Patterns of a shell for names: `*`, `?`, `[ab]`, `[!a-z]`, `{a,b}`, and a backslash before what stands for itself. All
 * ways to match are followed at once, letter by letter: libraries make regular expressions of patterns, and these can take
 * years for a name of 256 letters and a pattern of five stars.
 */

type Test = (letter: string) => boolean;
/** One letter of a name, or a choice of steps to go on with. */
type Step = { test: Test; next: number } | { ways: number[] };

type Token =
  | { kind: "letter"; letter: string }
  | { kind: "one"; test: Test }
  | { kind: "run" }
  | { kind: "open" | "comma" | "close"; letter: string; isBrace?: true };

/** Whether a name is one of those that a pattern means; `undefined` for a text that is no pattern but a name. */
export function patternOf(text: string): ((name: string) => boolean) | undefined {
  const tokens = tokensOf(Array.from(text));
  markBraces(tokens);
  const isPlain = tokens.every((token) => token.kind === "letter" || ("letter" in token && !token.isBrace));
  if (isPlain) return undefined;
  const steps = stepsOf(tokens);
  return (name) => matches(steps, name);
}

const ANY: Test = () => true;

function tokensOf(letters: readonly string[]): Token[] {
  const tokens: Token[] = [];
  const lastClosing = letters.lastIndexOf("]");
  for (let at = 0; at < letters.length; at++) {
    const letter = letters[at] as string;
    if (letter === "\\" && at + 1 < letters.length)
      tokens.push({ kind: "letter", letter: letters[++at] as string });
    else if (letter === "[" && insideOf(letters, at) < lastClosing) {
      const set = setAt(letters, at);
      tokens.push({ kind: "one", test: set.test });
      at = set.end;
    } else tokens.push(tokenOf(letter));
  }
  return tokens;
}

/** What a letter means that stands for itself or is a sign alone. */
function tokenOf(letter: string): Token {
  switch (letter) {
    case "*":
      return { kind: "run" };
    case "?":
      return { kind: "one", test: ANY };
    case "{":
      return { kind: "open", letter };
    case ",":
      return { kind: "comma", letter };
    case "}":
      return { kind: "close", letter };
    default:
      return { kind: "letter", letter };
  }
}

/** `[ab]`, `[a-z]`, `[!a]`; a closing bracket that comes first is one of its letters. */
function setAt(letters: readonly string[], open: number): { test: Test; end: number } {
  const begin = insideOf(letters, open);
  const isNegated = begin > open + 1;
  const closing = letters.indexOf("]", begin + 1);
  const end = closing === -1 ? letters.lastIndexOf("]") : closing;
  const inside = letters.slice(begin, end);
  const single = new Set<string>();
  const ranges: [string, string][] = [];
  for (let at = 0; at < inside.length; at++) {
    const [from, dash, to] = inside.slice(at, at + 3);
    if (dash === "-" && from !== undefined && to !== undefined) {
      ranges.push([from, to]);
      at += 2;
    } else if (from !== undefined) single.add(from);
  }
  const isInside = (letter: string) =>
    single.has(letter) ||
    ranges.some(([from, to]) => order(from) <= order(letter) && order(letter) <= order(to));
  return { test: (letter) => isInside(letter) !== isNegated, end };
}

/** Where the letters of a set begin. */
const insideOf = (letters: readonly string[], open: number): number =>
  open + (letters[open + 1] === "!" || letters[open + 1] === "^" ? 2 : 1);

const order = (letter: string): number => letter.codePointAt(0) ?? 0;

/** Braces mean a choice where they are closed and have a comma; otherwise they are letters. */
function markBraces(tokens: readonly Token[]): void {
  const open: Extract<Token, { isBrace?: true }>[][] = [];
  for (const token of tokens) {
    if (token.kind === "open") open.push([token]);
    if (token.kind === "comma") open.at(-1)?.push(token);
    if (token.kind !== "close") continue;
    const marks = open.pop() ?? [];
    if (marks.length > 1) for (const mark of [...marks, token]) mark.isBrace = true;
  }
}

function stepsOf(tokens: readonly Token[]): Step[] {
  const steps: Step[] = [];
  const groups: Group[] = [];
  for (const token of tokens) {
    const here = steps.length;
    if (token.kind === "run") steps.push({ ways: [here + 1, here + 2] }, { test: ANY, next: here });
    else if (token.kind === "one") steps.push({ test: token.test, next: here + 1 });
    else if (token.kind === "letter" || !token.isBrace)
      steps.push({ test: (letter) => letter === token.letter, next: here + 1 });
    else addSign(token.kind, steps, groups);
  }
  return steps;
}

/** A choice whose closing brace is still to come: where each way begins, and what goes on behind the brace. */
interface Group {
  choice: number[];
  ends: number[][];
}

/** What a sign of a choice does: it opens one, ends a way and begins the next, or lets all ways meet. */
function addSign(kind: "open" | "comma" | "close", steps: Step[], groups: Group[]): void {
  const here = steps.length;
  if (kind === "open") {
    const choice = [here + 1];
    steps.push({ ways: choice });
    groups.push({ choice, ends: [] });
  } else if (kind === "comma") {
    const end: number[] = [];
    const group = groups.at(-1);
    steps.push({ ways: end });
    group?.ends.push(end);
    group?.choice.push(here + 1);
  } else for (const end of groups.pop()?.ends ?? []) end.push(here);
}

function matches(steps: readonly Step[], name: string): boolean {
  let at = reach(steps, [0]);
  for (const letter of name) {
    const next: number[] = [];
    for (const index of at) {
      const step = steps[index];
      if (step !== undefined && "test" in step && step.test(letter)) next.push(step.next);
    }
    if (next.length === 0) return false;
    at = reach(steps, next);
  }
  return at.has(steps.length);
}

/** Every step that can be gone on with, each once. */
function reach(steps: readonly Step[], from: number[]): Set<number> {
  const reached = new Set<number>();
  for (let index = from.pop(); index !== undefined; index = from.pop()) {
    if (reached.has(index)) continue;
    reached.add(index);
    const step = steps[index];
    if (step !== undefined && "ways" in step) for (const way of step.ways) from.push(way);
  }
  return reached;
}
