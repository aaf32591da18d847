import { must } from "../kit/shape.ts";

/** Where an influencer's money stands, in order: expected, proven, approved by the brand, past its hold. */
export const stages = ["accrued", "validated", "approved", "payable"] as const;

/** One of the stages. */
export type Stage = (typeof stages)[number];

/** What a contract's cost is made of: plain results and shares of value, steps, bonuses, fixed pay, and what people adjusted. */
export const expenseKinds = ["base", "tier", "bonus", "fixed", "adjustment"] as const;

/** One of the kinds of cost. */
export type ExpenseKind = (typeof expenseKinds)[number];

/** The stages a dispute can hold money at: approved and payable. What stands lower is not anybody's yet. */
export type HeldFrom = "approved" | "payable";

/** One movement of money: a positive whole amount of minor units from the credit side's account to the debit side's. Corrections are new transfers. */
export interface Transfer {
  readonly code: number;
  readonly debit: string;
  readonly credit: string;
  readonly amountMinor: number;
  readonly currency: string;
}

/**
 * Why money moved. A code says which kinds of account a transfer may join: `edges`. 301, make-good units, is no money:
 * statements count those results. 104 is free for them.
 */
export const codes = {
  /** Earned by results: expense → accrued, one code for each kind of cost. */
  accrue: 100,
  accrueTier: 101,
  accrueBonus: 102,
  accrueFixed: 103,
  /** Added by hand or by a resolved dispute. */
  adjusted: 900,
  /** Proven, approved, past the refund window: one stage up. */
  validated: 110,
  approved: 120,
  payable: 130,
  /** Set aside for a dispute at the stage where it stands, and given back to that stage. */
  held: 140,
  released: 141,
  /** Sent to a rail; arrived; came back, with every leg of the payout undone. */
  submitted: 150,
  settled: 151,
  undone: 152,
  /** Taken back from where it stands; or, once it has left, owed by the influencer. */
  reversed: 200,
  clawedBack: 210,
  /** What is owed is paid: by the payout of another contract; given up; by what the same contract earns later. */
  netted: 211,
  writtenOff: 212,
  offset: 213,
  /** A guarantee's remedy, from where money stands or as a debt; and a remedy no longer due. */
  remedied: 300,
  remedyUndone: 302,
  /** Paid before it was earned, and taken out of what was. */
  advanced: 310,
  recouped: 311,
  /** A brand's money on deposit, set aside for a contract, set free again; and how much of a contract it has paid. */
  funded: 400,
  reserved: 401,
  unreserved: 402,
  spent: 403,
  unspent: 404,
  /** The platform's fee, out of the deposit. */
  fee: 410,
  /** Tax kept back from a payout, sent to the authority, and asked back from it. */
  withheld: 420,
  remitted: 421,
  reclaimed: 422,
  /** One half of an exchange of currencies: the other half is in the other ledger. */
  exchanged: 500,
} as const;

/** The code under which each kind of cost is accrued. */
export const accrualCode: Readonly<Record<ExpenseKind, number>> = {
  base: codes.accrue,
  tier: codes.accrueTier,
  bonus: codes.accrueBonus,
  fixed: codes.accrueFixed,
  adjustment: codes.adjusted,
};

/** The kinds of account there are. */
export type AccountKind =
  | Stage
  | `held:${HeldFrom}`
  | `expense:${ExpenseKind}`
  | "in_transit"
  | "guarantee_credit"
  | "clawback"
  | "advance"
  | "bad_debt"
  | "cash"
  | "tax:withheld"
  | "brand:deposit"
  | "brand:reserved"
  | "brand:spent"
  | "platform_fee"
  | "fx";

/**
 * How accounts of a kind are named and kept. `normal`: the side that makes it grow. `neverNegative`: it may never hold
 * less than nothing on that side, at any prefix of the journal.
 */
export interface AccountRule {
  readonly kind: AccountKind;
  readonly name: string;
  readonly normal: "debit" | "credit";
  readonly neverNegative: boolean;
}

const credit = (kind: AccountKind, name: string): AccountRule => ({
  kind,
  name,
  normal: "credit",
  neverNegative: true,
});
const debit = (kind: AccountKind, name: string, neverNegative = true): AccountRule => ({
  kind,
  name,
  normal: "debit",
  neverNegative,
});

