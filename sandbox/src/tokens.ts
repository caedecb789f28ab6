/** Access tokens: issued, known and revoked. */
import { createHash, randomBytes } from "node:crypto";
import type { State } from "./model.js";

/** Issues and knows access tokens; the state keeps their hashes only. */
export class Tokens {
  constructor(
    private readonly state: () => State,
    private readonly now: () => number,
  ) {}

  issue(expiresIn: number): string {
    const token = randomBytes(32).toString("base64url");
    const state = this.state();
    const living = state.tokens.filter(({ expires_at }) => expires_at > this.now());
    state.tokens = [...living, { hash: hashOf(token), expires_at: this.now() + expiresIn * 1000 }];
    return token;
  }

  isValid(hash: string): boolean {
    return this.state().tokens.some((token) => token.hash === hash && token.expires_at > this.now());
  }

  revokeAll(): number {
    return this.state().tokens.splice(0).length;
  }
}

/** The hash of the bearer token in an Authorization header, or null. */
export function bearerHash(authorization: string | undefined): string | null {
  const token = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
  return token === undefined ? null : hashOf(token);
}

function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
