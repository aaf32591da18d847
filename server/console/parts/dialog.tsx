import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

interface DialogProps {
  readonly open: boolean;
  readonly title: string;
  readonly onClose: () => void;
  readonly testid?: string;
  readonly children: ComponentChildren;
}

/** A modal dialog: the platform keeps the focus in it, Escape closes it, and the focus goes back where it was. */
export const Dialog = ({ open, title, onClose, testid, children }: DialogProps) => {
  const it = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    if (open && !it.current?.open) it.current?.showModal();
    if (!open && it.current?.open) it.current.close();
  }, [open]);
  return (
    <dialog ref={it} class="dialog" aria-labelledby={id} onClose={onClose} data-testid={testid}>
      {open && (
        <div class="stack">
          <header class="dialog-head">
            <h2 id={id}>{title}</h2>
            <button type="button" class="button quiet small" aria-label="Close" onClick={onClose}>
              ✕
            </button>
          </header>
          {children}
        </div>
      )}
    </dialog>
  );
};
