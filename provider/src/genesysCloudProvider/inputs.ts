/** The arguments of a `GenesysCloudProvider` as the engine is given them, and what is wrong with those that are known. */
import * as pulumi from "@pulumi/pulumi";
import { kindOf } from "../genesys/shape.js";
import { isKnownNow } from "../managedResource.js";
import { didYouMean } from "../nearest.js";
import { tidied } from "../pasted.js";
import { missing, shortened } from "../problems.js";
import {
  inputOf,
  PROVIDER_NAME_KEY,
  sayHalfMissing,
  sayNoCredentials,
  sayNoPlace,
  sayProvider,
} from "../settingOrigin.js";
import { CONFIG_KEYS, readSetting, type SettingKey } from "../settingSchema.js";

/** Encrypted in the state, whether the program says so or not. */
const SECRET: readonly SettingKey[] = ["oauthClientSecret", "accessToken", "webhookUrl", "webhookSecret"];

/** What a program writes in the place of a text. */
const TYPES: Partial<Record<SettingKey, "boolean" | "number">> = {
  webhookRequired: "boolean",
  webhookAllowPrivate: "boolean",
  maxRetries: "number",
};

/** How the engine names its own providers of a package. */
const OF_THE_ENGINE = "default";

type Args = Readonly<Record<string, unknown>>;

/** The inputs of the provider: texts, as the configuration has them, and its name. */
export function providerInputs(name: string, args: Args): Record<string, pulumi.Input<string | undefined>> {
  const given = CONFIG_KEYS.filter((key) => !missing(args[key]));
  const inputs = given.map((key) => {
    const text = asText(args[key]);
    return [inputOf(key), SECRET.includes(key) ? pulumi.secret(text) : text] as const;
  });
  return { ...Object.fromEntries(inputs), [PROVIDER_NAME_KEY]: name };
}

/** The engine hands over booleans and numbers as they are, and the configuration has texts alone. */
const asText = (value: unknown): pulumi.Input<string | undefined> =>
  isKnownNow(value)
    ? String(value)
    : pulumi
        .output(value as pulumi.Input<string | undefined>)
        .apply((known) => (missing(known) ? undefined : String(known)));

/** Every problem with the name and with what is known of the arguments, in sentences that name both. */
export function problemsOf(name: unknown, args: Args): string[] {
  if (typeof name !== "string" || name === "")
    return [`GenesysCloudProvider: its name must be a string that is not empty, not ${kindOf(name)}`];
  const provider = sayProvider(name);
  const ofName = name.startsWith(OF_THE_ENGINE)
    ? [
        `${provider}: its name must not begin with "${OF_THE_ENGINE}": the engine would take it for a provider of its own and hide it; give it another`,
      ]
    : [];
  const strangers = Object.keys(args).filter((key) => !CONFIG_KEYS.some((each) => each === key));
  const ofKeys = strangers.map(
    (key) =>
      `${shortened(key)}: is not an argument${didYouMean(key, CONFIG_KEYS)}: allowed are ${CONFIG_KEYS.join(", ")}`,
  );
  const ofValues = CONFIG_KEYS.flatMap((key) =>
    problemOf(key, args[key]).map((problem) => `${key}: ${problem}`),
  );
  const whole = [...ofKeys, ...ofValues].map((problem) => `${provider}: ${problem}`);
  return [...ofName, ...whole, ...lacking(name, args)];
}

/** What is wrong with a value, as far as it is known. */
function problemOf(key: SettingKey, value: unknown): string[] {
  if (missing(value) || !isKnownNow(value)) return [];
  const type = TYPES[key] ?? "string";
  const allowed: string[] = [type, "string"];
  if (!allowed.includes(typeof value)) return [`must be a ${type}, not ${kindOf(value)}`];
  const { text } = tidied(String(value));
  const read = text === "" ? undefined : readSetting(key, text);
  return read !== undefined && "problem" in read ? [read.problem] : [];
}

/** What an organisation cannot be reached without. */
function lacking(provider: string, args: Args): string[] {
  const has = (key: SettingKey) =>
    !missing(args[key]) && (!isKnownNow(args[key]) || tidied(String(args[key])).text !== "");
  const about = { provider, keys: [], nameOf: (key: SettingKey) => `${sayProvider(provider)}: ${key}` };
  const place = has("region") || has("gateway") ? [] : [sayNoPlace(about)];
  if (has("accessToken")) return place;
  const [id, secret] = [has("oauthClientId"), has("oauthClientSecret")];
  if (id && secret) return place;
  if (!id && !secret) return [...place, sayNoCredentials(about)];
  return [...place, sayHalfMissing(about, id ? "oauthClientSecret" : "oauthClientId")];
}
