import { useSignal } from "@preact/signals";
import { influencers } from "../../../shared/wire/brand.ts";
import { sayWithholding } from "../../../shared/wire/payout-settings.ts";
import { payouts } from "../../../shared/wire/payouts.ts";
import { type Answered, ask } from "../kit/ask.ts";
import { locale, percent } from "../kit/figures.ts";
import { useLoad } from "../kit/load.ts";
import { known, sidesOf } from "../kit/session.ts";
import { saidOf, useSubmit } from "../kit/submit.ts";
import { Button } from "../parts/button.tsx";
import { Confirm } from "../parts/confirm.tsx";
import { TextBox } from "../parts/field.tsx";
import { Card } from "../parts/small.tsx";
import { Shown } from "../parts/states.tsx";
import { hundredths, percentText } from "../terms/amount.ts";

const MOST_BP = 5_000;

/** An influencer, and how much is kept back of what they are paid. */
interface Kept {
  readonly influencer: string;
  readonly name: string;
  readonly where: string;
  readonly withholdBp: number;
}

const readAll = async (): Promise<Answered<readonly Kept[]>> => {
  const [people, page] = await Promise.all([ask(influencers), ask(payouts)]);
  if (!people.ok) return people;
  if (!page.ok) return page;
  const me = known();
  const details = page.value.details.filter((it) => sidesOf(it, me).brand);
  const value = people.value.influencers.map(({ id, name }) => {
    const said = details.find(({ influencer }) => influencer === id);
    return {
      influencer: id,
      name,
      where: said?.summary ?? "Has not said yet where to be paid",
      withholdBp: said?.withholdBp ?? 0,
    };
  });
  return { ok: true, value };
};

const Change = ({
  it,
  onClose,
  onDone,
}: {
  readonly it: Kept;
  readonly onClose: () => void;
  readonly onDone: () => void;
}) => {
  const text = useSignal(percentText(it.withholdBp));
  const form = useSubmit(sayWithholding, onDone);
  const bp = hundredths(text.value, locale());
  const good = bp !== null && bp <= MOST_BP;
  return (
    <Confirm
      open
      title={`Tax kept back of ${it.name}’s payouts`}
      label="Save"
      busy={form.busy.value}
      problem={form.problem.value}
      fields={["/withholdBp"]}
      testid="withhold"
      onClose={onClose}
      onConfirm={() => {
        if (good) void form.submit({ params: { influencer: it.influencer }, body: { withholdBp: bp } });
      }}
    >
      <TextBox
        label="Percent of each payout"
        hint="From 0 to 50. It applies to batches made from now on; the influencer sees it on each payout."
        inputMode="decimal"
        value={text.value}
        onInput={(typed) => (text.value = typed)}
        problem={
          good
            ? saidOf(form.problem.value, "/withholdBp")
            : "Write a percentage from 0 to 50, with at most two decimals."
        }
        testid="withhold-percent"
      />
    </Confirm>
  );
};

/** How much tax is kept back of whose payouts, and the way to change it. */
export const Withholding = () => {
  const load = useLoad("withholding", readAll);
  const changing = useSignal<Kept | null>(null);
  const close = (): void => {
    changing.value = null;
  };
  return (
    <Card title="Tax kept back">
      <p class="quiet">
        Where the law asks you to keep tax back and pay it to the authority. Whether it does, your tax adviser knows.
      </p>
      <Shown of={load} lines={3}>
        {(all) => (
          <ul class="plain-rows" data-testid="withholding">
            {all.length === 0 && <li class="quiet">No influencer is invited yet.</li>}
            {all.map((it) => (
              <li key={it.influencer} class="wait-row" data-influencer={it.influencer}>
                <div>
                  <strong>{it.name}</strong>
                  <p class="quiet break">{it.where}</p>
                </div>
                <span class="actions">
                  <span class="num">{percent(it.withholdBp * 100)}</span>
                  <Button
                    small
                    kind="quiet"
                    label={`Change what is kept back of ${it.name}’s payouts`}
                    onPress={() => (changing.value = it)}
                    testid="change-withholding"
                  >
                    Change
                  </Button>
                </span>
              </li>
            ))}
          </ul>
        )}
      </Shown>
      {changing.value && (
        <Change
          key={changing.value.influencer}
          it={changing.value}
          onClose={close}
          onDone={() => {
            close();
            load.again();
          }}
        />
      )}
    </Card>
  );
};
