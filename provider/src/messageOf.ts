/** What an error says, whatever was thrown: anything can be, and asking it must not throw again. */
export function messageOf(error: unknown): string {
  try {
    const message: unknown = error instanceof Error ? error.message : error;
    return typeof message === "string" ? message : String(message);
  } catch {
    return "something was thrown that cannot be put into words";
  }
}
