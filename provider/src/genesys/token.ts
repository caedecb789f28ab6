/** Logs in, once for all that ask at the same time, and renews the token before it ends. */
import { RENEW_BEFORE_MS, SHORT_LIFE_MS } from "../waits.js";
import { GenesysError, NOT_SENT, type RequestName } from "./errors.js";
import type { Credentials } from "./options.js";
import type { StepBudget } from "./retry.js";
import { Shared, type SharedWork } from "./shared.js";

/** The access token of a process: one login however many ask at once, renewed before it ends. */
export interface TokenKeeper {
  /**
   * Resolves with the number of the token in use, logging in when there is none or it is about to end.
   *
   * @param request what it is for; an error names it when the login takes longer than the budget.
   */
  ensure(budget: StepBudget, request: RequestName): Promise<number>;
  /** The platform took the token of that number. */
  taken(number: number): void;
  /**
   * The platform refused the token of that number.
   *
   * @returns whether another is worth a try: one that never was good will not get better by a login.
   */
  refused(number: number): boolean;
  /** Whether a token that ended can be followed by another. */
  readonly renewable: boolean;
}

/** How a token comes to be used. */
export interface TokenSource {
  /** Logs in, with repetitions. @returns how long the token lives from then on, in milliseconds. */
  login(id: string, secret: string, shared: SharedWork): Promise<number>;
  /** Hands over a token that needs no login. */
  use(token: string): void;
}

export function createTokenKeeper(
  credentials: Credentials,
  source: TokenSource,
  elapsed: () => number,
): TokenKeeper {
  if ("accessToken" in credentials) {
    source.use(credentials.accessToken);
    return { renewable: false, ensure: async () => 1, taken: () => {}, refused: () => false };
  }
  let current: { number: number; renewAt: number } | undefined;
  /** Credentials that were refused are wrong for everybody and for good: nobody tries them again. */
  let refusal: unknown;
  let logins = 0;
  let lastGood = 0;

  const login = new Shared(async (shared) => {
    const begun = elapsed();
    try {
      const rest = await source.login(credentials.clientId, credentials.clientSecret, shared);
      // Where the login does not say how long it is good for, a refusal tells that it is over.
      const life = Number.isFinite(rest) ? elapsed() - begun + rest : Number.POSITIVE_INFINITY;
      logins += 1;
      const renewBefore = life > SHORT_LIFE_MS ? RENEW_BEFORE_MS : life / 2;
      current = { number: logins, renewAt: begun + life - renewBefore };
      return logins;
    } catch (error) {
      if (isFinal(error)) refusal = error;
      throw error;
    }
  }, elapsed);

  return {
    renewable: true,
    ensure: async (budget, request) => {
      if (refusal !== undefined) throw refusal;
      if (current !== undefined && elapsed() < current.renewAt) return current.number;
      return login.wait(budget, () => notLoggedIn(budget, request));
    },
    taken: (number) => {
      lastGood = Math.max(lastGood, number);
    },
    refused: (number) => {
      if (current?.number === number) current = undefined;
      return number <= lastGood;
    },
  };
}

const isFinal = (error: unknown): boolean =>
  error instanceof GenesysError && error.status >= 400 && error.status < 500 && !error.isThrottled;

function notLoggedIn({ signal }: StepBudget, request: RequestName): GenesysError {
  const message = signal.aborted
    ? "the provider was told to stop before the login was over"
    : "the login did not come about before the step had to be over";
  return new GenesysError({ ...request, status: 429, code: NOT_SENT, message });
}
