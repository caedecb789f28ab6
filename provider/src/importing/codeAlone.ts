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
  // Whatever is open: a brace, or a template, which may have code with braces in it.
  const open: string[] = [];
  while (code.length < program.length) {
    const pattern = open.at(-1) === "`" ? IN_TEMPLATE : IN_CODE;
    const wasInTemplate = open.includes("`");
    pattern.lastIndex = code.length;
    const part = pattern.exec(program)?.[0] || program.slice(code.length);
    if (pattern === IN_TEMPLATE ? part.endsWith("`") : part === "}") open.pop();
    else if (part === "`" || part === "{") open.push(part);
    else if (pattern === IN_TEMPLATE) open.push("{");
    code += wasInTemplate || part === "`" ? blank(part) : shown(part);
  }
  return code;
}

const blank = (part: string): string => " ".repeat(part.length);

function shown(part: string): string {
  if (part.startsWith("/") && part.length > 1) return blank(part);
  return /^["']/.test(part) ? part.replaceAll(/[^"']/g, " ") : part;
}
