import { Wording } from "../parts/wording.tsx";
import { useEditor } from "./places.tsx";

/** The draft as JSON, to read and to write: changing either side changes the other. */
export const JsonSide = () => {
  const editor = useEditor();
  const fault = editor.textFault.value;
  return (
    <div class="field">
      <label class="label" htmlFor="terms-json">
        The same as JSON
      </label>
      <textarea
        id="terms-json"
        class="input json"
        spellcheck={false}
        rows={24}
        data-testid="terms-json"
        value={editor.text.value}
        aria-invalid={fault ? "true" : undefined}
        aria-describedby={fault ? "terms-json-problem" : undefined}
        onInput={(event) => editor.type(event.currentTarget.value)}
      />
      {fault && (
        <div class="problem" id="terms-json-problem" data-testid="terms-json-problem">
          This is not JSON yet, so the form shows what it was before. {fault}{" "}
          <button type="button" class="pointer" onClick={() => editor.change(editor.draft.peek())}>
            Go back to that
          </button>
        </div>
      )}
    </div>
  );
};

/** How the draft would read when signed. */
export const WordingSide = () => {
  const now = useEditor().standing.value;
  if (now.state !== "checked" || !now.checked.ok)
    return <p class="quiet">The wording both sides will sign appears here once the terms hold.</p>;
  return (
    <>
      <Wording text={now.checked.text} />
      {now.checked.termsHash && (
        <p class="hash">
          <span class="quiet">SHA-256</span> <code data-testid="draft-hash">{now.checked.termsHash}</code>
        </p>
      )}
    </>
  );
};
