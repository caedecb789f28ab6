/**
 * Host name of each AWS region that Genesys Cloud runs in.
 * Source: https://developer.genesys.cloud/platform/api/ and the table in the platform's own SDK.
 */
export const REGION_HOSTS: Readonly<Record<string, string>> = {
  "us-east-1": "mypurecloud.com",
  "us-east-2": "use2.us-gov-pure.cloud",
  "us-west-2": "usw2.pure.cloud",
  "ca-central-1": "cac1.pure.cloud",
  "eu-west-1": "mypurecloud.ie",
  "eu-west-2": "euw2.pure.cloud",
  "eu-central-1": "mypurecloud.de",
  "eu-central-2": "euc2.pure.cloud",
  "ap-southeast-1": "apse1.pure.cloud",
  "ap-southeast-2": "mypurecloud.com.au",
  "ap-northeast-1": "mypurecloud.jp",
  "ap-northeast-2": "apne2.pure.cloud",
  "ap-northeast-3": "apne3.pure.cloud",
  "ap-south-1": "aps1.pure.cloud",
  "sa-east-1": "sae1.pure.cloud",
  "me-central-1": "mec1.pure.cloud",
  "mx-central-1": "mxc1.pure.cloud",
  "eusc-de-east-1": "edee1.eusc-pure.cloud",
};

const HOST = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/;

/**
 * The host name behind a region setting: an AWS region, or a host name such as `mypurecloud.de`.
 *
 * @returns `undefined` when the text is neither.
 */
export function regionHost(region: string): string | undefined {
  const written = region.trim().toLowerCase();
  const known = Object.hasOwn(REGION_HOSTS, written) ? REGION_HOSTS[written] : undefined;
  if (known !== undefined) return known;
  const host = written
    .replace(/^https?:\/\//, "")
    .replace(/(?<!\/)\/+$/, "")
    .replace(/^(api|login|apps)\./, "");
  return HOST.test(host) ? host : undefined;
}
