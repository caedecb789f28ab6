/** Whose a key of the configuration's namespace is, for every kind of key in every kind of stack. */
import { describe, expect, test } from "vitest";
import { type Owner, ownerOf, sayStrangers, sayTheirs } from "../../../provider/src/settingKeys.js";
import { CONFIG_KEYS } from "../../../provider/src/settingSchema.js";

/** Each key in a stack of any project, of the project with the namespace's name, and there with the key that is near. */
const ROWS: [key: string, elsewhere: Owner, own: Owner, ownWithNear: Owner][] = [
  ["region", "ours", "ours", "ours"],
  ["accessToken", "ours", "ours", "ours"],
  ["regoin", "slip", "slip", "project"],
  ["regions", "slip", "slip", "project"],
  ["Region", "slip", "slip", "project"],
  ["webhook_url", "slip", "slip", "project"],
  ["awsRegion", "terraform", "terraform", "terraform"],
  ["oauthclientId", "terraform", "terraform", "terraform"],
  ["oauthclientSecret", "terraform", "terraform", "terraform"],
  ["gateways", "terraform", "terraform", "terraform"],
  ["proxy", "terraform", "terraform", "terraform"],
  ["sdkDebugFormat", "terraform", "terraform", "terraform"],
  ["maxConcurrentPages", "terraform", "terraform", "terraform"],
  // As near to theirs as to ours: then it is likely to be meant for us; nearer to theirs: then it is not.
  ["oauthclientid", "slip", "slip", "project"],
  ["tokenPoolsize", "stranger", "project", "project"],
  ["environment", "stranger", "project", "project"],
  ["team:owner", "stranger", "project", "project"],
  ["", "stranger", "project", "project"],
  ["__proto__", "stranger", "project", "project"],
];

describe.each(ROWS)("genesyscloud:%s", (key, elsewhere, own, ownWithNear) => {
  test.each([
    [undefined, false, elsewhere],
    [undefined, true, elsewhere],
    ["shop", false, elsewhere],
    ["shop", true, elsewhere],
    ["genesyscloud", false, own],
    ["genesyscloud", true, ownWithNear],
  ])("in the project %s, with ours set %s, is of: %s", (project, isSet, owner) =>
    expect(ownerOf(key, { ours: CONFIG_KEYS, isSet: () => isSet, project })).toBe(owner),
  );
});

test("no key of ours passes for one of theirs", () => {
  const owners = CONFIG_KEYS.map((key) => ownerOf(key, { ours: CONFIG_KEYS, isSet: () => false }));
  expect(new Set(owners)).toEqual(new Set(["ours"]));
});

test("what is said of keys names them, and who reads them", () => {
  expect(sayStrangers(["a", "b"], ["region", "gateway"])).toBe(
    "genesyscloud:a, genesyscloud:b: not known to this package and left alone; its own keys are region, gateway",
  );
  expect(sayTheirs(["region"], ["awsRegion"])).toBe("");
  expect(sayTheirs(["awsRegion", "proxy"], ["awsRegion"])).toBe(
    " (genesyscloud:awsRegion is a key of the bridged Terraform provider, and not read here)",
  );
});
