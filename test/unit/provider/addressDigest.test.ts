/** Hashes of webhook addresses: what they tell, and what they do not. */
import { expect, test } from "vitest";
import { digestOfAddress, isDigest, isSameAddress, NO_ADDRESS } from "../../../provider/src/addressDigest.js";

const [A, B] = ["https://a.example/planted-key", "https://b.example"];
const hash = (address: string, salt = "stack") => digestOfAddress(address, salt);

test.each<[string | undefined, string | undefined, boolean]>([
  [A, A, true],
  [A, B, false],
  [A, undefined, false],
  [undefined, undefined, true],
  [hash(A), A, true],
  [A, hash(A), true],
  [hash(A), B, false],
  [hash(A), hash(A), true],
  [hash(A), hash(B), false],
  [hash(A), hash(A, "another stack"), false],
  [hash(A, "another stack"), A, true],
  [hash(A), undefined, false],
  // However an API writes them.
  ["https://h.example", "https://h.example/", true],
  ["HTTPS://H.Example/Key", "https://h.example/Key", true],
  [hash("https://h.example"), "https://h.example/", true],
  ["https://h.example/Key", "https://h.example/key", false],
  ["no address", "no address", true],
  [NO_ADDRESS, undefined, true],
  [undefined, NO_ADDRESS, true],
  [NO_ADDRESS, NO_ADDRESS, true],
  [NO_ADDRESS, A, false],
  [NO_ADDRESS, hash(A), false],
])("%s and %s are the same address: %s", (a, b, same) => {
  expect(isSameAddress(a, b)).toBe(same);
});

test("a hash bears nothing of its address, and is told from every address", () => {
  expect(hash(A)).toMatch(/^sha256:[0-9a-f]{16}:[0-9a-f]{64}$/);
  expect(isDigest(hash(A))).toBe(true);
  for (const each of [A, B, "http://sha256:1@h.example", undefined]) expect(isDigest(each)).toBe(false);
});
