import { reviewContract } from "../../../shared/wire/contracts.ts";
import { useSubmit } from "../kit/submit.ts";
import type { Contract } from "../kit/wire.ts";
import { Button, LinkButton } from "../parts/button.tsx";
import { Refused } from "../parts/form.tsx";
import { Card } from "../parts/small.tsx";

const years = (year: number): string => (year === 1 ? "a year" : `${year} years`);

interface ReviewProps {
  readonly it: Contract;
  readonly onDone: (it: Contract) => void;
}

/** The yearly review, while it waits to be held. */
export const Review = ({ it, onDone }: ReviewProps) => {
  const form = useSubmit(reviewContract, onDone);
  if (it.status !== "running" || !it.review.due) return null;
  return (
    <Card title="The yearly review is due" class="warned" testid="review-due">
      <p>
        It has run for {years(it.review.year)}. Look at the terms and the statement together, amend what no longer fits,
        and note here that you did. Money waits for nothing of this.
      </p>
      <div class="actions">
        <Button
          busy={form.busy.value}
          testid="review-held"
          onPress={() => void form.submit({ params: { contract: it.id }, body: {} })}
        >
          The review was held
        </Button>
        <LinkButton kind="quiet" href={`/contracts/${it.id}/statement`}>
          Statement
        </LinkButton>
      </div>
      {form.problem.value && <Refused problem={form.problem.value} />}
    </Card>
  );
};
