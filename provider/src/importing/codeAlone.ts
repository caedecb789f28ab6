/** The code of a program, told from what only looks like it. */
import jsTokens from "js-tokens";

/** What is no code, whatever it looks like. */
const NO_CODE = new Set([
  ...["SingleLineComment", "MultiLineComment", "HashbangComment"],
  ...["RegularExpressionLiteral", "NoSubstitutionTemplate"],
]);

/**
 * A program with blanks in the place of its comments, regular expressions and texts, which keep their quotes. Templates
 * are blank with all that is in them. Whatever stays has the position that it had.
 */
export function codeAlone(program: string): string {
  let code = "";
  let templates = 0;
  for (const { type, value } of jsTokens(program)) {
    if (type === "TemplateHead") templates += 1;
    if (templates > 0 || NO_CODE.has(type)) code += " ".repeat(value.length);
    else code += type === "StringLiteral" ? value.replaceAll(/[^"']/g, " ") : value;
    if (type === "TemplateTail") templates -= 1;
  }
  return code;
}
