/**
 * A copy that the engine can take: JSON and nothing else. The engine chokes on `undefined`, functions and
 * bigints after the object was made, and loses it; it stores a Date or Map as `{}`.
 */
export function plainObject(value: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value));
}
