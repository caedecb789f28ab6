/** Which host a configured region means, and which regions are none. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { REGION_HOSTS, regionHost } from "../../../../provider/src/genesys/regions.js";

test("the AWS regions of Genesys Cloud", () => {
  expect(REGION_HOSTS).toMatchInlineSnapshot(`
    {
      "ap-northeast-1": "mypurecloud.jp",
      "ap-northeast-2": "apne2.pure.cloud",
      "ap-northeast-3": "apne3.pure.cloud",
      "ap-south-1": "aps1.pure.cloud",
      "ap-southeast-1": "apse1.pure.cloud",
      "ap-southeast-2": "mypurecloud.com.au",
      "ca-central-1": "cac1.pure.cloud",
      "eu-central-1": "mypurecloud.de",
      "eu-central-2": "euc2.pure.cloud",
      "eu-west-1": "mypurecloud.ie",
      "eu-west-2": "euw2.pure.cloud",
      "eusc-de-east-1": "edee1.eusc-pure.cloud",
      "me-central-1": "mec1.pure.cloud",
      "mx-central-1": "mxc1.pure.cloud",
      "sa-east-1": "sae1.pure.cloud",
      "us-east-1": "mypurecloud.com",
      "us-east-2": "use2.us-gov-pure.cloud",
      "us-west-2": "usw2.pure.cloud",
    }
  `);
});

test.each([
  ["eu-central-1", "mypurecloud.de"],
  [" EU-Central-1 ", "mypurecloud.de"],
  ["mypurecloud.de", "mypurecloud.de"],
  ["https://api.mypurecloud.de/", "mypurecloud.de"],
  ["login.usw2.pure.cloud", "usw2.pure.cloud"],
  ["apps.mypurecloud.com.au", "mypurecloud.com.au"],
  ["new-region.example", "new-region.example"],
])("%j leads to %s", (region, host) => expect(regionHost(region)).toBe(host));

test.each([
  "",
  "localhost",
  "mypurecloud",
  "mypurecloud.de/path",
  "user@mypurecloud.de",
  "a..b",
  "-a.com",
  "constructor",
  "__proto__",
])("%j leads nowhere", (region) => expect(regionHost(region)).toBeUndefined());

test("whatever is written, a host is one that an address can be made of", () =>
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.domain(), fc.constantFrom(...Object.keys(REGION_HOSTS))),
      (region) => {
        const host = regionHost(region);
        if (host !== undefined) expect(new URL(`https://api.${host}`).hostname).toBe(`api.${host}`);
      },
    ),
  ));

test("a million slashes lead nowhere, as soon as any other text", () => {
  expect(regionHost(`${"/".repeat(1_000_000)}x`)).toBeUndefined();
});
