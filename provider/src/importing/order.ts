/** The order in which sources are named and written: the same for the same organisation, whatever its lists show first. */
import type { WireSource } from "../eventBridgeSource/wire.js";

/** A source's name, as a list shows it; empty where it shows none. */
export const nameOf = ({ name }: WireSource): string => (typeof name === "string" ? name : "");

/** By the codes of their letters, which no language of a machine has a say in. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const byNameThenId = (a: WireSource, b: WireSource): number =>
  compare(nameOf(a), nameOf(b)) || compare(String(a.source_id), String(b.source_id));
