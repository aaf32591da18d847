import { useSignal } from "@preact/signals";
import type * as v from "valibot";
import { actFor, brands } from "../../../shared/wire/people.ts";
import { ask } from "../kit/ask.ts";
import { useLoad } from "../kit/load.ts";
import { actingFor, arrived, type Me } from "../kit/session.ts";
import { useSubmit } from "../kit/submit.ts";
import { Dialog } from "./dialog.tsx";
import { Refused } from "./form.tsx";

type Brand = v.InferOutput<typeof brands.reply>["brands"][number];

interface ListProps {
  readonly own: readonly Brand[];
  readonly acting: string;
  readonly onDone: () => void;
}

/** Two brands of one name are told apart by their ids. */
const isTwin = ({ name }: Brand, own: readonly Brand[]): boolean => own.filter((it) => it.name === name).length > 1;

const List = ({ own, acting, onDone }: ListProps) => {
  const form = useSubmit(actFor, () => {
    onDone();
    void arrived();
  });
  const pick = (brand: string): void => {
    if (brand === acting) onDone();
    else void form.submit({ params: { brand }, body: {} });
  };
  return (
    <>
      <ul class="brand-list">
        {own.map((it) => (
          <li key={it.id}>
            <button
              type="button"
              aria-current={it.id === acting ? "true" : undefined}
              aria-disabled={form.busy.value ? "true" : undefined}
              data-testid="brand"
              data-brand={it.id}
              onClick={() => pick(it.id)}
            >
              <span>
                {it.name}
                {isTwin(it, own) && <span class="mono quiet"> {it.id}</span>}
              </span>
              {it.id === acting && <span class="quiet">Now</span>}
            </button>
          </li>
        ))}
      </ul>
      {form.problem.value && <Refused problem={form.problem.value} />}
    </>
  );
};

/** For which of their brands an owner of several acts, and the way to act for another. Whoever owns one sees nothing of it. */
export const BrandSwitch = ({ me }: { readonly me: Me }) => {
  const load = useLoad(`brands of ${me.email}`, () => ask(brands));
  const isOpen = useSignal(false);
  const acting = actingFor(me);
  const now = load.now.value;
  if (!acting || now.state !== "here" || now.value.brands.length < 2) return null;
  const close = (): void => {
    isOpen.value = false;
  };
  return (
    <div class="brand-switch">
      <button
        type="button"
        aria-haspopup="dialog"
        aria-label={`Acting for ${acting.brandName}`}
        data-testid="switch-brand"
        onClick={() => {
          load.refresh();
          isOpen.value = true;
        }}
      >
        <span class="quiet">Acting for</span> <strong>{acting.brandName}</strong>
      </button>
      <span class="unseen" role="status">
        You act for {acting.brandName}.
      </span>
      <Dialog open={isOpen.value} title="Act for which brand?" onClose={close} testid="brands-dialog">
        <p class="quiet">Everything here is then that brand's, in all tabs of this browser.</p>
        <List own={now.value.brands} acting={acting.brand} onDone={close} />
      </Dialog>
    </div>
  );
};