/**
 * The chart of accounts of one brand's ledger in one currency. Money is rounded once, before it is posted, so there is no
 * rounding account. Cash may be below zero, since a brand that deposits nothing pays out of its own pocket; so may
 * adjustments, which go either way, and what currencies were exchanged for.
 */
export const chart: readonly AccountRule[] = [
  ...stages.map((stage) => credit(stage, `influencer:{contract}:${stage}`)),
  credit("held:approved", "influencer:{contract}:held:approved"),
  credit("held:payable", "influencer:{contract}:held:payable"),
  credit("in_transit", "influencer:{contract}:in_transit"),
  ...expenseKinds.map((kind) => debit(`expense:${kind}`, `expense:{contract}:${kind}`, kind !== "adjustment")),
  credit("guarantee_credit", "guarantee_credit:{contract}"),
  debit("clawback", "clawback:{influencer}:{contract}"),
  debit("advance", "advance:{contract}"),
  debit("bad_debt", "bad_debt"),
  debit("cash", "cash:{rail}", false),
  credit("tax:withheld", "tax:withheld"),
  credit("brand:deposit", "brand:deposit"),
  credit("brand:reserved", "brand:reserved:{contract}"),
  credit("brand:spent", "brand:spent:{contract}"),
  credit("platform_fee", "platform_fee"),
  debit("fx", "fx:{currency}", false),
];

const part = (id: string): string => {
  must(id !== "" && !id.includes(":"), `an account cannot be named after ${JSON.stringify(id)}`);
  return id;
};

/**
 * The names of accounts. A debt is kept by influencer and by the contract it came from: what an influencer owes is the sum.
 * What a contract was paid out of its reserve stands beside its expense, not on it, so that expense is always what it earned.
 */
export const accounts = {
  stage: (contract: string, stage: Stage): string => `influencer:${part(contract)}:${stage}`,
  held: (contract: string, from: HeldFrom): string => `influencer:${part(contract)}:held:${from}`,
  inTransit: (contract: string): string => `influencer:${part(contract)}:in_transit`,
  expense: (contract: string, kind: ExpenseKind): string => `expense:${part(contract)}:${kind}`,
  guaranteeCredit: (contract: string): string => `guarantee_credit:${part(contract)}`,
  clawback: (influencer: string, contract: string): string => `clawback:${part(influencer)}:${part(contract)}`,
  advance: (contract: string): string => `advance:${part(contract)}`,
  badDebt: "bad_debt",
  cash: (rail: string): string => `cash:${part(rail)}`,
  taxWithheld: "tax:withheld",
  deposit: "brand:deposit",
  reserved: (contract: string): string => `brand:reserved:${part(contract)}`,
  spent: (contract: string): string => `brand:spent:${part(contract)}`,
  platformFee: "platform_fee",
  fx: (currency: string): string => `fx:${part(currency)}`,
} as const;

/** What an account's name says: its rule in the chart, and whom or what it belongs to. */
export interface Account {
  readonly rule: AccountRule;
  readonly contract?: string;
  readonly influencer?: string;
  readonly rail?: string;
  readonly currency?: string;
}

const templates = chart.map((rule) => ({ rule, parts: rule.name.split(":") }));

/** Names already read: few belong to a contract, each is read for every transfer, and the answer never changes. */
const namesRead = new Map<string, Account | undefined>();
const MOST_NAMES = 10_000;

const readName = (name: string): Account | undefined => {
  const given = name.split(":");
  for (const { rule, parts } of templates) {
    const fits = (it: string, index: number): boolean =>
      it.startsWith("{") ? given[index] !== "" : it === given[index];
    if (parts.length !== given.length || !parts.every(fits)) continue;
    const owners = parts.flatMap((it, index) => (it.startsWith("{") ? [[it.slice(1, -1), given[index]]] : []));
    return { rule, ...Object.fromEntries(owners) };
  }
  return undefined;
};

/** Read an account's name; undefined if the chart has no such account. */
export const account = (name: string): Account | undefined => {
  if (namesRead.has(name)) return namesRead.get(name);
  if (namesRead.size >= MOST_NAMES) namesRead.clear();
  const read = readName(name);
  namesRead.set(name, read);
  return read;
};

/** Whether an account of the chart may not hold this balance, debits minus credits. Names outside the chart have no rule here. */
export const overdrawn = (name: string, balanceMinor: number): boolean => {
  const rule = account(name)?.rule;
  if (!rule?.neverNegative) return false;
  return rule.normal === "credit" ? balanceMinor > 0 : balanceMinor < 0;
};

