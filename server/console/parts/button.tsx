import type { ComponentChildren } from "preact";

interface ButtonProps {
  readonly children: ComponentChildren;
  readonly kind?: "primary" | "plain" | "quiet" | "danger";
  readonly busy?: boolean;
  readonly disabled?: boolean;
  readonly onPress?: () => void;
  readonly testid?: string;
  readonly label?: string;
  readonly small?: boolean;
}

/** Something to press. With `onPress` it acts; without, it submits its form. Busy keeps its place and cannot be pressed twice. */
export const Button = ({ children, kind = "plain", busy, disabled, onPress, testid, label, small }: ButtonProps) => (
  <button
    type={onPress ? "button" : "submit"}
    class={`button ${kind}${small ? " small" : ""}`}
    disabled={disabled}
    aria-disabled={busy ? "true" : undefined}
    aria-busy={busy ? "true" : undefined}
    aria-label={label}
    data-testid={testid}
    onClick={onPress && !busy ? onPress : undefined}
  >
    {children}
  </button>
);

interface LinkButtonProps {
  readonly href: string;
  readonly children: ComponentChildren;
  readonly kind?: "primary" | "plain" | "quiet";
  readonly testid?: string;
}

/** A link that looks like something to press. */
export const LinkButton = ({ href, children, kind = "plain", testid }: LinkButtonProps) => (
  <a class={`button ${kind}`} href={href} data-testid={testid}>
    {children}
  </a>
);
