/**
 * Foretells, from what the witness remembers and nothing else, what every account of a brand must hold. It shares no code
 * with the product: statements are reckoned by the auditor of the laws, all else in plain maps and sums.
 */
import { versionsOf } from "../laws/auditor.calendar.ts";
import { audit, worth } from "../laws/auditor.ts";
import type { Deed, Memory, Seen } from "./memory.ts";
import { documentsOf, isForeign, termsAt } from "./witness.ts";

// biome-ignore lint/suspicious/noExplicitAny: proofs as the auditor of the laws takes them.
type Proof = any;

const total = (amounts: readonly number[]): number => amounts.reduce((sum, it) => sum + it, 0);

const levels = ["accrued", "validated", "approved", "payable"] as const;
/** Where money stands. */
export type Level = (typeof levels)[number];

const levelOf = (it: Seen, contract: string): number => {
  if (!it.countedAt.has(contract) || it.rejectedAt !== undefined) return it.countedAt.has(contract) ? 1 : 0;
  if (!it.approved && !it.silent.has(contract)) return 1;
  return it.released.has(contract) ? 3 : 2;
};

interface Placed {
  readonly proof: Proof;
  readonly level: number;
  /** Is it pending: not counted yet, and nobody has said no? */
  readonly isPending: boolean;
}

const placed = (deed: Deed, it: Seen): Placed | undefined => {
  const part = it.parts.find(({ contract }) => contract === deed.contract);
  const terms = termsAt(deed, it.at) ?? deed.versions.at(-1)?.terms;
  if (!part || !terms) return undefined;
  const countedAt = it.countedAt.get(deed.contract);
  const gone = total(it.back.map(({ permille }) => permille));
  const all = it.rejectedAt !== undefined && gone < 1000 ? [{ at: it.rejectedAt, permille: 1000 - gone }] : [];
  const isRejected =
    it.rejectedAt !== undefined ||
    !terms.results[it.result] ||
    (terms.results[it.result].counts === "verified" &&
      part.grade.verdict === "reject" &&
      !it.approved &&
      !isForeign(it, terms));
  const proof = {
    id: it.conversion,
    result: it.result,
    at: it.at,
    ...(it.stated.get(deed.contract) ?? { shareMicro: part.shareMicro }),
    valueMinor: it.currency === terms.currency ? it.valueMinor : undefined,
    state: countedAt === undefined ? "pending" : "counted",
    countedAt,
    reversals: [...it.back, ...(countedAt === undefined ? [] : all)],
  };
  return { proof, level: levelOf(it, deed.contract), isPending: countedAt === undefined && !isRejected };
};

/** Everything the witness knows of one contract's results. */
const evidenceOf = ({ seen }: Memory, deed: Deed): readonly Placed[] =>
  [...seen.values()].flatMap((it) => placed(deed, it) ?? []);

/** What a contract's statement must say. */
export const stated = (it: Memory, deed: Deed, now: number, note: (what: string) => void) => {
  const [first, ...amendments] = documentsOf(deed);
  const proofs = evidenceOf(it, deed).map(({ proof }) => proof);
  return audit(first, proofs, now, { amendments, adjustments: deed.adjustments, rates: deed.rates }, note);
};

const reachesOn = (terms: Proof): boolean => {
  for (let it = terms.guarantee?.remedy; it; it = it.then)
    if (it.kind === "makeGood" || it.kind === "carryOver") return true;
  return false;
};

/** Whether what each stage holds can be told without following make-goods and carried targets through every stage. */
export const isPlain = (deed: Deed): boolean => !documentsOf(deed).some(reachesOn);

const remedies = new Set(["proRata", "penalty"]);

interface Gross {
  readonly gross: number;
  readonly fixed: number;
  readonly credit: number;
}

/** What a period's lines come to before remedies, and how much of that is fixed pay: caps cut from the last line upwards. */
const grossOf = (lines: readonly { readonly code: string; readonly minor: bigint }[]): Gross => {
  const left = lines
    .filter(({ code }) => code !== "cap" && !remedies.has(code))
    .map(({ code, minor }) => ({ code, minor: Number(minor) }));
  let cut = -total(lines.filter(({ code }) => code === "cap").map(({ minor }) => Number(minor)));
  for (const line of [...left].reverse()) {
    const off = Math.min(cut, line.minor);
    line.minor -= off;
    cut -= off;
  }
  const fixed = total(left.filter(({ code }) => code === "fixed").map(({ minor }) => minor));
  const credit = -total(lines.filter(({ code }) => remedies.has(code)).map(({ minor }) => Number(minor)));
  return { gross: total(left.map(({ minor }) => minor)), fixed, credit };
};

/**
 * How much more than what is proven each period may be expected to earn: under a cap over all periods of a version, what is
 * only expected takes what room is left, period by period, or none.
 */
