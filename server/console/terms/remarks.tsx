import { Refused } from "../parts/form.tsx";
import type { Remark } from "./editor.ts";
import { useEditor } from "./places.tsx";

/** What the form shows of a place of the draft: its field, else the closest one around it, else nothing. */
const shownOf = (at: string): { readonly place: HTMLElement; readonly pointer: string } | undefined => {
  const parts = at.split("/");
  for (let length = parts.length; length > 1; length -= 1) {
    const pointer = parts.slice(0, length).join("/");
    const place = document.querySelector<HTMLElement>(`[data-at="${CSS.escape(pointer)}"]`);
    if (place) return { place, pointer };
  }
  return undefined;
};

/** Bring the reader to a place of the draft: its field, else the closest field around it, else the JSON. */
const goTo = (at: string): void => {
  const place = shownOf(at)?.place ?? document.querySelector<HTMLElement>("[data-testid=terms-json]");
  const target = place?.querySelector<HTMLElement>("input, select, textarea") ?? place;
  target?.scrollIntoView({ block: "center" });
  target?.focus({ preventScroll: true });
};

/** Which part of the form an element stands in: "Pay 2 · Step 3", or how its card is headed. */
const aroundOf = (place: HTMLElement): string => {
  const around: string[] = [];
  let called = place.closest<HTMLElement>("[data-called]");
  while (called) {
    around.unshift(called.dataset.called ?? "");
    called = called.parentElement?.closest<HTMLElement>("[data-called]") ?? null;
  }
  return around.length > 0 ? around.join(" · ") : (place.closest(".card")?.querySelector("h2")?.textContent ?? "");
};

/**
 * What somebody who looks at the form would call a place of the draft: "Pay 2 · For each". Nothing for what only the JSON
 * shows. It reads what stands on the page, since a field may be called otherwise in another draft.
 */
const nameOf = (at: string): string | undefined => {
  const shown = shownOf(at);
  if (!shown) return undefined;
  const label = shown.place.querySelector(":scope > .label")?.textContent?.trim();
  if (!label && shown.pointer !== at) return undefined;
  return [aroundOf(shown.place), label].filter(Boolean).join(" · ") || undefined;
};

/** The place that is spoken of, as a way to it: by its name in the form, else by its pointer. */
export const PlaceLink = ({ at }: { readonly at: string }) => {
  const name = nameOf(at);
  return (
    <button type="button" class={name ? "pointer named" : "pointer"} title={at || "/"} onClick={() => goTo(at)}>
      {name ?? (at || "/")}
    </button>
  );
};

const List = ({ remarks, kind }: { readonly remarks: readonly Remark[]; readonly kind: "problem" | "warning" }) => (
  <ul class="remarks" data-testid={`terms-${kind}s`}>
    {remarks.map((it) => (
      <li key={it.at + it.because} class={kind} data-at-pointer={it.at}>
        <PlaceLink at={it.at} /> {it.because}
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
