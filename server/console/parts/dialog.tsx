import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

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
  useLayoutEffect(() => {
    if (open && !it.current?.open) {
      it.current?.showModal();
      // The platform would begin at the button that closes it; whoever is asked something begins with the answer.
      it.current?.querySelector<HTMLElement>("input:not([type=file]), select, textarea, [aria-current=true]")?.focus();
    }
    if (!open && it.current?.open) it.current.close();
  }, [open]);
  // Browsers say `close` only with the next frame, by when it may have been opened anew; Escape says `cancel` at once.
  const onGone = (event: Event): void => {
    if (event.target === it.current && (event.type === "cancel" || !it.current?.open)) onClose();
  };
  return (
    <dialog ref={it} class="dialog" aria-label={title} onCancel={onGone} onClose={onGone} data-testid={testid}>
      {open && (
        <div class="stack">
          <header class="dialog-head">
            <h2>{title}</h2>
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
