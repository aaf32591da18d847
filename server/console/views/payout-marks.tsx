import { useSignal } from "@preact/signals";
import { UNCLAIMED_MS } from "../../../shared/pay/payout.ts";
import { failPayout, returnPayout, settlePayout, unclaimPayout } from "../../../shared/wire/payouts.ts";
import { money } from "../kit/figures.ts";
import { saidOf, useSubmit } from "../kit/submit.ts";
import type { Payout } from "../kit/wire.money.ts";
import { Button } from "../parts/button.tsx";
import { Confirm } from "../parts/confirm.tsx";
import { TextBox } from "../parts/field.tsx";

/** What every way of marking a payout is given. */
interface MarkProps {
  readonly it: Payout;
  readonly onMarked: (it: Payout) => void;
}

interface SaidMarkProps extends MarkProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

const sum = ({ sentMinor, currency }: Payout): string => money(sentMinor, currency);

const Settle = ({ it, open, onMarked, onClose }: SaidMarkProps) => {
  const reference = useSignal("");
  const form = useSubmit(settlePayout, onMarked);
  return (
    <Confirm
      open={open}
      title={`${sum(it)} to ${it.influencerName} was paid?`}
      label="It was paid"
      busy={form.busy.value}
      problem={form.problem.value}
      fields={["/reference"]}
      testid="settle"
      onClose={onClose}
      onConfirm={() => void form.submit({ params: { payout: it.id }, body: { reference: reference.value } })}
    >
      <TextBox
        label="What proves it"
        hint={`The bank’s reference, a transaction number. ${it.influencerName} sees it too.`}
        maxLength={500}
        value={reference.value}
        onInput={(text) => (reference.value = text)}
        problem={saidOf(form.problem.value, "/reference")}
        testid="settle-reference"
      />
    </Confirm>
  );
};

const because = {
  fail: {
    door: failPayout,
    title: (it: Payout) => `${sum(it)} to ${it.influencerName} could not be paid?`,
    label: "It failed",
    says: "The money is payable again, and the next run pays it.",
  },
  return: {
    door: returnPayout,
    title: (it: Payout) => `${sum(it)} to ${it.influencerName} came back?`,
    label: "It came back",
    says: "Say so only once the money is back with you. It is payable again then, and the next run pays it.",
  },
} as const;

const Because = ({ it, how, open, onMarked, onClose }: SaidMarkProps & { readonly how: keyof typeof because }) => {
  const reason = useSignal("");
  const { door, title, label, says } = because[how];
  const form = useSubmit(door as typeof failPayout, onMarked);
  return (
    <Confirm
      open={open}
      title={title(it)}
      label={label}
      kind="danger"
      busy={form.busy.value}
      problem={form.problem.value}
      fields={["/reason"]}
      testid={how}
      onClose={onClose}
      onConfirm={() => void form.submit({ params: { payout: it.id }, body: { reason: reason.value } })}
    >
      <p>{says}</p>
      <TextBox
        label="Why"
        hint={`${it.influencerName} sees it too.`}
        maxLength={500}
        value={reason.value}
        onInput={(text) => (reason.value = text)}
        problem={saidOf(form.problem.value, "/reason")}
        testid={`${how}-reason`}
      />
    </Confirm>
  );
};

const Unclaim = ({ it, open, onMarked, onClose }: SaidMarkProps) => {
  const form = useSubmit(unclaimPayout, onMarked);
  return (
    <Confirm
      open={open}
      title={`Nobody claimed ${sum(it)} for ${it.influencerName}?`}
      label="Take it back"
      kind="danger"
      busy={form.busy.value}
      problem={form.problem.value}
      testid="unclaim"
      onClose={onClose}
      onConfirm={() => void form.submit({ params: { payout: it.id }, body: {} })}
    >
      <p>It was sent more than thirty days ago. The money is payable again, and the next run pays it.</p>
    </Confirm>
  );
};

type Mark = "settle" | "fail" | "return" | "unclaim";

const labels: Readonly<Record<Mark, string>> = {
  settle: "Paid…",
  fail: "Failed…",
  return: "Came back…",
  unclaim: "Unclaimed…",
};

/** What can be said of a payout as it stands. */
const marksOf = ({ status, events, overdue }: Payout): readonly Mark[] => {
  if (status === "made") return ["fail"];
  if (status === "settled") return ["return"];
  if (status !== "sent") return [];
  const sentAt = events.findLast(({ what }) => what === "sent")?.at;
  const old = overdue || (sentAt !== undefined && Date.now() >= sentAt + UNCLAIMED_MS);
  return ["settle", "fail", "return", ...(old ? (["unclaim"] as const) : [])];
};

/** Say what became of a payout; each asks once more before it is written down. */
export const Marks = ({ it, onMarked }: MarkProps) => {
  const asked = useSignal<Mark | null>(null);
  const done = (marked: Payout): void => {
    asked.value = null;
    onMarked(marked);
  };
  const marks = marksOf(it);
  const given = (mark: Mark) => ({
    it,
    onMarked: done,
    open: asked.value === mark,
    onClose: () => (asked.value = null),
  });
  return (
    <div class="actions">
      {marks.map((mark) => (
        <Button
          key={mark}
          small
          kind={mark === "settle" ? "plain" : "quiet"}
          label={`${labels[mark]} ${it.influencerName}`}
          onPress={() => (asked.value = mark)}
          testid={`mark-${mark}`}
        >
          {labels[mark]}
        </Button>
      ))}
      {marks.includes("settle") && <Settle {...given("settle")} />}
      {marks.includes("fail") && <Because how="fail" {...given("fail")} />}
      {marks.includes("return") && <Because how="return" {...given("return")} />}
      {marks.includes("unclaim") && <Unclaim {...given("unclaim")} />}
    </div>
  );
};
