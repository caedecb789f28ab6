/** Lists, and how a value and its place are called in messages, whoever wrote them: a program or the platform. */
import type { z } from "zod";

/** `filters[0].conditions[2].operator` */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((before, step) => {
    if (typeof step === "number") return `${before}[${step}]`;
    if (!/^[\w$-]+$/.test(String(step))) return `${before}[${JSON.stringify(String(step))}]`;
    return before === "" ? String(step) : `${before}.${String(step)}`;
  }, "");
}

/** `a list`, `an object`: what a value is, and not which. */
export function kindOf(value: unknown): string {
  if (value === "") return "an empty string";
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/**
 * A list's items, each read by a schema. It stops where there is enough to complain of: the library's own lists go on, and
 * with some hundred thousand complaints they end in an error of the language.
 */
export function eachOf<Item extends z.ZodType>(
  list: readonly unknown[],
  item: Item,
  context: { issues: z.core.$ZodRawIssue[] },
  { most, error }: { most: number; error?: z.core.$ZodErrorMap },
): z.output<Item>[] {
  const items: z.output<Item>[] = [];
  for (let index = 0; index < list.length && context.issues.length < most; index++) {
    const result = item.safeParse(list[index], { error });
    if (result.success) items.push(result.data);
    else
      for (const issue of result.error.issues)
        context.issues.push({ ...issue, path: [index, ...issue.path], input: list } as z.core.$ZodRawIssue);
  }
  return items;
}
