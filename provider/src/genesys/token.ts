import { GenesysError } from "./errors.js";
import type { Credentials } from "./options.js";

/** How long before its end a token is renewed: longer than any single request takes. */
const RENEW_BEFORE_MS = 60_000;
/** A token that lives no longer than that is renewed when a half of its life is over. */
const SHORT_LIFE_MS = 2 * RENEW_BEFORE_MS;

/** The access token of a process: one login however many ask at once, renewed before it ends. */
export interface TokenKeeper {
  /** Resolves with the number of the token in use, logging in when there is none or it is about to end. */
  ensure(): Promise<number>;
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

/**
 * @param sdk `login` logs in and tells when the token ends, in milliseconds since the epoch; `use` hands over a
 *   token that needs no login.
 */
export function createTokenKeeper(
  credentials: Credentials,
  sdk: { login: (id: string, secret: string) => Promise<number>; use: (token: string) => void },
  now: () => number,
): TokenKeeper {
  if ("accessToken" in credentials) {
    sdk.use(credentials.accessToken);
    return { renewable: false, ensure: async () => 1, taken: () => {}, refused: () => false };
  }
  let current: { number: number; renewAt: number } | undefined;
  let login: Promise<number> | undefined;
  let logins = 0;
  let lastGood = 0;

  const logIn = async (): Promise<number> => {
    const begun = now();
    const endsAt = await sdk.login(credentials.clientId, credentials.clientSecret);
    const life = endsAt - begun;
    logins += 1;
    current = { number: logins, renewAt: endsAt - (life > SHORT_LIFE_MS ? RENEW_BEFORE_MS : life / 2) };
    return logins;
  };

  return {
    renewable: true,
    ensure: async () => {
      if (current !== undefined && now() < current.renewAt) return current.number;
      login ??= logIn().then(
        (number) => {
          login = undefined;
          return number;
        },
        (error: unknown) => {
          // Credentials that were refused are wrong for everybody and for good: nobody tries them again.
          if (!isFinal(error)) login = undefined;
          throw error;
        },
      );
      return login;
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
