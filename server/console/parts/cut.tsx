import { useSignal } from "@preact/signals";
import { whole } from "../kit/figures.ts";
import { Button } from "./button.tsx";

/** The first of many, and the button that shows the others; one too many is shown at once. */
export const useCut = <Item,>(all: readonly Item[], most: number, testid: string) => {
  const open = useSignal(false);
  const isCut = all.length > most + 1;
  const shown = isCut && !open.value ? all.slice(0, most) : all;
  const more = isCut && (
    <p class="cut">
      <Button small kind="quiet" testid={testid} onPress={() => (open.value = !open.value)}>
        {open.value ? "Show fewer" : `Show all ${whole(all.length)}`}
      </Button>
    </p>
  );
  return { shown, more };
};
