import { useSignal } from "@preact/signals";
import { NOTICE_DAYS, type NoticeReason, noticeReasons, todayOf } from "../../../shared/contract/contract.ts";
import { addDays, isDay } from "../../../shared/kit/time.ts";
import { agreeTermination, terminateContract } from "../../../shared/wire/contracts.ts";
import { lastDayOf, partiesOf, partyName } from "../kit/contract.ts";
import { day } from "../kit/figures.ts";
import { known } from "../kit/session.ts";
import { saidOf, useSubmit } from "../kit/submit.ts";
import type { Contract } from "../kit/wire.ts";
import { notices } from "../kit/words.ts";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Choice, TextBox } from "../parts/field.tsx";
import { Form, Refused } from "../parts/form.tsx";
import { Card, When } from "../parts/small.tsx";

interface NoticeProps {
  readonly it: Contract;
  readonly onDone: (it: Contract) => void;
}

interface GivingProps extends NoticeProps {
  /** The terms in force now, whose notice counts. */
  readonly terms: Contract["terms"];
}

const noticeDaysOf = ({ timing }: Contract["terms"]): number => timing.noticeDays ?? NOTICE_DAYS;

const reasons = [
  { value: "", label: "I would rather not say" },
  ...noticeReasons.map((value) => ({ value, label: notices[value] })),
];

/** What becomes of a notice that asks for a day, as things stand. */
const foreseen = ({ it, terms }: GivingProps, asked: string, today: string): string => {
  const ends = lastDayOf(it);
  if (!isDay(asked)) return "Choose a day.";
  if (asked < today) return `A contract cannot end in the past; today is ${day(today)} where it is kept.`;
  if (asked >= ends) return `It ends on ${day(ends)} as it is. Choose an earlier day, or let it end.`;
  const soonest = addDays(today, noticeDaysOf(terms));
  if (asked >= soonest) return `It ends after ${day(asked)}, whether the other side agrees or not.`;
  const byItself = soonest < ends ? soonest : ends;
  return `If the other side agrees it ends after ${day(asked)}; by itself, after ${day(byItself)}.`;
};

const Giving = (props: GivingProps) => {
  const { it, terms, onDone } = props;
  const today = todayOf(it.terms, Date.now());
  const soonest = addDays(today, noticeDaysOf(terms));
  const asked = useSignal(soonest < lastDayOf(it) ? soonest : today);
  const reason = useSignal<NoticeReason | "">("");
  const form = useSubmit(terminateContract, onDone);
  const problem = form.problem.value;
  const send = (): void => {
    const body = { lastDay: asked.value, ...(reason.value !== "" && { reason: reason.value }) };
    void form.submit({ params: { contract: it.id }, body });
  };
  return (
    <Form onSubmit={send} problem={problem} fields={["/lastDay", "/reason"]} testid="notice-form">
      <p>
        The terms ask for {noticeDaysOf(terms)} days of notice. What was earned until the last day stays earned; links
        work until then.
      </p>
      <TextBox
        label="Last day"
        type="date"
        value={asked.value}
        onInput={(text) => (asked.value = text)}
        hint={foreseen(props, asked.value, today)}
        problem={saidOf(problem, "/lastDay")}
        testid="notice-day"
      />
      <Choice
        label="Why"
        value={reason.value}
        options={reasons}
        onPick={(picked) => (reason.value = picked as NoticeReason | "")}
        problem={saidOf(problem, "/reason")}
        testid="notice-reason"
      />
      <Button kind="danger" busy={form.busy.value} testid="confirm-notice">
        Give notice
      </Button>
    </Form>
  );
};

/** To end a contract that runs before its last day. */
export const GiveNotice = ({ it, terms, onDone }: GivingProps) => {
  const open = useSignal(false);
  const done = (now: Contract): void => {
    open.value = false;
    onDone(now);
  };
  return (
    <>
      <Button onPress={() => (open.value = true)} testid="give-notice">
        Give notice
      </Button>
      <Dialog open={open.value} title="End it early" onClose={() => (open.value = false)} testid="notice-dialog">
        <Giving it={it} terms={terms} onDone={done} />
      </Dialog>
    </>
  );
};

const Agree = ({ it, onDone, asked }: NoticeProps & { readonly asked: string }) => {
  const form = useSubmit(agreeTermination, onDone);
  return (
    <>
      <div class="actions">
        <Button
          busy={form.busy.value}
          testid="agree-notice"
          onPress={() => void form.submit({ params: { contract: it.id }, body: {} })}
        >
          Agree to {day(asked)}
        </Button>
        <span class="quiet">If you say nothing, it ends after {day(lastDayOf(it))}.</span>
      </div>
      {form.problem.value && <Refused problem={form.problem.value} />}
    </>
  );
};

/** Notice that was given, what comes of it, and for the other side the way to agree to the day it asks for. */
export const Notice = ({ it, onDone }: NoticeProps) => {
  if (!it.notice) return null;
  const { by, lastDay: asked, at } = it.notice;
  const running = it.status === "running";
  const agreed = it.lastDay === asked;
  const other = partiesOf(it, known()).some((party) => party !== by);
  const mayAgree = running && other && !agreed && asked >= todayOf(it.terms, Date.now());
  return (
    <Card title={running ? "It ends early" : "It was ended early"} class="warned" testid="notice">
      <p>
        {partyName(it, by)} gave notice on <When at={at} />
        {agreed ? "." : `, asking for ${day(asked)} as the last day.`}{" "}
        <strong data-testid="last-day" data-day={lastDayOf(it)}>
          {running ? "The last day is" : "The last day was"} {day(lastDayOf(it))}.
        </strong>
      </p>
      {mayAgree && <Agree it={it} onDone={onDone} asked={asked} />}
    </Card>
  );
};
