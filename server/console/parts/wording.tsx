import { clauseParts } from "../kit/clauses.ts";

/** The wording of a contract, a clause a paragraph, each under the word it begins with. */
export const Wording = ({ text }: { readonly text: readonly string[] }) => (
  <dl class="wording" data-testid="wording">
    {text.map((clause) => {
      const [head, rest] = clauseParts(clause);
      return (
        <div key={clause}>
          <dt>{head}</dt>
          <dd>{rest}</dd>
        </div>
      );
    })}
  </dl>
);
