import { useSignal } from "@preact/signals";
import { releaseHeld } from "../../../shared/wire/conversions.ts";
import { partly } from "../kit/attribution.ts";
import { whole } from "../kit/figures.ts";
import { useSubmit } from "../kit/submit.ts";
import type { Contract } from "../kit/wire.ts";
import { Button } from "../parts/button.tsx";
import { Confirm } from "../parts/confirm.tsx";
import { Card } from "../parts/small.tsx";

const BASIS = 10_000;

const said = (released: number, left: number): string => {
  if (released === 0 && left === 0) return "Nothing is held.";
  const done = `${whole(released)} ${released === 1 ? "share counts" : "shares count"} in full now`;
  return left > 0 ? `${done}; ${whole(left)} more are still held.` : `${done}. Nothing is held any more.`;
};

/** To release the parts of shares that were held because nobody can say well enough what somebody weighs. */
export const Held = ({ it }: { readonly it: Contract }) => {
  const open = useSignal(false);
  const before = useSignal(0);
  const told = useSignal("");
  const form = useSubmit(releaseHeld, ({ released, left }) => {
    before.value += released;
    open.value = false;
    told.value = said(before.value, left);
  });
  const wide = it.terms.attribution.wide;
  if (!wide) return null;
  return (
    <Card title="Shares held back" testid="held">
      <p>
        Where the interval of a weight is wider than {partly(wide.beyondBp / BASIS)} of it, the share counts at its
        lower end, and the rest is held until you release it.
      </p>
      <Button onPress={() => (open.value = true)} testid="release-held">
        Release what is held…
      </Button>
      <p role="status" data-testid="released">
        {told.value}
      </p>
      <Confirm
        open={open.value}
        title="Release what is held?"
        label="Release"
        busy={form.busy.value}
        problem={form.problem.value}
        onConfirm={() => void form.submit({ params: { contract: it.id }, body: {} })}
        onClose={() => (open.value = false)}
        testid="release"
      >
        <p>
          These shares count in full then, and pay {it.influencerName}. In statements that are closed nothing changes;
          the difference stands in the open one. It cannot be taken back.
        </p>
      </Confirm>
    </Card>
  );
};
