import { HOUSE_PLACE, touchKinds } from "../../shared/judge/columns.ts";
import { scatter } from "../../shared/kit/chance.ts";
import { touchName } from "../engine/gather.ts";
import type { TouchRow } from "../store/store.ts";
import { type Places, placesOf } from "./cast.ts";

/** Touches as they are gathered: a row each, in no order yet. `who` are visitors, and clicks of people nobody knows. */
export interface Gathered {
  count: number;
  who: Int32Array;
  at: Float64Array;
  order: Float64Array;
  payee: Int32Array;
  link: Int32Array;
  kind: Uint8Array;
  tie: Uint32Array;
  isOwn: Uint8Array;
}

/** What is gathered, and how: whose touches, through which links, and the rows of the clicks that conversions name. */
export interface Gathering {
  readonly rows: Gathered;
  readonly people: Places;
  readonly links: Places;
  readonly ofClick: Map<string, number[]>;
  add(row: TouchRow, payee: number, isOwn: boolean, who: string, isTold: boolean): number;
}

type Column = Int32Array | Float64Array | Uint8Array | Uint32Array;

const twice = <Held extends Column>(held: Held): Held => {
  const larger = new (held.constructor as new (length: number) => Held)(held.length * 2);
  larger.set(held);
  return larger;
};

const widen = (rows: Gathered): void => {
  rows.who = twice(rows.who);
  rows.at = twice(rows.at);
  rows.order = twice(rows.order);
  rows.payee = twice(rows.payee);
  rows.link = twice(rows.link);
  rows.kind = twice(rows.kind);
  rows.tie = twice(rows.tie);
  rows.isOwn = twice(rows.isOwn);
};

const BEGIN = 4096;

const noRows = (): Gathered => ({
  count: 0,
  who: new Int32Array(BEGIN),
  at: new Float64Array(BEGIN),
  order: new Float64Array(BEGIN),
  payee: new Int32Array(BEGIN),
  link: new Int32Array(BEGIN),
  kind: new Uint8Array(BEGIN),
  tie: new Uint32Array(BEGIN),
  isOwn: new Uint8Array(BEGIN),
});

/** The house has no links: its touches are told apart by time alone. */
const NO_LINK = -1;

/** Nothing gathered yet. A touch is told by the name it has in verdicts only where it may lead to a conversion. */
export const gathering = (): Gathering => {
  const rows = noRows();
  const [people, links] = [placesOf(), placesOf()];
  return {
    rows,
    people,
    links,
    ofClick: new Map(),
    add: (row, payee, isOwn, who, isTold) => {
      const place = rows.count;
      if (place === rows.at.length) widen(rows);
      rows.who[place] = people.place(who);
      rows.at[place] = row.at;
      rows.order[place] = row.order;
      rows.payee[place] = payee;
      rows.link[place] = payee === HOUSE_PLACE ? NO_LINK : links.place(row.link);
      rows.kind[place] = touchKinds.indexOf(row.kind);
      rows.tie[place] = isTold ? scatter(touchName(row.id)) : 0;
      rows.isOwn[place] = isOwn ? 1 : 0;
      rows.count = place + 1;
      return place;
    },
  };
};
