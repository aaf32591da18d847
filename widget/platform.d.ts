/** Browser names that the standard library's types do not know yet, or that not every browser has. */
interface Document {
  readonly prerendering?: boolean;
}

interface Navigator {
  readonly globalPrivacyControl?: boolean;
}

interface Window {
  makegood?: unknown;
  readonly navigation?: EventTarget;
}
