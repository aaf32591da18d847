const split = (clause: string): readonly [string, string] => {
  const end = clause.indexOf(". ");
  return end > 0 && end < 24 ? [clause.slice(0, end), clause.slice(end + 2)] : ["", clause];
};

/** The wording of a contract, a clause a paragraph, each under the word it begins with. */
export const Wording = ({ text }: { readonly text: readonly string[] }) => (
  <dl class="wording" data-testid="wording">
    {text.map((clause) => {
      const [head, rest] = split(clause);
      return (
        <div key={clause}>
          <dt>{head}</dt>
          <dd>{rest}</dd>
        </div>
      );
    })}
  </dl>
);
