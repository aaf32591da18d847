import { Refused } from "../parts/form.tsx";
import type { Remark } from "./editor.ts";
import { useEditor } from "./places.tsx";

/** Bring the reader to a place of the draft: its field, else the closest field around it, else the JSON. */
export const goTo = (at: string): void => {
  const parts = at.split("/");
  for (let length = parts.length; length > 1; length -= 1) {
    const pointer = parts.slice(0, length).join("/");
    const place = document.querySelector<HTMLElement>(`[data-at="${CSS.escape(pointer)}"]`);
    const target = place?.querySelector<HTMLElement>("input, select, textarea") ?? place;
    if (target) {
      target.scrollIntoView({ block: "center" });
      target.focus({ preventScroll: true });
      return;
    }
  }
  document.querySelector<HTMLElement>("[data-testid=terms-json]")?.focus();
};

const List = ({ remarks, kind }: { readonly remarks: readonly Remark[]; readonly kind: "problem" | "warning" }) => (
  <ul class="remarks" data-testid={`terms-${kind}s`}>
    {remarks.map((it) => (
      <li key={it.at + it.because} class={kind} data-at-pointer={it.at}>
        <button type="button" class="pointer" onClick={() => goTo(it.at)}>
          {it.at || "/"}
        </button>{" "}
        {it.because}
      </li>
    ))}
  </ul>
);

/** How the draft stands: every problem with a way to its place, or that it holds. */
export const Remarks = () => {
  const editor = useEditor();
  const now = editor.standing.value;
  if (now.state === "unchecked") return <Refused problem={now.problem} />;
  if (now.state === "checking") return <p class="quiet">Checking…</p>;
  const { ok, problems, warnings } = now.checked;
  return (
    <div role="status" class="stack" data-testid="terms-standing" data-ok={ok} data-problems={problems.length}>
      {problems.length > 0 && (
        <p>
          <strong>
            {problems.length === 1 ? "One thing" : `${problems.length} things`} to mend before it can be kept:
          </strong>
        </p>
      )}
      {problems.length > 0 && <List remarks={problems} kind="problem" />}
      {ok && <p class="good-text">✓ These terms hold.</p>}
      {warnings.length > 0 && <List remarks={warnings} kind="warning" />}
    </div>
  );
};
