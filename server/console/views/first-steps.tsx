import type { ComponentChildren } from "preact";
import { influencers } from "../../../shared/wire/brand.ts";
import { contracts } from "../../../shared/wire/influencer.ts";
import { ask } from "../kit/ask.ts";
import { useLoad } from "../kit/load.ts";
import { known, sidesOf } from "../kit/session.ts";
import type { Campaign } from "../kit/wire.ts";
import { Button } from "../parts/button.tsx";
import { Card } from "../parts/small.tsx";

interface Step {
  readonly title: string;
  readonly says: string;
  readonly done: boolean;
  readonly todo: ComponentChildren;
}

const Steps = ({ steps }: { readonly steps: readonly Step[] }) => {
  const next = steps.find(({ done }) => !done);
  return (
    <ol class="steps" data-testid="first-steps">
      {steps.map((step) => (
        <li key={step.title} class={step.done ? "done" : ""} data-done={step.done}>
          <div>
            <strong>
              {step.title}
              {step.done && <span class="unseen"> (done)</span>}
            </strong>
            <p class="quiet">{step.says}</p>
          </div>
          {step === next && step.todo}
        </li>
      ))}
    </ol>
  );
};

interface FirstStepsProps {
  readonly campaigns: readonly Campaign[];
  readonly onCreate: () => void;
}

/** The way from nothing to a running campaign. It goes away once everything on it is done. */
export const FirstSteps = ({ campaigns, onCreate }: FirstStepsProps) => {
  const people = useLoad("influencers", () => ask(influencers)).now.value;
  const deals = useLoad("contracts", () => ask(contracts, { query: {} })).now.value;
  if (people.state !== "here" || deals.state !== "here") return null;
  const own = deals.value.contracts.filter((it) => sidesOf(it, known()).brand);
  const [first] = campaigns;
  const [someone] = people.value.influencers;
  const draft = `/contracts/new?${new URLSearchParams({ ...(first && { campaign: first.id }), ...(someone && { influencer: someone.id }) })}`;
  const steps: readonly Step[] = [
    {
      title: "Create a campaign",
      says: "Name it, and the sites its landing pages are on.",
      done: campaigns.length > 0,
      todo: <Button onPress={onCreate}>Create</Button>,
    },
    {
      title: "Invite an influencer",
      says: "You get a link to send them; it signs them in.",
      done: people.value.influencers.length > 0,
      todo: (
        <a class="button plain" href="/influencers">
          Invite
        </a>
      ),
    },
    {
      title: "Draft a contract and offer it",
      says: "Say what counts, how credit is shared, and what is paid. It runs when both have signed.",
      done: own.some(({ status }) => status !== "drafted"),
      todo: (
        <a class="button plain" href={own[0] ? `/contracts/${own[0].id}` : draft}>
          {own[0] ? "Offer" : "Draft"}
        </a>
      ),
    },
    {
      title: "Paste the tag",
      says: "One script tag on your landing pages. A host is verified when the tag is first seen on it.",
      done: campaigns.some(({ hosts }) => hosts.some(({ verified }) => verified)),
      todo: (
        <a class="button plain" href="/settings">
          Copy the tag
        </a>
      ),
    },
  ];
  if (steps.every(({ done }) => done)) return null;
  return (
    <Card title="From nothing to the first lead">
      <Steps steps={steps} />
    </Card>
  );
};
