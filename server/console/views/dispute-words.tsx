import { useSignal } from "@preact/signals";
import type { Problem } from "../kit/ask.ts";
import { saidOf } from "../kit/submit.ts";
import { TextArea } from "../parts/field.tsx";

/** What is being written at one step of a dispute. */
export interface WordsTyped {
  readonly text: string;
  readonly links: string;
  typeText(text: string): void;
  typeLinks(links: string): void;
  /** As the doors take it: what was left empty is left out. */
  said(): { readonly text?: string; readonly links?: string[] };
}

/** Words and links to be typed. */
export const useWords = (): WordsTyped => {
  const text = useSignal("");
  const links = useSignal("");
  return {
    text: text.value,
    links: links.value,
    typeText: (typed) => (text.value = typed),
    typeLinks: (typed) => (links.value = typed),
    said: () => {
      const named = links.peek().split(/\s+/).filter(Boolean);
      const words = text.peek().trim();
      return { ...(words !== "" && { text: words }), ...(named.length > 0 && { links: named }) };
    },
  };
};

/** The pointers of what is wrong with words and links. */
export const wordFields = ["/text", "/links"] as const;

interface WordsProps {
  readonly label: string;
  readonly of: WordsTyped;
  readonly problem: Problem | null;
  readonly hint?: string;
  readonly testid: string;
}

/** What a side wants to say, and where to find what it cannot say here. */
export const WordsFields = ({ label, of, problem, hint, testid }: WordsProps) => (
  <>
    <TextArea
      label={label}
      maxLength={5000}
      rows={4}
      value={of.text}
      onInput={of.typeText}
      {...(hint && { hint })}
      problem={saidOf(problem, "/text")}
      testid={`${testid}-text`}
    />
    <TextArea
      label="Links (optional)"
      hint="To documents or pictures kept elsewhere, one a line, from https:// on; at most ten. Files are not taken."
      rows={2}
      value={of.links}
      onInput={of.typeLinks}
      problem={saidOf(problem, "/links")}
      testid={`${testid}-links`}
    />
  </>
);
