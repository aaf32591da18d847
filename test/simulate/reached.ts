import { edges } from "../../shared/pay/chart.ts";
import { waitingCodes } from "../../shared/pay/payout.plan.ts";
import { mishaps } from "./disk.ts";

/** Ways of the chart that no year can go, and why. */
export const unreachable: Readonly<Record<string, string>> = {
  "edge 200 accrued expense:adjustment": "a sum agreed on counts at every stage at once, so it leaves what is payable",
  "edge 200 validated expense:adjustment":
    "a sum agreed on counts at every stage at once, so it leaves what is payable",
  "edge 200 approved expense:adjustment": "a sum agreed on counts at every stage at once, so it leaves what is payable",
  "edge 310 advance cash": "no door pays in advance",
  "edge 311 payable advance": "no door pays in advance, so nothing is taken out of what was",
  "edge 500 payable fx": "no door exchanges currencies",
  "edge 500 fx payable": "no door exchanges currencies",
  "waits rail-refuses": "details are checked by their rail when they are said",
};

const named = (name: string, all: readonly string[]): readonly string[] => all.map((it) => `${name} ${it}`);

const contractFacts = [
  "drafted",
  "offered",
  "countered",
  "amendment-proposed",
  "signed",
  "started",
  "amended",
  "declined",
  "withdrawn",
  "expired",
  "reminded",
  "notice-given",
  "notice-agreed",
  "terminated",
  "completed",
];

const disputeFacts = ["opened", "answered", "replied", "proposed", "escalated", "reminded", "resolved", "eased"];

const sides = ["conversion", "statement", "contract"].flatMap((item) => [`${item} by brand`, `${item} by influencer`]);

const laws = [
  "a proRata was due",
  "a penalty was due",
  "a penalty's own cap bit",
  "a make-good was pending",
  "a make-good was filled",
  "a make-good was filled in part",
  "a make-good ended",
  "a shortfall was carried over",
  "a result's cap bit",
  "a period's cap bit",
  "the total cap bit",
  "a bonus on clickThrough was won",
  "a bonus on target was won",
  "a retroactive step fell",
  "a closed period was worth less",
  "too little was carried",
  "a share was restated after its period closed",
  "a share was restated to nothing",
];

/** Everything that must come up in the years that are lived through every time. */
export const wanted: readonly string[] = [
  ...edges.map(({ code, debit, credit }) => `edge ${code} ${debit} ${credit}`),
  ...named("fact", [
    ...contractFacts.map((it) => `contract-${it}`),
    ...disputeFacts.map((it) => `dispute-${it}`),
    ...["made", "sent", "overdue", "settled", "failed", "returned", "unclaimed"].map((it) => `payout-${it}`),
  ]),
  ...named("status", ["drafted", "completed", "terminated", "declined", "withdrawn", "expired"]),
  ...named("dispute", ["accepted", "decided", "withdrawn", "conceded", "silence"]),
  ...named("disputed", sides),
  ...named("waits", waitingCodes),
  ...named("mishap", mishaps),
  ...named("law:", laws),
  "missed: none",
  "a touch was remembered",
  ...named("a rail said", ["submitted", "settled", "refused", "unknown"]),
];
