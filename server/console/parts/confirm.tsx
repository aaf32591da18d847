import type { ComponentChildren } from "preact";
import type { Problem } from "../kit/ask.ts";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { Form } from "./form.tsx";

interface ConfirmProps {
  readonly open: boolean;
  readonly title: string;
  readonly label: ComponentChildren;
  readonly kind?: "primary" | "danger";
  readonly busy: boolean;
  readonly problem: Problem | null;
  readonly fields?: readonly string[];
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly testid: string;
  readonly children: ComponentChildren;
}

/** Ask once more before something is done: what will come of it, and the button that does it. */
export const Confirm = ({ open, title, label, kind = "primary", busy, problem, testid, ...rest }: ConfirmProps) => (
  <Dialog open={open} title={title} onClose={rest.onClose} testid={`${testid}-dialog`}>
    <Form onSubmit={rest.onConfirm} problem={problem} fields={rest.fields ?? []} testid={`${testid}-form`}>
      {rest.children}
      <div class="actions">
        <Button kind={kind} busy={busy} testid={`confirm-${testid}`}>
          {label}
        </Button>
        <Button kind="quiet" onPress={rest.onClose}>
          Cancel
        </Button>
      </div>
    </Form>
  </Dialog>
);
