import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Json } from "../../../shared/kit/canonical.ts";
import { checkTerms } from "../../../shared/wire/brand.ts";
import { ask, type Problem } from "../kit/ask.ts";
import { keepDraft, keptDraft } from "../kit/draft.ts";
import { useUnsaved } from "../kit/unsaved.ts";
import { Button } from "../parts/button.tsx";
import { Differences } from "../parts/differences.tsx";
import { Form } from "../parts/form.tsx";
import { Card } from "../parts/small.tsx";
import { type Editor, openEditor } from "./editor.ts";
import { FitsContext, useFits } from "./fits.tsx";
import { JsonSide, WordingSide } from "./json-side.tsx";
import { EditorContext, useEditor } from "./places.tsx";
import { PlaceLink, Remarks } from "./remarks.tsx";
import { Simulation } from "./simulation.tsx";
import { TermsForm } from "./terms-form.tsx";

/** A draft being written, kept under a name until the tab is closed. */
export const useWriter = (name: string, initial: Json): Editor => {
  const editor = useMemo(
    () =>
      openEditor(
        keptDraft(name) ?? initial,
        (terms) => ask(checkTerms, { body: { terms } }),
        (draft) => keepDraft(name, draft),
      ),
    [name],
  );
  useEffect(() => () => editor.close(), [editor]);
  return editor;
};

/** Whether the draft as it stands could be signed. */
export const holds = ({ standing, textFault }: Editor): boolean =>
  standing.value.state === "checked" && standing.value.checked.ok && textFault.value === null;

/** The wording that a draft is compared with, and what to call it. */
interface Compared {
  readonly text: readonly string[];
  readonly called: string;
}

const DifferencesSide = ({ text, called }: Compared) => {
  const now = useEditor().standing.value;
  if (now.state !== "checked" || !now.checked.ok)
    return <p class="quiet">What you change appears here, clause by clause, once the terms hold.</p>;
  return <Differences before={text} after={now.checked.text} than={called} />;
};

const Side = ({ compared }: { readonly compared: Compared | undefined }) => {
  const editor = useEditor();
  return (
    <aside class="writer-side stack" aria-label="How the draft may turn out, as JSON and in words">
      {compared && (
        <Card title="What differs">
          <DifferencesSide {...compared} />
        </Card>
      )}
      <Simulation
        draft={editor.draft.value}
        Place={PlaceLink}
        onWarnings={(found) => editor.beware(found.map(({ at, because }) => ({ at, code: "sense", because })))}
      />
      <Card>
        <JsonSide />
      </Card>
      <Card title="How it reads">
        <WordingSide />
      </Card>
    </aside>
  );
};

const same = (one: Json, other: Json): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Whether there is more here than what was begun with, and whether it was there when the page was opened. */
const useWritten = ({ draft, textFault }: Editor, initial: Json) => {
  const isWritten = !same(draft.value, initial);
  const before = useRef(isWritten);
  useUnsaved(isWritten || textFault.value !== null);
  return { isResumed: before.current && isWritten };
};

/** What stands here was written earlier: perhaps for somebody else, so that is said. */
const Resumed = ({ onReset }: { readonly onReset: () => void }) => (
  <div class="notice resumed" role="status" data-testid="resumed">
    <p>You are going on with what you wrote here before and did not save.</p>
    <Button small onPress={onReset}>
      Start over
    </Button>
  </div>
);

interface WriterProps {
  readonly editor: Editor;
  /** Whose frozen weights the terms may name; none for an influencer who drafts. */
  readonly campaign?: string | undefined;
  /** What starting over goes back to. */
  readonly initial: Json;
  readonly compared?: Compared | undefined;
  /** What stands above the terms. */
  readonly children: ComponentChildren;
  readonly problem: Problem | null;
  readonly fields: readonly string[];
  readonly busy: boolean;
  readonly ready: boolean;
  /** What is still to be said before it can be saved, where the form is not ready. */
  readonly missing?: string | undefined;
  readonly label: string;
  readonly onSave: (draft: Json) => void;
}

/** The desk on which terms are written: the form, the same as JSON, how it may turn out and how it reads. */
export const Writer = ({ editor, campaign, initial, compared, children, label, onSave, ...form }: WriterProps) => {
  const { isResumed } = useWritten(editor, initial);
  const reset = (): void => editor.change(initial);
  return (
    <EditorContext.Provider value={editor}>
      <FitsContext.Provider value={useFits(campaign)}>
        <Form
          class="writer"
          onSubmit={() => onSave(editor.draft.peek())}
          problem={form.problem}
          fields={form.fields}
          testid="terms-form"
        >
          <div class="writer-form stack">
            {isResumed && <Resumed onReset={reset} />}
            {children}
            <TermsForm />
          </div>
          <Side compared={compared} />
          <footer class="writer-foot">
            <Remarks />
            <div class="actions">
              {!form.ready && form.missing && (
                <p class="warn-text" data-testid="terms-missing">
                  {form.missing}
                </p>
              )}
              <Button kind="quiet" testid="terms-reset" onPress={reset}>
                Start over
              </Button>
              <Button kind="primary" disabled={!holds(editor) || !form.ready} busy={form.busy} testid="terms-save">
                {label}
              </Button>
            </div>
          </footer>
        </Form>
      </FitsContext.Provider>
    </EditorContext.Provider>
  );
};
