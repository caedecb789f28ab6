import type { Credentials } from "../settings.js";

/** How long before its end a token is renewed: longer than any single request takes. */
const RENEW_BEFORE_MS = 60_000;

/** The access token of the process: one login however many ask at once, renewed before it ends. */
export interface TokenKeeper {
  /** Resolves with the number of the token in use, logging in when there is none or it is about to end. */
  ensure(): Promise<number>;
  /**
   * The platform refused the token of that number.
   *
   * @returns whether there is, or will be at the next `ensure`, a newer one to try.
   */
  refused(number: number): boolean;
}

/**
 * @param login logs in and tells when the token ends, in milliseconds since the epoch.
 * @param use hands a token that needs no login to the SDK.
 */
export function createTokenKeeper(
  credentials: Credentials,
  sdk: { login: (id: string, secret: string) => Promise<number>; use: (token: string) => void },
  now: () => number,
): TokenKeeper {
  if ("accessToken" in credentials) {
    sdk.use(credentials.accessToken);
    return { ensure: async () => 1, refused: () => false };
  }
  let current: { number: number; endsAt: number } | undefined;
  let login: Promise<number> | undefined;
  let logins = 0;

  const logIn = async (): Promise<number> => {
    try {
      const endsAt = await sdk.login(credentials.clientId, credentials.clientSecret);
      logins += 1;
      current = { number: logins, endsAt };
      return logins;
    } finally {
      login = undefined;
    }
  };

  return {
    ensure: async () => {
      if (current !== undefined && now() < current.endsAt - RENEW_BEFORE_MS) return current.number;
      login ??= logIn();
      return login;
    },
    refused: (number) => {
      if (current?.number === number) current = undefined;
      return true;
    },
  };
}
