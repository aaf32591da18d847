import { tell, type Word } from "../app/words.ts";

const does: readonly Word[] = ["doesLinks", "doesEarnings", "doesRecompute"];
const never: readonly Word[] = ["neverRewrites", "neverRedirects", "neverCookies", "neverWatches"];
const sends: readonly Word[] = ["sendsAddress", "sendsToken", "sendsNothingElse"];

const List = ({ title, words, tone }: { title: Word; words: readonly Word[]; tone: string }) => (
  <section class={`list ${tone}`}>
    <h3>{tell(title)}</h3>
    <ul>
      {words.map((word) => (
        <li key={word}>{tell(word)}</li>
      ))}
    </ul>
  </section>
);

/** What the extension does, what it never does, and which data leaves the browser. Shown before anything is connected. */
export const Disclosure = () => (
  <div class="disclosure" data-testid="disclosure">
    <p class="lead">{tell("disclosureLead")}</p>
    <List title="doesTitle" words={does} tone="does" />
    <List title="neverTitle" words={never} tone="never" />
    <List title="sendsTitle" words={sends} tone="sends" />
  </div>
);
