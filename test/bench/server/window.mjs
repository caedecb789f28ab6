/** The rate limit as the platform keeps it: calls counted in fixed windows that begin with the first call. */

/**
 * @typedef {object} RateLimit
 * @property {number} allowed calls in a window
 * @property {number} windowSeconds
 */

/** The window of the one token that the bench uses. */
export class Window {
  #endsAt = 0;
  #count = 0;

  /** @param {RateLimit} limit */
  constructor(limit) {
    this.limit = limit;
  }

  /**
   * Counts a call.
   * @returns {{ refused: boolean, headers: Record<string, string> }} the headers are the platform's own
   */
  count() {
    const now = Date.now();
    if (this.#endsAt <= now) {
      this.#endsAt = now + this.limit.windowSeconds * 1_000;
      this.#count = 0;
    }
    this.#count += 1;
    const reset = Math.ceil((this.#endsAt - now) / 1_000);
    const refused = this.#count > this.limit.allowed;
    return {
      refused,
      headers: {
        "inin-ratelimit-count": String(this.#count),
        "inin-ratelimit-allowed": String(this.limit.allowed),
        "inin-ratelimit-reset": String(reset),
        ...(refused && { "retry-after": String(reset) }),
      },
    };
  }
}
