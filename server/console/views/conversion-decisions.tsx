import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { approve } from "../../../shared/wire/conversions.ts";
import { useSubmit } from "../kit/submit.ts";
import type { ConversionPage } from "../kit/wire.ts";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Form } from "../parts/form.tsx";
import { Reject } from "./conversion-reject.tsx";
import { Reverse } from "./conversion-reverse.tsx";

/** What every decision dialog is given. */
export interface DecisionProps {
  readonly page: ConversionPage;
  readonly onDone: () => void;
}

const Approve = ({ page, onDone }: DecisionProps) => {
  const form = useSubmit(approve, onDone);
  return (
    <Form
      onSubmit={() => void form.submit({ params: { conversion: page.id }, body: {} })}
      problem={form.problem.value}
      testid="approve-form"
    >
      <p>
        It counts from now on, whatever its grade, and its money is past review. The influencers who led to it see that
        you approved it.
      </p>
      <Button kind="primary" busy={form.busy.value} testid="confirm-approve">
        Approve
      </Button>
    </Form>
  );
};

const decisions = {
  approve: { title: "Approve this conversion?", Body: Approve, when: ["accrued", "validated", "rejected"] },
  reject: { title: "Reject this conversion?", Body: Reject, when: ["accrued", "validated", "approved", "payable"] },
  reverse: {
    title: "Take back this conversion?",
    Body: Reverse,
    when: ["accrued", "validated", "approved", "payable"],
  },
} as const;

type Decision = keyof typeof decisions;

const buttons: Readonly<Record<Decision, { readonly label: string; readonly kind: "primary" | "plain" | "danger" }>> = {
  approve: { label: "Approve", kind: "primary" },
  reject: { label: "Reject…", kind: "danger" },
  reverse: { label: "Reverse…", kind: "plain" },
};

const isOpen = (decision: Decision, { stage, takenBack }: ConversionPage): boolean =>
  (decisions[decision].when as readonly string[]).includes(stage) && !(decision === "approve" && takenBack);

/** Why what was rejected cannot be approved after all. */
const Settled = () => (
  <p class="notice" data-testid="taken-back">
    It cannot be approved any more: it had counted before you rejected it, and that it was taken back is on the
    statement and stays there. If it was rejected by mistake, whoever lost money by it may open a dispute, and you can
    agree to it.
  </p>
);

/** A decision may take away the very button that was pressed; the focus is then at the top of what came of it. */
const useFocusKept = (stage: ConversionPage["stage"]): void => {
  const before = useRef(stage);
  useEffect(() => {
    const isNew = before.current !== stage;
    before.current = stage;
    if (isNew && document.activeElement === document.body) document.getElementById("main")?.focus();
  }, [stage]);
};

/** What the brand may decide about a conversion as it stands; each asks once more before it acts. */
export const Decisions = ({ page, onChange }: { readonly page: ConversionPage; readonly onChange: () => void }) => {
  const asked = useSignal<Decision | null>(null);
  useFocusKept(page.stage);
  const open = (Object.keys(decisions) as Decision[]).filter((it) => isOpen(it, page));
  const onDone = (): void => {
    asked.value = null;
    onChange();
  };
  if (page.takenBack) return <Settled />;
  if (open.length === 0) return null;
  return (
    <div class="actions decisions">
      {open.map((it) => (
        <Button key={it} kind={buttons[it].kind} onPress={() => (asked.value = it)} testid={it}>
          {buttons[it].label}
        </Button>
      ))}
      {open.map((it) => {
        const { title, Body } = decisions[it];
        return (
          <Dialog
            key={it}
            open={asked.value === it}
            title={title}
            onClose={() => (asked.value = null)}
            testid={`${it}-dialog`}
          >
            <Body page={page} onDone={onDone} />
          </Dialog>
        );
      })}
    </div>
  );
};
