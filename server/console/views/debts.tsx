import { useSignal } from "@preact/signals";
import { confirmWriteOff, debts, proposeWriteOff } from "../../../shared/wire/payout-settings.ts";
import { ask } from "../kit/ask.ts";
import { money } from "../kit/figures.ts";
import { useLoad } from "../kit/load.ts";
import { reworded } from "../kit/reworded.ts";
import { saidOf, useSubmit } from "../kit/submit.ts";
import type { Debt, WriteOff } from "../kit/wire.money.ts";
import { debtAges } from "../kit/words.money.ts";
import { AmountBox, useAmount } from "../parts/amount-box.tsx";
import { Button } from "../parts/button.tsx";
import { Confirm } from "../parts/confirm.tsx";
import { ShareBar } from "../parts/sharebar.tsx";
import { Amount, Badge, Card, Head, When } from "../parts/small.tsx";
import { Empty, Shown } from "../parts/states.tsx";
import { PayoutTabs } from "./payout-parts.tsx";

const tones: Readonly<Record<Debt["age"], string>> = {
  "0-30": "stage-1",
  "31-60": "stage-2",
  "61-90": "warn",
  "90+": "bad",
};
const ages = ["0-30", "31-60", "61-90", "90+"] as const;

/** What one influencer owes in one currency. */
interface Owed {
  readonly influencer: string;
  readonly influencerName: string;
  readonly currency: string;
  readonly amountMinor: number;
  readonly parts: readonly Debt[];
}

const sumOf = (all: readonly { readonly amountMinor: number }[]): number =>
  all.reduce((sum, { amountMinor }) => sum + amountMinor, 0);

const byPerson = (all: readonly Debt[]): readonly Owed[] =>
  [...Map.groupBy(all, ({ influencer, currency }) => `${influencer} ${currency}`).values()].flatMap((parts) => {
    const [first] = parts;
    if (!first) return [];
    const { influencer, influencerName, currency } = first;
    return [{ influencer, influencerName, currency, amountMinor: sumOf(parts), parts }];
  });

const Ages = ({ all, currency }: { readonly all: readonly Debt[]; readonly currency: string }) => (
  <Card testid="ages">
    <div class="sum">
      <Amount minor={sumOf(all)} currency={currency} testid="owed-total" />
      <p class="quiet">owed, by age</p>
    </div>
    <ShareBar
      what={`Owed in ${currency}, by age`}
      parts={ages.map((age) => {
        const minor = sumOf(all.filter((it) => it.age === age));
        return {
          key: age,
          label: debtAges[age],
          weight: minor,
          written: money(minor, currency),
          tone: tones[age],
          testid: `age-${age}`,
          exact: minor,
        };
      })}
    />
  </Card>
);

const Propose = ({
  it,
  onClose,
  onDone,
}: {
  readonly it: Owed;
  readonly onClose: () => void;
  readonly onDone: () => void;
}) => {
  const amount = useAmount(it.amountMinor, it.currency);
  const form = useSubmit(proposeWriteOff, onDone);
  const problem = form.problem.value && {
    ...form.problem.value,
    because: reworded(form.problem.value.because, it.currency),
  };
  return (
    <Confirm
      open
      title={`Give up what ${it.influencerName} owes?`}
      label="Propose it"
      kind="danger"
      busy={form.busy.value}
      problem={problem}
      fields={["/amountMinor"]}
      testid="write-off"
      onClose={onClose}
      onConfirm={() => {
        if (amount.check() && amount.minor !== null)
          void form.submit({
            params: { influencer: it.influencer },
            body: { currency: it.currency, amountMinor: amount.minor },
          });
      }}
    >
      <AmountBox
        label="Amount to give up"
        of={amount}
        hint={`${money(it.amountMinor, it.currency)} is owed. The oldest part is given up first.`}
        problem={saidOf(problem, "/amountMinor")}
        testid="write-off-amount"
      />
      <p>
        Nothing happens until another owner of the brand confirms it. A new proposal takes the place of one that waits.
      </p>
    </Confirm>
  );
};

