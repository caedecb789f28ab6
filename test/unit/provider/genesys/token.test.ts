/** When a login is due: never too late, and never once more than needed. */
import { expect, test } from "vitest";
import { GenesysError } from "../../../../provider/src/genesys/errors.js";
import { createTokenKeeper, type TokenKeeper } from "../../../../provider/src/genesys/token.js";
import { budgetOf } from "../support/context.js";

const HOUR = 3_600_000;
const REQUEST = { method: "GET", path: "/x" };
const ensure = (token: TokenKeeper) => token.ensure(budgetOf(HOUR), REQUEST);

function keeper(life = HOUR) {
  const clock = { now: 0 };
  const logins: string[] = [];
  const trouble: Error[] = [];
  const sdk = {
    login: async (id: string, secret: string) => {
      logins.push(`${id}:${secret}`);
      await Promise.resolve();
      const error = trouble.shift();
      if (error !== undefined) throw error;
      return life;
    },
    use: () => {
      throw new Error("no token was given");
    },
  };
  const token = createTokenKeeper({ clientId: "id", clientSecret: "secret" }, sdk, () => clock.now);
  return { token, clock, logins, trouble };
}

test("nobody logs in before a token is needed, and then once for however many ask", async () => {
  const { token, logins } = keeper();
  expect(logins).toEqual([]);
  expect(await Promise.all(Array.from({ length: 50 }, () => ensure(token)))).toEqual(Array(50).fill(1));
  expect(await ensure(token)).toBe(1);
  expect(logins).toEqual(["id:secret"]);
});

test("a token is renewed a minute before its end", async () => {
  const { token, clock, logins } = keeper();
  await ensure(token);
  clock.now = HOUR - 60_001;
  expect(await ensure(token)).toBe(1);
  clock.now = HOUR - 60_000;
  expect(await Promise.all([ensure(token), ensure(token)])).toEqual([2, 2]);
  expect(logins).toHaveLength(2);
});

test("a refused token is renewed once, though everybody who used it complains", async () => {
  const { token, logins } = keeper();
  const number = await ensure(token);
  token.taken(number);
  expect(token.refused(number)).toBe(true);
  expect(token.refused(number)).toBe(true);
  expect(await Promise.all([ensure(token), ensure(token)])).toEqual([2, 2]);
  // A late complaint about the old token must not throw the new one away.
  expect(token.refused(number)).toBe(true);
  expect(await ensure(token)).toBe(2);
  expect(logins).toHaveLength(2);
});

test("a failed login fails all who wait for it, and the next one tries anew", async () => {
  const { token, logins, trouble } = keeper();
  trouble.push(new Error("no"));
  const both = await Promise.allSettled([ensure(token), ensure(token)]);
  expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(logins).toHaveLength(1);
  expect(await ensure(token)).toBe(1);
  expect(logins).toHaveLength(2);
});

test("a token that was never good is not worth another login", async () => {
  const { token } = keeper();
  expect(token.refused(await ensure(token))).toBe(false);
});

test("a token of a short life is renewed half-way, not at every request", async () => {
  const { token, clock, logins } = keeper(30_000);
  await ensure(token);
  clock.now = 14_999;
  await ensure(token);
  expect(logins).toHaveLength(1);
  clock.now = 15_000;
  await ensure(token);
  expect(logins).toHaveLength(2);
});

test("a login that does not say how long it is good for is good until a refusal", async () => {
  const { token, logins } = keeper(Number.NaN);
  expect([await ensure(token), await ensure(token)]).toEqual([1, 1]);
  token.taken(1);
  expect(token.refused(1)).toBe(true);
  expect(await ensure(token)).toBe(2);
  expect(logins).toHaveLength(2);
});

test("wrong credentials are tried once, however often a token is asked for; a throttled login again", async () => {
  const facts = { method: "POST", path: "/oauth/token", code: "x" };
  const wrong = keeper();
  wrong.trouble.push(new GenesysError({ ...facts, status: 400, message: "client not found" }));
  await expect(ensure(wrong.token)).rejects.toThrow("client not found");
  await expect(ensure(wrong.token)).rejects.toThrow("client not found");
  expect(wrong.logins).toHaveLength(1);

  const throttled = keeper();
  throttled.trouble.push(new GenesysError({ ...facts, status: 400, message: "rate limit exceeded" }));
  await expect(ensure(throttled.token)).rejects.toThrow("rate limit exceeded");
  expect(await ensure(throttled.token)).toBe(1);
});

test("a given access token is used as it is, and there is no other to try when it is refused", async () => {
  const used: string[] = [];
  const login = () => Promise.reject(new Error("must not log in"));
  const token = createTokenKeeper(
    { accessToken: "t" },
    { login, use: (given) => void used.push(given) },
    () => 0,
  );
  expect(used).toEqual(["t"]);
  expect(token.refused(await ensure(token))).toBe(false);
});
