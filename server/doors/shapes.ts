import * as poll from "../../shared/audience/poll.ts";
import * as bundle from "../../shared/contract/bundle.ts";
import * as terms from "../../shared/contract/terms.ts";
import * as attribution from "../../shared/wire/attribution.ts";
import * as disputes from "../../shared/wire/disputes.ts";
import * as passkeys from "../../shared/wire/passkeys.ts";
import * as payoutSettings from "../../shared/wire/payout-settings.ts";
import * as payouts from "../../shared/wire/payouts.ts";
import * as contract from "../../shared/wire/shown.contract.ts";
import * as conversion from "../../shared/wire/shown.conversion.ts";
import * as shown from "../../shared/wire/shown.ts";
import * as statements from "../../shared/wire/statements.ts";
import type { Names } from "./json-schema.ts";

const rooms = [
  ...[shown, contract, conversion, statements, disputes, payouts, payoutSettings, attribution, passkeys],
  ...[terms, bundle, poll],
];

const isSchema = (it: unknown): boolean =>
  typeof it === "object" && it !== null && "kind" in it && it.kind === "schema" && "~standard" in it;

const all = rooms.flatMap((room) => Object.entries(room)).filter(([, it]) => isSchema(it));

const short = (name: string): string => name.replace(/(Schema|Shown)$/, "");

const isTaken = (name: string): boolean => all.filter(([other]) => short(other) === short(name)).length > 1;

/** What the doors speak of, each shape under the name it has in the code, so that it is described once. */
export const shapes: Names = new Map(all.map(([name, it]) => [it, isTaken(name) ? name : short(name)]));
