/**
 * What the books should hold, from the story alone: written from the rules in plain maps and sums, with no code of the law.
 * Contracts earn items that climb from 0 (expected) to 3 (payable); what a contract may be paid, or owes, is what reached 3,
 * less remedies, less all that has left it. Everything about deposits and tax is kept as it happens.
 */

/** One thing a contract earned: its kind, its minor units, and how far it has come. */
export interface Item {
  kind: string;
  amountMinor: number;
  stage: number;
}

/** One contract's story so far. */
export interface Life {
  readonly contract: string;
  readonly influencer: string;
  items: Item[];
  creditMinor: number;
  holdMinor: number;
  /** What is held, as of the last time its books were restated or a payout came back. */
  heldApproved: number;
  heldPayable: number;
  recouped: number;
  advanced: number;
  writtenOff: number;
  exchangedAway: number;
  exchangedFor: number;
}

/** One payout as the story has it. */
export interface Trip {
  readonly id: string;
  readonly influencer: string;
  readonly currency: string;
  readonly rail: string;
  readonly lines: readonly { readonly contract: string; readonly amountMinor: number }[];
  readonly taxMinor: number;
  readonly feeMinor: number;
  state: "submitted" | "settled" | "failed" | "returned";
}

/** Everything that happened. */
export interface Story {
  readonly lives: readonly Life[];
  readonly trips: Trip[];
  /** `cash:bank`, `brand:deposit`, `brand:reserved:con_1`, … of each currency, in the direction in which they grow. */
  readonly purse: Map<string, number>;
}

const total = (amounts: readonly number[]): number => amounts.reduce((all, it) => all + it, 0);

export const life = (contract: string, influencer: string): Life => ({
  contract,
  influencer,
  items: [],
  creditMinor: 0,
  holdMinor: 0,
  heldApproved: 0,
  heldPayable: 0,
  recouped: 0,
  advanced: 0,
  writtenOff: 0,
  exchangedAway: 0,
  exchangedFor: 0,
});

/** What has come as far as a stage, after remedies. */
export const reachedBy = ({ items, creditMinor }: Life, stage: number): number =>
  total(items.filter((it) => it.stage >= stage).map((it) => it.amountMinor)) - creditMinor;

const gone = ({ trips }: Story, contract: string, currency: string): number =>
  total(
    trips
      .filter((it) => it.currency === currency && (it.state === "submitted" || it.state === "settled"))
      .flatMap(({ lines }) => lines.filter((it) => it.contract === contract).map((it) => it.amountMinor)),
  );

/** What a contract may be paid in dollars, or owes, where below zero. */
export const position = (story: Story, it: Life): number =>
  reachedBy(it, 3) - gone(story, it.contract, "USD") - it.recouped - it.exchangedAway + it.writtenOff;

/** What a contract may be paid in euros. */
export const euros = (story: Story, it: Life): number => it.exchangedFor - gone(story, it.contract, "EUR");

/** What may be sent now: what disputes do not hold. */
export const free = (story: Story, it: Life): number => Math.max(0, position(story, it)) - it.heldPayable;

/** Disputes hold what is approved first, then what may be paid, never more than there is. */
export const holdAgain = (story: Story, it: Life): void => {
  it.heldApproved = Math.min(it.holdMinor, reachedBy(it, 2) - reachedBy(it, 3));
  it.heldPayable = Math.min(it.holdMinor - it.heldApproved, Math.max(0, position(story, it)));
};

export const add = ({ purse }: Story, name: string, amountMinor: number): void => {
  purse.set(name, (purse.get(name) ?? 0) + amountMinor);
};

export const has = ({ purse }: Story, name: string): number => purse.get(name) ?? 0;

/** How much of each contract's line is on its way: debts and tax are taken from the first contracts by name. */
export const onTheWay = ({ lines, taxMinor }: Trip): ReadonlyMap<string, number> => {
  const sums = new Map<string, number>();
  for (const { contract, amountMinor } of lines) sums.set(contract, (sums.get(contract) ?? 0) + amountMinor);
  let eaten = taxMinor - total([...sums.values()].filter((it) => it < 0));
  const way = new Map<string, number>();
  for (const contract of [...sums.keys()].sort()) {
    const line = Math.max(0, sums.get(contract) ?? 0);
    const bite = Math.min(line, eaten);
    eaten -= bite;
    way.set(contract, line - bite);
  }
  return way;
};

const creditsOf = (story: Story, it: Life): readonly (readonly [string, number])[] => {
  const [r0, r1, r2, r3] = [0, 1, 2, 3].map((stage) => reachedBy(it, stage)) as [number, number, number, number];
  const under = `USD influencer:${it.contract}`;
  const may = position(story, it);
  const way = (currency: string) =>
    total(
      story.trips
        .filter((trip) => trip.state === "submitted" && trip.currency === currency)
        .map((trip) => onTheWay(trip).get(it.contract) ?? 0),
    );
  return [
    [`${under}:accrued`, r0 - r1],
    [`${under}:validated`, r1 - r2],
    [`${under}:approved`, r2 - r3 - it.heldApproved],
    [`${under}:payable`, Math.max(0, may) - it.heldPayable],
    [`${under}:held:approved`, it.heldApproved],
    [`${under}:held:payable`, it.heldPayable],
    [`${under}:in_transit`, way("USD")],
    [`EUR influencer:${it.contract}:payable`, euros(story, it)],
    [`EUR influencer:${it.contract}:in_transit`, way("EUR")],
    [`USD guarantee_credit:${it.contract}`, it.creditMinor],
  ];
};

const debitsOf = (story: Story, it: Life): readonly (readonly [string, number])[] => [
  ...["base", "tier", "bonus", "fixed", "adjustment"].map((kind) => {
    const earned = it.items.filter((item) => item.kind === kind).map((item) => item.amountMinor);
    return [`USD expense:${it.contract}:${kind}`, total(earned)] as const;
  }),
  [`USD clawback:${it.influencer}:${it.contract}`, Math.max(0, -position(story, it))],
  [`USD advance:${it.contract}`, it.advanced - it.recouped],
];

const growsByDebit = (name: string): boolean => /^... (cash:|bad_debt|fx:)/.test(name);

/** Every account that holds something, as `"USD influencer:con_1:payable"`, debits minus credits. */
export const foretold = (story: Story): ReadonlyMap<string, number> =>
  new Map(
    [
      ...story.lives.flatMap((it) => creditsOf(story, it).map(([name, amount]) => [name, 0 - amount] as const)),
      ...story.lives.flatMap((it) => debitsOf(story, it)),
      ...[...story.purse].map(([name, amount]) => [name, growsByDebit(name) ? amount : 0 - amount] as const),
    ].filter(([, amount]) => amount !== 0),
  );