/** A way money may go: the code, and the kinds of account debited and credited. */
export interface Edge {
  readonly code: number;
  readonly debit: AccountKind;
  readonly credit: AccountKind;
}

const edge = (code: number, debits: readonly AccountKind[], credits: readonly AccountKind[]): readonly Edge[] =>
  debits.flatMap((from) => credits.map((to) => ({ code, debit: from, credit: to })));

const costs = expenseKinds.map((kind) => `expense:${kind}` as const);

/** Every way money may go, and there is no other. */
export const edges: readonly Edge[] = [
  ...expenseKinds.flatMap((kind) => edge(accrualCode[kind], [`expense:${kind}`], ["accrued"])),
  ...edge(codes.validated, ["accrued"], ["validated"]),
  ...edge(codes.approved, ["validated"], ["approved"]),
  ...edge(codes.payable, ["approved"], ["payable"]),
  ...edge(codes.held, ["approved"], ["held:approved"]),
  ...edge(codes.held, ["payable"], ["held:payable"]),
  ...edge(codes.released, ["held:approved"], ["approved"]),
  ...edge(codes.released, ["held:payable"], ["payable"]),
  ...edge(codes.submitted, ["payable"], ["in_transit"]),
  ...edge(codes.settled, ["in_transit"], ["cash"]),
  ...edge(codes.undone, ["in_transit", "cash", "clawback", "tax:withheld"], ["payable"]),
  ...edge(codes.undone, ["platform_fee"], ["brand:deposit"]),
  ...edge(codes.reversed, stages, costs),
  ...edge(codes.clawedBack, ["clawback"], costs),
  ...edge(codes.netted, ["payable"], ["clawback"]),
  ...edge(codes.writtenOff, ["bad_debt"], ["clawback"]),
  ...edge(codes.offset, ["payable"], ["clawback"]),
  ...edge(codes.remedied, [...stages, "clawback"], ["guarantee_credit"]),
  ...edge(codes.remedyUndone, ["guarantee_credit"], ["accrued"]),
  ...edge(codes.advanced, ["advance"], ["cash"]),
  ...edge(codes.recouped, ["payable"], ["advance"]),
  ...edge(codes.funded, ["cash"], ["brand:deposit"]),
  ...edge(codes.reserved, ["brand:deposit"], ["brand:reserved"]),
  ...edge(codes.unreserved, ["brand:reserved"], ["brand:deposit"]),
  ...edge(codes.spent, ["brand:reserved"], ["brand:spent"]),
  ...edge(codes.unspent, ["brand:spent"], ["brand:reserved"]),
  ...edge(codes.fee, ["brand:deposit"], ["platform_fee"]),
  ...edge(codes.withheld, ["payable"], ["tax:withheld"]),
  ...edge(codes.remitted, ["tax:withheld"], ["cash"]),
  ...edge(codes.reclaimed, ["cash"], ["tax:withheld"]),
  ...edge(codes.exchanged, ["payable"], ["fx"]),
  ...edge(codes.exchanged, ["fx"], ["payable"]),
];

const edgeKey = (code: number, from: string, to: string): string => `${code} ${from} ${to}`;
const known = new Set(edges.map((it) => edgeKey(it.code, it.debit, it.credit)));

/** The edge a transfer goes by, as text such as `"110 accrued validated"`: what tests count. Undefined off the chart. */
export const edgeOf = ({ code, debit: from, credit: to }: Transfer): string | undefined => {
  const [one, other] = [account(from)?.rule.kind, account(to)?.rule.kind];
  if (one === undefined || other === undefined) return undefined;
  const key = edgeKey(code, one, other);
  return known.has(key) ? key : undefined;
};

/** May one contract's money meet another's? Only where a payout of both nets what one owes, or is undone. */
const meets = (code: number, one: Account | undefined, other: Account | undefined): boolean => {
  if (one?.contract === undefined || other?.contract === undefined || one.contract === other.contract) return true;
  return code === codes.netted || (code === codes.undone && one.rule.kind === "clawback");
};

/** Whether a transfer goes by an edge of the chart, within one contract but for netting, and exchanges its own currency. */
export const isEdge = (transfer: Transfer): boolean => {
  const [one, other] = [account(transfer.debit), account(transfer.credit)];
  const inCurrency = [one, other].every((it) => it?.currency === undefined || it.currency === transfer.currency);
  return edgeOf(transfer) !== undefined && meets(transfer.code, one, other) && inCurrency;
};
