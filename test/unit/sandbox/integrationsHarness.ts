// biome-ignore-all lint/suspicious/noExplicitAny: tests look into bodies of every shape

/** Calls of the public API, as the stories of integrations make them. */
import { expect } from "vitest";
import type { SandboxOptions } from "../../../sandbox/src/index.js";
import { startWithToken } from "./harness.js";

export const eventBridge = { id: "amazon-eventbridge-source" };

/** Properties that are right in every way. */
export const properties = {
  awsAccountId: "012345678901",
  awsAccountRegion: "eu-central-1",
  eventSourceSuffix: "prod.voice_1",
  eventFilter: ["v2.users.{id}.presence", "v2.detail.events.conversation.{id}.customer.start"],
};

/** The body of a PUT that is right in every way. */
export const configuration = (version: number, change: object = {}) => ({
  name: "voice",
  version,
  properties,
  advanced: {},
  notes: "",
  credentials: {},
  ...change,
});

/** A sandbox with variants set. */
export async function startWith(variants: object = {}, options: SandboxOptions = {}) {
  const sandbox = await startWithToken(options);
  const { api, control } = sandbox;
  expect((await control("PATCH", "/variants", variants)).status).toBe(200);
  const path = "/integrations";
  const create = (body: object = { name: "voice", integrationType: eventBridge }) => api("POST", path, body);
  const configure = (id: string, version: number, change: object = {}) =>
    api("PUT", `${path}/${id}/config/current`, configuration(version, change));
  const intend = (id: string, intendedState: unknown) => api("PATCH", `${path}/${id}`, { intendedState });
  const config = async (id: string) => api("GET", `${path}/${id}/config/current`);
  const read = (id: string, query = "") => api("GET", `${path}/${id}${query}`);
  return {
    ...sandbox,
    create,
    configure,
    intend,
    config,
    read,
    erase: (id: string) => api("DELETE", `${path}/${id}`),
    all: async (query = "") => (await api("GET", `${path}${query}`)).body.entities as any[],
    /** Both states that a read shows. */
    states: async (id: string) => statesOf((await read(id)).body),
    /** The id of one that is created, configured and enabled. */
    make: async (change: object = {}) => {
      const { id } = (await create()).body;
      expect((await configure(id, 1, { properties: { ...properties, ...change } })).status).toBeLessThan(300);
      expect((await intend(id, "ENABLED")).status).toBeLessThan(300);
      return id as string;
    },
  };
}

/** The intended state and the reported one. */
export const statesOf = (body: any): string => `${body.intendedState} ${body.reportedState.code}`;
