/** The code of a program, told from what only looks like it. */

/** A comment, a text, a regular expression, or what else there is up to the next of them. */
const IN_CODE =
  /\/\/.*|\/\*[\s\S]*?(?:\*\/|$)|(["'])(?:\\[\s\S]|(?!\1)[^\\\n])*\1?|(?<=(?:^|[=(,:;!&|?{}[>]|\breturn)\s*)\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^\\/\n[])+\/|[^"'`/{}]+|[\s\S]/y;

/** The text of a template, up to its end or to the code in it. */
const IN_TEMPLATE = /(?:\\[\s\S]|(?!\$\{)[^\\`])*(?:`|\$\{|$|\\$)/y;

/**
 * A program with blanks in the place of its comments, regular expressions and texts, which keep their quotes. Templates
 * are blank with all that is in them. Whatever stays has the position that it had.
 */
export function codeAlone(program: string): string {
  let code = "";
  const open: Open[] = [];
  while (code.length < program.length) {
    const isText = open.at(-1) === "`";
    const isBlank = open.includes("`");
    const pattern = isText ? IN_TEMPLATE : IN_CODE;
    pattern.lastIndex = code.length;
    const part = pattern.exec(program)?.[0] || program.slice(code.length);
    follow(open, part, isText);
    code += isBlank || part === "`" ? blank(part) : shown(part);
  }
  return code;
}

/** What is open at a place: braces, and templates, which may have code with braces in them. */
type Open = "{" | "`";

function follow(open: Open[], part: string, isText: boolean): void {
  if (isText ? part.endsWith("`") : part === "}") open.pop();
  else if (isText) open.push("{");
  else if (part === "`" || part === "{") open.push(part);
}

const blank = (part: string): string => " ".repeat(part.length);

function shown(part: string): string {
  if (part.startsWith("/") && part.length > 1) return blank(part);
  return /^["']/.test(part) ? part.replaceAll(/[^"']/g, " ") : part;
}
