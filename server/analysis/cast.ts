import { HOUSE } from "../../shared/journey/touch.ts";
import { HOUSE_PLACE } from "../../shared/judge/columns.ts";
import { read } from "../engine/book.ts";
import { earns, IMPORTED } from "../engine/gather.ts";
import { type ContractHoldoutsDoc, heldOutBy } from "../engine/holdout.ts";
import { pageIn } from "../engine/page.ts";
import type { Reader } from "../engine/reader.ts";
import type { CampaignDoc, ContractDoc } from "../engine/shapes.ts";
import type { TouchRow } from "../store/store.ts";

/** Names and the place each has among them. */
export interface Places {
  readonly names: readonly string[];
  place(name: string): number;
}

/** Names in the order in which they are first asked for, after some that are there already. */
export const placesOf = (first: readonly string[] = []): Places => {
  const names = [...first];
  const known = new Map(names.map((name, place) => [name, place] as const));
  return {
    names,
    place: (name) => {
      const found = known.get(name);
      if (found !== undefined) return found;
      known.set(name, names.length);
      return names.push(name) - 1;
    },
  };
};

/** Who is credited with the touches of a campaign, the house first, and which touches are the campaign's. */
export interface Cast {
  readonly payees: Places;
  /** Look up whose links these are: before anything else is asked of them. */
  meet(rows: readonly TouchRow[]): Promise<void>;
  /** The place of whoever a touch is credited to, by the same rules as in a verdict. */
  payee(row: TouchRow): number | Promise<number>;
  /** Is it a touch of the campaign: of a contract of its own, of its past, or a visit to one of its pages? */
  isOwn(row: TouchRow): boolean;
}

/** Reads each document once: an analysis asks for the same few again and again. */
const remembering = (reader: Reader): Pick<Reader, "document"> => {
  const seen = new Map<string, ReturnType<Reader["document"]>>();
  const document: Reader["document"] = (key) => {
    const held = seen.get(key) ?? reader.document(key);
    seen.set(key, held);
    return held;
  };
  return { document };
};

interface Met {
  readonly doc: ContractDoc;
  readonly isInHoldouts: boolean;
}

/** The cast of a campaign. */
export const castOf = (reader: Reader, { id, hosts }: CampaignDoc): Cast => {
  const payees = placesOf([HOUSE]);
  const book = remembering(reader);
  const met = new Map<string, Met | undefined>();
  const meet = async (contract: string): Promise<void> => {
    const doc = await read<ContractDoc>(book, `contract/${contract}`);
    const holdouts = await read<ContractHoldoutsDoc>(book, `contract-holdouts/${contract}`);
    met.set(contract, doc && { doc, isInHoldouts: holdouts !== undefined });
  };
  const unlessHeld = async ({ doc }: Met, { id: touch, kind, click: via }: TouchRow): Promise<number> => {
    const click = kind === "click" ? touch : via;
    const held = click === null ? undefined : await heldOutBy(book, doc, click);
    return held ? HOUSE_PLACE : payees.place(doc.influencer);
  };
  return {
    payees,
    meet: async (rows) => {
      for (const { contract } of rows) if (contract !== null && !met.has(contract)) await meet(contract);
    },
    payee: (row) => {
      if (row.contract === null) return HOUSE_PLACE;
      if (row.contract.startsWith("inf_")) return payees.place(row.contract);
      const whose = met.get(row.contract);
      if (!whose || !earns(whose.doc, row)) return HOUSE_PLACE;
      return whose.isInHoldouts ? unlessHeld(whose, row) : payees.place(whose.doc.influencer);
    },
    isOwn: ({ contract, link }) => {
      if (link.startsWith(IMPORTED)) return link === IMPORTED + id;
      if (contract !== null) return met.get(contract)?.doc.campaign === id;
      const host = pageIn(link);
      return host === undefined || hosts.includes(host);
    },
  };
};
