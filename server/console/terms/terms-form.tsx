import type { ComponentChildren, ComponentType } from "preact";
import { Card } from "../parts/small.tsx";
import { Attribution } from "./attribution.tsx";
import { Caps } from "./caps.tsx";
import { Disputes } from "./disputes.tsx";
import { Guarantee } from "./guarantee.tsx";
import { PayRules } from "./pay-rules.tsx";
import { useEditor } from "./places.tsx";
import { Results } from "./results.tsx";
import { Frame, Quality, Timing } from "./sections.tsx";

interface Section {
  readonly title: string;
  readonly says: ComponentChildren;
  readonly Body: ComponentType;
}

const sections: readonly Section[] = [
  { title: "Time and currency", says: "When it runs, by whose clock, in which money.", Body: Frame },
  { title: "What counts", says: "Kinds of results, and the proof each needs.", Body: Results },
  { title: "Who is credited", says: "How a result that several led to is shared.", Body: Attribution },
  { title: "Quality", says: "What a lead must be to count.", Body: Quality },
  { title: "Pay", says: "Every rule pays by itself; a period earns their sum.", Body: PayRules },
  { title: "Caps", says: "The most that can be earned. Leave empty what has no limit.", Body: Caps },
  { title: "Guarantee", says: "What is promised, and what happens when it is missed.", Body: Guarantee },
  { title: "Timing and payout", says: "From the result to the money, and how it ends.", Body: Timing },
  { title: "Disputes", says: "Only the amount in dispute is held; everything else is paid.", Body: Disputes },
];

/** The terms as a form. While the JSON beside it cannot be read, it waits: what it showed might not be what was meant. */
export const TermsForm = () => (
  <fieldset class="bare stack" disabled={useEditor().textFault.value !== null}>
    {sections.map(({ title, says, Body }) => (
      <Card key={title} title={title}>
        <p class="quiet">{says}</p>
        <Body />
      </Card>
    ))}
  </fieldset>
);
