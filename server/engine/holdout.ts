import { versionAt } from "../../shared/contract/contract.ts";
import type { Terms } from "../../shared/contract/terms.ts";
import { isHeldOut } from "../../shared/judge/holdout.ts";
import { DAY_MS } from "../../shared/kit/time.ts";
import type { TouchRow } from "../store/store.ts";
import { type Book, known, read } from "./book.ts";
import type { ContractDoc } from "./shapes.ts";
import type { Unit } from "./unit.ts";

/** `holdout/{id}`: an experiment. What is null has no end yet. */
export interface HoldoutDoc {
  readonly holdout: string;
  readonly campaign: string;
  readonly partBp: number;
  readonly salt: string;
  readonly contracts: readonly string[];
  readonly leftOut: number;
  readonly startedAt: number;
  readonly endsAt: number | null;
  readonly endedAt: number | null;
}

/** `contract-holdouts/{contract}`: every experiment it has been in, in order of time. */
export interface ContractHoldoutsDoc {
  readonly holdouts: readonly string[];
}

const CLICK_BYTES = 28;

/** When a link was clicked, as the click's id says; nothing for what is no click of ours, such as a touch of history. */
export const clickedAt = (click: string): number | undefined => {
  const [, token, more] = click.split(".");
  if (!token || more !== undefined) return undefined;
  const bytes = Buffer.from(token, "base64url");
  return bytes.length === CLICK_BYTES ? bytes.readUIntBE(0, 6) : undefined;
};

/** When an experiment is over, and the first click that is not in it any more. */
export const overAt = ({ endsAt, endedAt }: HoldoutDoc): number => endedAt ?? endsAt ?? Number.POSITIVE_INFINITY;

/**
 * The terms of a contract that let an experiment decide about a click at an instant: those in force then, if they allow as
 * much. Nothing when the click lies outside the experiment.
 */
export const termsLetting = (contract: ContractDoc, holdout: HoldoutDoc, at: number): Terms | undefined => {
  if (at < holdout.startedAt || at >= overAt(holdout)) return undefined;
  const terms = versionAt(contract, at)?.terms;
  return (terms?.attribution.holdoutBp ?? 0) >= holdout.partBp ? terms : undefined;
};

/** Until when a conversion would have been a click's, in ms since 1970. */
export const windowOver = (at: number, { attribution }: Terms): number => at + attribution.windowDays * DAY_MS;

/** Every experiment a contract has been in. */
const holdoutsOf = async (book: Pick<Book, "document">, contract: string): Promise<readonly HoldoutDoc[]> => {
  const doc = await read<ContractHoldoutsDoc>(book, `contract-holdouts/${contract}`);
  return Promise.all((doc?.holdouts ?? []).map((id) => known<HoldoutDoc>(book, `holdout/${id}`)));
};

/** The experiment that holds a click out, and until when a conversion would have been the click's. */
export interface Held {
  readonly holdout: HoldoutDoc;
  readonly until: number;
}

const heldAmong = (holdouts: readonly HoldoutDoc[], contract: ContractDoc, click: string): Held | undefined => {
  const at = holdouts.length === 0 ? undefined : clickedAt(click);
  if (at === undefined) return undefined;
  for (const holdout of holdouts) {
    const terms = isHeldOut(holdout, click) ? termsLetting(contract, holdout, at) : undefined;
    if (terms) return { holdout, until: windowOver(at, terms) };
  }
  return undefined;
};

/** A contract's clicks that are held out: its experiments are read once, and most clicks are in none. */
export const heldOutOf = async (
  book: Pick<Book, "document">,
  contract: ContractDoc,
): Promise<(click: string) => Held | undefined> => {
  const holdouts = await holdoutsOf(book, contract.contract);
  return (click) => heldAmong(holdouts, contract, click);
};

/** The experiment that holds one click of a contract out; nothing for most clicks. */
export const heldOutBy = async (
  book: Pick<Book, "document">,
  contract: ContractDoc,
  click: string,
): Promise<Held | undefined> => (await heldOutOf(book, contract))(click);

/**
 * Who of the people on a journey to a conversion was held out: whether a touch was, all touches of one click's visit alike,
 * and the experiments that kept one out in which the conversion lies in the window after the click.
 */
export const holding = (book: Pick<Book, "document">, convertedAt: number) => {
  const holdouts = new Set<string>();
  const draws = new Map<string, Awaited<ReturnType<typeof heldOutOf>>>();
  const isHeld = async (contract: ContractDoc, { id, kind, click: via }: TouchRow): Promise<boolean> => {
    const draw = draws.get(contract.contract) ?? (await heldOutOf(book, contract));
    draws.set(contract.contract, draw);
    const click = kind === "click" ? id : via;
    const held = click === null ? undefined : draw(click);
    if (held && convertedAt <= held.until) holdouts.add(held.holdout.holdout);
    return held !== undefined;
  };
  return { isHeld, holdouts };
};

/** Put on record, once, that people whose clicks were held out converted. */
export const recordHeldOut = async (
  unit: Unit,
  conversion: string,
  holdouts: ReadonlySet<string>,
  by: string,
): Promise<void> => {
  for (const holdout of [...holdouts].sort())
    if (!(await unit.document(`held-out/${conversion}/${holdout}`)))
      await unit.record({ type: "conversion-held-out", conversion, holdout }, by);
};