const People = ({ owed, again }: { readonly owed: readonly Owed[]; readonly again: () => void }) => {
  const asked = useSignal<Owed | null>(null);
  const close = (): void => {
    asked.value = null;
  };
  return (
    <Card title="Who owes what">
      <ul class="plain-rows" data-testid="owed">
        {owed.map((it) => (
          <li
            key={`${it.influencer} ${it.currency}`}
            class="plan-row"
            data-testid="owed-row"
            data-influencer={it.influencer}
          >
            <details>
              <summary>
                <span class="payout-head">
                  <strong>{it.influencerName}</strong>
                  <Amount minor={it.amountMinor} currency={it.currency} />
                </span>
              </summary>
              <ul class="plain-rows">
                {it.parts.map((part) => (
                  <li key={`${part.contract} ${part.since}`} class="wait-row">
                    <p>
                      <a href={`/contracts/${part.contract}/statement`}>Statement</a>{" "}
                      <span class="quiet">
                        {debtAges[part.age]}, since <When at={part.since} />
                      </span>
                    </p>
                    <Amount minor={part.amountMinor} currency={part.currency} />
                  </li>
                ))}
              </ul>
            </details>
            <div class="actions">
              <Button
                small
                kind="quiet"
                label={`Give it up: ${it.influencerName}`}
                onPress={() => (asked.value = it)}
                testid="give-up"
              >
                Give it up…
              </Button>
            </div>
          </li>
        ))}
      </ul>
      {asked.value && (
        <Propose
          it={asked.value}
          onClose={close}
          onDone={() => {
            close();
            again();
          }}
        />
      )}
    </Card>
  );
};

const waits = {
  title: "Waits for another owner",
  tone: "warn",
  says: "Whoever proposed it cannot confirm it.",
} as const;
const given = { title: "Given up", tone: "plain", says: "One proposed it, another confirmed it." } as const;

const WriteOffRow = ({ it, again }: { readonly it: WriteOff; readonly again: () => void }) => {
  const sure = useSignal(false);
  const form = useSubmit(confirmWriteOff, () => {
    sure.value = false;
    again();
  });
  const { influencerName, currency, amountMinor, proposedAt, confirmedAt } = it;
  return (
    <li class="wait-row" data-testid="write-off-row" data-confirmed={confirmedAt !== null}>
      <div>
        <strong>{influencerName}</strong> <Badge word={confirmedAt === null ? waits : given} />
        <p class="quiet">
          <Amount minor={amountMinor} currency={currency} /> · proposed <When at={proposedAt} />
          {confirmedAt !== null && (
            <>
              , confirmed <When at={confirmedAt} />
            </>
          )}
        </p>
      </div>
      {confirmedAt === null && (
        <Button small label={`Confirm: ${influencerName}`} onPress={() => (sure.value = true)} testid="ask-to-confirm">
          Confirm…
        </Button>
      )}
      <Confirm
        open={sure.value}
        title={`Give up ${money(amountMinor, currency)}?`}
        label="Give it up"
        kind="danger"
        busy={form.busy.value}
        problem={form.problem.value}
        testid="giving-up"
        onClose={() => (sure.value = false)}
        onConfirm={() => void form.submit({ params: { writeOff: it.id }, body: {} })}
      >
        <p>
          {influencerName} will not owe it any more, and it becomes your loss. You can confirm it only if somebody else
          proposed it.
        </p>
      </Confirm>
    </li>
  );
};

const WriteOffs = ({ all, again }: { readonly all: readonly WriteOff[]; readonly again: () => void }) => (
  <Card title="Debts given up, or proposed to be" testid="write-offs">
    <p class="quiet">
      It takes two owners of the brand: one proposes, another confirms. If you are the only owner, nobody can confirm
      it; the debt then stays, and is taken out of what is earned next.
    </p>
    {all.length === 0 && <p class="quiet">None.</p>}
    <ul class="plain-rows">
      {all.map((it) => (
        <WriteOffRow key={it.id} it={it} again={again} />
      ))}
    </ul>
  </Card>
);

/** What influencers owe, how old it is, and the two-person way to give it up. */
export const DebtsView = () => {
  const load = useLoad("debts", () => ask(debts));
  return (
    <>
      <Head
        title="Debts"
        under="What was paid and turned out not to be earned, as after a refund. It is taken out of what is earned next."
      />
      <PayoutTabs here="/payouts/debts" />
      <Shown of={load} lines={6}>
        {(page) => (
          <>
            {page.debts.length === 0 && (
              <Empty title="Nobody owes you anything">
                <p class="quiet">When more was paid than results earned in the end, it stands here with its age.</p>
              </Empty>
            )}
            {[...Map.groupBy(page.debts, ({ currency }) => currency)].map(([currency, all]) => (
              <Ages key={currency} all={all} currency={currency} />
            ))}
            {page.debts.length > 0 && <People owed={byPerson(page.debts)} again={load.again} />}
            {(page.debts.length > 0 || page.writeOffs.length > 0) && (
              <WriteOffs all={page.writeOffs} again={load.again} />
            )}
          </>
        )}
      </Shown>
    </>
  );
};
