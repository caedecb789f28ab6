/** A kind of resource that the package does not have: all that a kind has to tell of itself, and an organisation that keeps such objects. */

import type { GenesysClient } from "../../../../provider/src/genesys/client.js";
import { Deleted } from "../../../../provider/src/lifecycle/deleted.js";
import { shownText } from "../../../../provider/src/lifecycle/drawing.js";
import type { Properties } from "../../../../provider/src/lifecycle/inputs.js";
import type { Kind } from "../../../../provider/src/lifecycle/kind.js";
import {
  type KindApi,
  type Observed,
  pageShowing,
  type Shown,
} from "../../../../provider/src/lifecycle/kindApi.js";
import { inStates } from "../../../../provider/src/stub.js";
import { failure } from "./fakeOrganisation.js";

interface Account {
  id: string;
  name: string;
  notes: string;
  version: number;
}

/** A kind whose API makes objects at once. Its id stands before what tells of which kind a record is. */
export function thirdKind(): { kind: Kind; accounts: Map<string, Account> } {
  const accounts = new Map<string, Account>();
  const className = "EventBridgeAccount";
  const kind: Kind = {
    ...inStates(className),
    label: "EventBridge account",
    noun: "account",
    idOutput: "accountId",
    secrets: ["webhookUrl", "__asked"],
    fields: ["name", "notes"],
    replacing: [],
    notPosted: [],
    key: { field: "name", longest: 100, fit: (text) => text },
    statusOutput: "status",
    settles: "as reads do",
    access: [{ path: "/api/v2/accounts", read: "account:view", word: "permission", where: "Admin > Roles" }],
    timeouts: { create: "1m", update: "1m", delete: "1m" },
    ownWords: new Set(),
    parse: (written) => ({ inputs: { notes: "", ...written } }),
    complete: (inputs) => inputs,
    references: "nothing",
    refersElsewhere: () => false,
    checkReferences: async () => [],
    sent: ({ name, notes }) => ({ name, notes }),
    standing: () => "reached",
    notReached: () => "",
    api: (client) => accountApi(accounts, client),
    inPrograms: { className, args: ({ name, notes }) => ({ name, notes }), shared: {}, platformWords: [] },
    draw: ({ name }) => ({ from: [], through: [], to: [{ word: "account", id: shownText(name) }] }),
  };
  return { kind, accounts };
}

const deleted = new Deleted();

function accountApi(accounts: Map<string, Account>, client: GenesysClient): KindApi {
  const find = (id: string): Account => {
    const account = accounts.get(id);
    if (account === undefined) throw failure(404);
    return account;
  };
  const all = () => [...accounts.values()].map(shown);
  const put = (id: string, { name, notes }: Properties, version: number) => {
    accounts.set(id, { id, name: String(name), notes: String(notes), version });
    return { id, observed: observed(find(id)) };
  };
  return {
    get: async (id) => observed(find(id)),
    show: async (id) => shown(find(id)),
    async *bearers(key) {
      for (const each of all())
        if (each.name === key && !deleted.has(client, String(each.id))) yield each.observe();
    },
    async *pages(name) {
      yield pageShowing(all(), [...accounts.keys()], name, { total: accounts.size, pages: 1 });
    },
    create: async (inputs) => ({ id: put(`acc-${accounts.size + 1}`, inputs, 1).id }),
    update: async (id, { version = 0 }, to) => put(id, to, version + 1),
    remove: async (id) => (accounts.delete(id) ? {} : "missing"),
    noteDeleted: (id) => deleted.note(client, id),
  };
}

const observed = ({ id, name, notes, version }: Account): Observed => ({
  id,
  fields: { name, notes },
  unshown: [],
  version,
  outputs: { accountId: id, version, status: "there" },
});

const shown = (account: Account): Shown => ({
  id: account.id,
  name: account.name,
  lacks: [],
  observe: async () => observed(account),
});
