import { useSignal } from "@preact/signals";
import type { Link } from "../app/shelves.ts";
import { tell } from "../app/words.ts";
import { copy } from "./copy.ts";

interface Props {
  readonly link: Link;
  readonly copied: boolean;
  readonly disclosure: string;
}

const selectAll = ({ currentTarget }: { readonly currentTarget: HTMLInputElement }): void => currentTarget.select();

const Headline = ({ copied, told }: { copied: boolean; told: string }) => (
  <p>
    <strong>
      {copied && <span aria-hidden="true">✓ </span>}
      {told}
    </strong>
  </p>
);

/** A link that was just made: shown, so that it can be checked, with its disclosure to copy along. */
export const Copied = ({ link, copied, disclosure }: Props) => {
  const disclosed = useSignal(false);
  const again = async (): Promise<void> => {
    disclosed.value = await copy(`${link.url} ${disclosure}`);
  };
  const plain = copied ? tell("copiedShort") : tell("copyFailed");
  return (
    <div class={copied ? "copied" : "copied bad"} data-testid={copied ? "copied" : "copy-failed"} data-url={link.url}>
      <Headline copied={copied || disclosed.value} told={disclosed.value ? tell("copiedWith", disclosure) : plain} />
      <input class="mono" readOnly value={link.url} aria-label={tell("trackedLink")} onFocus={selectAll} />
      <p class="fine">{tell("disclosureHint")}</p>
      <button type="button" class="small" data-testid="copy-disclosure" onClick={() => void again()}>
        {tell("copyWith", disclosure)}
      </button>
    </div>
  );
};