const within =
  (deed: Deed) =>
  (proven: readonly number[], expected: readonly number[]): readonly number[] => {
    const more: number[] = [];
    for (const { terms, periods } of versionsOf(documentsOf(deed))) {
      const [from, until] = [more.length, more.length + periods.length];
      let room = (terms.caps?.totalMinor ?? Number.POSITIVE_INFINITY) - total(proven.slice(from, until));
      for (let index = from; index < until; index += 1) {
        const wanted = Math.max(0, (expected[index] ?? 0) - (proven[index] ?? 0));
        const given = wanted <= room ? wanted : 0;
        room -= given;
        more.push(given);
      }
    }
    return more;
  };

/** What has reached each stage of a plain contract, after remedies and agreements. */
export const reached = (it: Memory, deed: Deed, now: number): Readonly<Record<Level, number>> => {
  const [first, ...amendments] = documentsOf(deed);
  const all = evidenceOf(it, deed);
  const far = now;
  const price = (proofs: readonly Proof[]) =>
    worth(first, proofs, far, { amendments, rates: deed.rates }).map(({ lines }) => grossOf(lines));
  const capped = within(deed);
  const counted = (least: number) =>
    all.filter(({ proof, level }) => proof.state === "counted" && level >= least).map(({ proof }) => proof);
  const pending = all
    .filter(({ isPending }) => isPending)
    .map(({ proof }) => ({ ...proof, state: "counted", countedAt: undefined }));
  const [a, v, p, q] = [[...counted(1), ...pending], counted(1), counted(2), counted(3)].map(price);
  const more = capped(
    (v ?? []).map(({ gross }) => gross),
    (a ?? []).map(({ gross }) => gross),
  );
  const sums = { accrued: 0, validated: 0, approved: 0, payable: 0 };
  for (const [index, validated] of (v ?? []).entries()) {
    const waits = (one: Gross | undefined): number =>
      (one?.gross ?? 0) - (deed.approved.has(index) ? 0 : (one?.fixed ?? 0));
    const { gross, credit } = validated;
    const agreed = Math.min(gross, waits(p?.[index]));
    const ripe = Math.min(agreed, waits(q?.[index]));
    const net = gross - credit;
    const approved = Math.min(net, Math.max(0, agreed - credit));
    sums.accrued += gross + (more[index] ?? 0) - credit;
    sums.validated += net;
    sums.approved += approved;
    sums.payable += Math.min(approved, Math.max(0, ripe - credit));
  }
  const agreed = total(deed.adjustments.map(({ amountMinor }) => amountMinor));
  return {
    accrued: sums.accrued + agreed,
    validated: sums.validated + agreed,
    approved: sums.approved + agreed,
    payable: sums.payable + agreed,
  };
};

const isLive = (state: string): boolean => state === "made" || state === "sent" || state === "settled";

/** What payouts that did not fail took of a contract. */
export const gone = ({ sent }: Memory, contract: string): number =>
  total(
    [...sent.values()]
      .filter(({ state }) => isLive(state))
      .flatMap(({ lines }) => lines.filter((line) => line.contract === contract).map(({ amountMinor }) => amountMinor)),
  );

export const givenUp = ({ purse }: Memory, contract: string): number =>
  total([...purse].filter(([name]) => name.endsWith(` given up ${contract}`)).map(([, amount]) => amount));

/** What open disputes hold of a contract, at most. */
export const heldBack = ({ quarrels }: Memory, contract: string): number =>
  total(
    [...quarrels.values()]
      .filter((it) => it.open && it.opener === "brand" && it.contract === contract)
      .map(({ amountMinor }) => amountMinor),
  );

const sentMinor = (it: {
  readonly lines: readonly { readonly amountMinor: number }[];
  readonly taxMinor: number;
}): number => total(it.lines.map(({ amountMinor }) => amountMinor)) - it.taxMinor;

type Adding = (name: string, by: number) => void;

const ownMoves = ({ purse }: Memory, currency: string, add: Adding): void => {
  for (const [name, amount] of purse) {
    const [its, what, whose = ""] = name.split(" ");
    if (its !== currency) continue;
    if (what === "funded") add("cash and tax", amount);
    if (what === "reserved") add(`reserve ${whose}`, -amount);
    if (what === "released") add(`reserve ${whose}`, amount);
    if (what === "funded" || what === "released") add("brand:deposit", -amount);
    if (what === "reserved") add("brand:deposit", amount);
    if (what === "given") add("bad_debt", amount);
  }
};

/**
 * What no contract's law decides: cash, deposit, reserves with what they paid, fees, bad debts, debits minus credits. Tax
 * that is sent on moves between cash and tax, which are told together.
 */
export const purseOf = (it: Memory, currency: string): ReadonlyMap<string, number> => {
  const sums = new Map<string, number>();
  const add: Adding = (name, by) => void sums.set(name, (sums.get(name) ?? 0) + by);
  ownMoves(it, currency, add);
  for (const sent of it.sent.values()) {
    if (sent.currency !== currency || !isLive(sent.state)) continue;
    add("brand:deposit", sent.feeMinor);
    add("platform_fee", -sent.feeMinor);
    add("cash and tax", -sent.taxMinor);
    add(sent.state === "settled" ? "cash and tax" : "in transit", -sentMinor(sent));
  }
  return sums;
};
