/**
 * A copy that the engine can take: JSON and nothing else. The engine chokes on `undefined`, functions and
 * bigints after the object was made, and loses it; it stores a Date or Map as `{}`. What cannot be written as JSON is
 * left out: the rest of what is known must not be lost for it.
 */
export function plainObject(value: object): Record<string, unknown> {
  const plain = asJson(value);
  if (typeof plain === "object" && plain !== null) return plain as Record<string, unknown>;
  const each = Object.entries(value).map(([key, one]) => [key, asJson(one)] as const);
  return Object.fromEntries(each.filter(([, one]) => one !== undefined));
}

function asJson(value: unknown): unknown {
  try {
    const text = JSON.stringify(value);
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
