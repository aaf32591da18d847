import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Button } from "./button.tsx";

const SAID_MS = 2_000;

interface CopyProps {
  readonly text: string;
  readonly label?: string;
  readonly kind?: "primary" | "plain" | "quiet";
  readonly testid?: string;
}

/** Put a text on the clipboard, and say whether that worked. */
export const Copy = ({ text, label = "Copy", kind = "plain", testid }: CopyProps) => {
  const said = useSignal("");
  const copy = async (): Promise<void> => {
    said.value = await navigator.clipboard.writeText(text).then(
      () => "Copied",
      () => "Select the text and copy it",
    );
  };
  useEffect(() => {
    if (said.value === "") return undefined;
    const timer = setTimeout(() => (said.value = ""), SAID_MS);
    return () => clearTimeout(timer);
  }, [said.value]);
  return (
    <span class="copy">
      <Button kind={kind} small onPress={() => void copy()} {...(testid && { testid })}>
        {said.value || label}
      </Button>
      <span class="unseen" role="status">
        {said.value}
      </span>
    </span>
  );
};

interface CopyBoxProps extends CopyProps {
  readonly what: string;
}

/** A text to take away, shown whole, with the button that copies it. */
export const CopyBox = ({ what, text, ...copy }: CopyBoxProps) => (
  <div class="copy-box">
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
    <section class="scroller" tabIndex={0} aria-label={what}>
      <pre data-testid={copy.testid && `${copy.testid}-text`}>{text}</pre>
    </section>
    <Copy text={text} {...copy} />
  </div>
);
