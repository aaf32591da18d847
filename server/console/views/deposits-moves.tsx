import { useSignal } from "@preact/signals";
import { fundDeposit, releaseDeposit, remitTax, reserveDeposit } from "../../../shared/wire/payout-settings.ts";
import { money } from "../kit/figures.ts";
import { reworded } from "../kit/reworded.ts";
import { saidOf, useSubmit } from "../kit/submit.ts";
import type { Deposit, Payout } from "../kit/wire.money.ts";
import type { Contract } from "../kit/wire.ts";
import { railNames } from "../kit/words.money.ts";
import { AmountBox, useAmount } from "../parts/amount-box.tsx";
import { Button } from "../parts/button.tsx";
import { Confirm } from "../parts/confirm.tsx";
import { Choice, TextBox } from "../parts/field.tsx";

type Rail = Payout["rail"];

interface MovesProps {
  readonly it: Deposit;
  readonly prefunded: boolean;
  readonly contracts: readonly Contract[];
  readonly again: () => void;
}

interface MoveProps {
  readonly it: Deposit;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

const rails = Object.entries(railNames).map(([value, label]) => ({ value, label }));

const usualRail = (currency: string): Rail => (currency === "EUR" ? "bank" : "manual");

const Fund = ({ it, onClose, onDone }: MoveProps) => {
  const amount = useAmount(null, it.currency);
  const rail = useSignal<Rail>(usualRail(it.currency));
  const form = useSubmit(fundDeposit, onDone);
  return (
    <Confirm
      open
      title="Record money that came in"
      label="It came in"
      busy={form.busy.value}
      problem={form.problem.value}
      fields={["/amountMinor"]}
      testid="fund"
      onClose={onClose}
      onConfirm={() => {
        if (amount.check() && amount.minor !== null)
          void form.submit({ body: { rail: rail.value, currency: it.currency, amountMinor: amount.minor } });
      }}
    >
      <AmountBox label="Amount" of={amount} problem={saidOf(form.problem.value, "/amountMinor")} testid="fund-amount" />
      <Choice
        label="How"
        value={rail.value}
        options={rails}
        onPick={(to) => (rail.value = to as Rail)}
        testid="fund-rail"
      />
      <p class="hint">Makegood moves no money: record it once it is really there.</p>
    </Confirm>
  );
};

/** How much of a reserve is free to go back: what is on its way to somebody is not. */
const releasable = (it: Deposit, contract: string): number => {
  const found = it.reserved.find((one) => one.contract === contract);
  return found ? Math.max(0, found.reservedMinor - Math.max(0, found.onTheWayMinor)) : 0;
};

const words = {
  reserve: { door: reserveDeposit, title: "Set money aside for a contract", label: "Set it aside" },
  release: { door: releaseDeposit, title: "Set money free again", label: "Set it free" },
} as const;

const Reserving = ({
  it,
  how,
  contracts,
  onClose,
  onDone,
}: MoveProps & { readonly how: keyof typeof words; readonly contracts: readonly Contract[] }) => {
  const { door, title, label } = words[how];
  const may = how === "reserve" ? contracts : contracts.filter(({ id }) => releasable(it, id) > 0);
  const contract = useSignal(may[0]?.id ?? "");
  const amount = useAmount(null, it.currency);
  const form = useSubmit(door as typeof reserveDeposit, onDone);
  const most = how === "reserve" ? it.freeMinor : releasable(it, contract.value);
  const problem = form.problem.value && {
    ...form.problem.value,
    because: reworded(form.problem.value.because, it.currency),
  };
  return (
    <Confirm
      open
      title={title}
      label={label}
      busy={form.busy.value}
      problem={problem}
      fields={["/amountMinor"]}
      testid={how}
      onClose={onClose}
      onConfirm={() => {
        if (amount.check() && amount.minor !== null)
          void form.submit({ params: { contract: contract.value }, body: { amountMinor: amount.minor } });
      }}
    >
      <Choice
        label="Contract"
        value={contract.value}
        options={may.map(({ id, influencerName, campaignName }) => ({
          value: id,
          label: `${influencerName} · ${campaignName}`,
        }))}
        onPick={(id) => (contract.value = id)}
        testid={`${how}-contract`}
      />
      <AmountBox
        label="Amount"
        of={amount}
        hint={
          how === "reserve"
            ? `${money(most, it.currency)} is free.`
            : `${money(most, it.currency)} is set aside and not on its way.`
        }
        problem={saidOf(problem, "/amountMinor")}
        testid={`${how}-amount`}
      />
    </Confirm>
  );
};

const Remit = ({ it, onClose, onDone }: MoveProps) => {
  const amount = useAmount(it.taxMinor, it.currency);
  const rail = useSignal<Rail>(usualRail(it.currency));
  const reference = useSignal("");
  const form = useSubmit(remitTax, onDone);
  const problem = form.problem.value && {
    ...form.problem.value,
    because: reworded(form.problem.value.because, it.currency),
  };
  return (
    <Confirm
      open
      title="Tax was sent to the authority"
      label="It was sent"
      busy={form.busy.value}
      problem={problem}
      fields={["/amountMinor", "/reference"]}
      testid="remit"
      onClose={onClose}
      onConfirm={() => {
        if (amount.check() && amount.minor !== null)
          void form.submit({
            body: { rail: rail.value, currency: it.currency, amountMinor: amount.minor, reference: reference.value },
          });
      }}
    >
      <AmountBox
        label="Amount"
        of={amount}
        hint={`${money(it.taxMinor, it.currency)} is kept back and not sent on yet.`}
        problem={saidOf(problem, "/amountMinor")}
        testid="remit-amount"
      />
      <Choice
        label="How"
        value={rail.value}
        options={rails}
        onPick={(to) => (rail.value = to as Rail)}
        testid="remit-rail"
      />
      <TextBox
        label="What proves it"
        hint="The bank’s reference, or the receipt’s number."
        maxLength={500}
        value={reference.value}
        onInput={(text) => (reference.value = text)}
        problem={saidOf(problem, "/reference")}
        testid="remit-reference"
      />
    </Confirm>
  );
};

type Move = "fund" | "reserve" | "release" | "remit";

const labels: Readonly<Record<Move, string>> = {
  fund: "Money came in…",
  reserve: "Set aside…",
  release: "Set free…",
  remit: "Tax was sent on…",
};

const movesOf = ({ it, prefunded, contracts }: MovesProps): readonly Move[] => [
  ...(prefunded ? (["fund"] as const) : []),
  ...(it.freeMinor > 0 && contracts.length > 0 ? (["reserve"] as const) : []),
  ...(contracts.some(({ id }) => releasable(it, id) > 0) ? (["release"] as const) : []),
  ...(it.taxMinor > 0 ? (["remit"] as const) : []),
];

/** What can be done with money on deposit and with tax kept back. */
export const DepositMoves = (props: MovesProps) => {
  const asked = useSignal<Move | null>(null);
  const { it, contracts, again } = props;
  const given = {
    it,
    onClose: (): void => {
      asked.value = null;
    },
    onDone: (): void => {
      asked.value = null;
      again();
    },
  };
  const moves = movesOf(props);
  if (moves.length === 0) return null;
  return (
    <div class="actions">
      {moves.map((move) => (
        <Button key={move} onPress={() => (asked.value = move)} label={`${labels[move]} ${it.currency}`} testid={move}>
          {labels[move]}
        </Button>
      ))}
      {asked.value === "fund" && <Fund {...given} />}
      {asked.value === "reserve" && <Reserving how="reserve" contracts={contracts} {...given} />}
      {asked.value === "release" && <Reserving how="release" contracts={contracts} {...given} />}
      {asked.value === "remit" && <Remit {...given} />}
    </div>
  );
};
