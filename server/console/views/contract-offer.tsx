import { offerContract } from "../../../shared/wire/brand.ts";
import { saidOf, useSubmit } from "../kit/submit.ts";
import type { Contract } from "../kit/wire.ts";
import { Button, LinkButton } from "../parts/button.tsx";
import { Form } from "../parts/form.tsx";
import { Card } from "../parts/small.tsx";
import { StandingDays, useStandingDays } from "../parts/standing-days.tsx";

interface OfferProps {
  readonly it: Contract;
  readonly onOffered: (it: Contract) => void;
}

/** A draft, and the way to offer it. */
export const Offer = ({ it, onOffered }: OfferProps) => {
  const offer = useSubmit(offerContract, onOffered);
  const stands = useStandingDays();
  const problem = offer.problem.value;
  const send = (): void => {
    if (stands.days !== null) void offer.submit({ params: { contract: it.id }, body: { expiresInDays: stands.days } });
  };
  return (
    <Card title="This is a draft" class="accented">
      <p>
        Only you see it. Once offered, its terms change only by a counter-offer; it runs when {it.influencerName} and
        you have both signed.
      </p>
      <Form onSubmit={send} problem={problem} fields={["/expiresInDays"]} testid="offer-form">
        <StandingDays of={stands} problem={saidOf(problem, "/expiresInDays")} />
        <div class="actions">
          <Button kind="primary" busy={offer.busy.value} disabled={stands.days === null} testid="offer">
            Offer to {it.influencerName}
          </Button>
          <LinkButton href={`/contracts/new?contract=${it.id}`} testid="edit-draft">
            Edit the draft
          </LinkButton>
        </div>
      </Form>
    </Card>
  );
};
