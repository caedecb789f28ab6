/** What the arguments of an integration must be. */
import { z } from "zod";
import {
  conflictRule,
  known,
  list,
  mustBe,
  name,
  object,
  repetitions,
  text,
  timeouts,
  webAddress,
} from "../arguments.js";
import { type ArgumentRules, checkArguments } from "../checkArguments.js";
import type { Properties } from "../lifecycle/inputs.js";
import type { Problem } from "../resourceHandler.js";
import { DEFAULTS, LIMITS } from "./args.js";

const ACCOUNT = "an AWS account: 12 digits, as a string";
const REGION = 'the code of an AWS region, such as "eu-central-1"';
const SUFFIX = `1 to ${LIMITS.suffixLength} of the characters A-Z a-z 0-9 . - _`;

const formed = (form: RegExp, what: string) =>
  z.string(mustBe(what)).regex(form, {
    error: ({ input }) => (input === "" ? mustBe(what).error({ input }) : `must be ${what}`),
  });

const account = z.string({
  error: ({ input }) =>
    // It would lose the zeros that it begins with.
    typeof input === "number" ? `must be ${ACCOUNT}, not a number` : mustBe(ACCOUNT).error({ input }),
});

const shape = {
  awsAccountId: known(account.regex(/^\d{12}$/, { error: `must be ${ACCOUNT}` })),
  awsAccountRegion: known(formed(/^[a-z]{2,}(-[a-z]+)+-\d{1,2}$/, REGION)),
  eventSourceSuffix: known(formed(/^[A-Za-z0-9._-]{1,64}$/, SUFFIX)).optional(),
  eventFilter: known(list(text("the id of a topic"), "a list of the ids of topics")),
  name: known(name(LIMITS.nameLength)).optional(),
  notes: known(z.string(mustBe("a string"))).default(DEFAULTS.notes),
  enabled: known(z.boolean(mustBe("true or false"))).default(DEFAULTS.enabled),
  webhookUrl: known(webAddress).optional(),
  onConflict: known(conflictRule).optional(),
  timeouts: known(timeouts).optional(),
};

const RULES: ArgumentRules<Properties> = {
  schema: object(shape, "an object"),
  keysAt: [
    { at: /^$/, keys: Object.keys(shape) },
    { at: /^timeouts$/, keys: ["create", "update", "delete"] },
  ],
  crossChecks: ({ eventFilter }) => {
    if (!Array.isArray(eventFilter)) return [];
    if (eventFilter.length === 0)
      return [{ path: "eventFilter", reason: "is empty: at least 1 topic is needed, or nothing is sent" }];
    return repetitions(eventFilter).map(({ index, first }) => ({
      path: `eventFilter[${index}]`,
      reason: `repeats eventFilter[${first}]: topics must be distinct`,
    }));
  },
};

/** Every problem at once, each at its path. Unknown values pass wherever they stand. */
export const parseInputs = (news: Properties): { inputs: Properties } | { problems: Problem[] } =>
  checkArguments(RULES, news);
