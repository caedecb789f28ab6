/** What doctor says of versions: Node's, the Pulumi CLI's and the platform's SDK's. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { satisfies } from "semver";
import { about, type Finding } from "./finding.js";

const { engines, peerDependencies } = require("../../package.json") as {
  engines: { node: string };
  peerDependencies: Record<string, string>;
};

const SDK = "@pulumi/pulumi";

/** Whether Node is one that the provider runs on. */
export function checkNode(version: string): Finding {
  const node = about("Node");
  return satisfies(version, engines.node)
    ? node.ok(version)
    : node.failed(`${version} is not ${engines.node}: https://nodejs.org/`);
}

/**
 * Whether the CLI is there, and can import.
 *
 * @param version what it says of itself.
 * @param trouble why it cannot import, if it cannot.
 */
export function checkCli(version: string | undefined, trouble: string | undefined): Finding {
  const cli = about("Pulumi CLI");
  if (trouble === undefined) return cli.ok(`${version}`);
  return version === undefined ? cli.failed(trouble) : cli.warning(trouble);
}

/** Whether the program in a folder finds an SDK that goes with the provider. */
export function checkSdk(folder: string): Finding {
  const sdk = about("Pulumi SDK");
  const range = peerDependencies[SDK] ?? "*";
  try {
    const { version } = createRequire(join(folder, "index.js"))(`${SDK}/package.json`) as { version: string };
    return satisfies(version, range)
      ? sdk.ok(version)
      : sdk.failed(`${SDK} ${version} is not ${range}: npm install ${SDK}`);
  } catch {
    return sdk.failed(`${SDK} is not installed where the program is (${folder}): npm install ${SDK}`);
  }
}
