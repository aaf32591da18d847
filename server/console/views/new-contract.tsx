import { useSignal } from "@preact/signals";
import type { Json } from "../../../shared/kit/canonical.ts";
import { campaigns, draftContract, influencers } from "../../../shared/wire/brand.ts";
import { contract } from "../../../shared/wire/influencer.ts";
import { ask } from "../kit/ask.ts";
import { letGoDraft } from "../kit/draft.ts";
import { useGo } from "../kit/here.ts";
import { useLoad } from "../kit/load.ts";
import type { ViewProps } from "../kit/route.ts";
import { actingFor, known } from "../kit/session.ts";
import { saidOf, useSubmit } from "../kit/submit.ts";
import { Choice, type Option } from "../parts/field.tsx";
import { Card, Head } from "../parts/small.tsx";
import { Empty, Shown } from "../parts/states.tsx";
import { blankTerms, todayIn } from "../terms/blank.ts";
import { useWriter, Writer } from "../terms/writer.tsx";

interface DraftProps {
  readonly name: string;
  readonly initial: Json;
  readonly contract: string | undefined;
  readonly campaign: string;
  readonly influencer: string;
  readonly campaignOptions: readonly Option[];
  readonly influencerOptions: readonly Option[];
}

const Draft = ({ name, initial, contract: redraft, ...given }: DraftProps) => {
  const editor = useWriter(name, initial);
  const campaign = useSignal(given.campaign);
  const influencer = useSignal(given.influencer);
  const goOn = useGo();
  const form = useSubmit(draftContract, ({ id }) => {
    letGoDraft(name);
    goOn(`/contracts/${id}`);
  });
  const save = (terms: Json): void => {
    const body = { campaign: campaign.value, influencer: influencer.value, terms };
    void form.submit({ body: { ...(redraft && { contract: redraft }), ...body } });
  };
  const problem = form.problem.value;
  return (
    <Writer
      editor={editor}
      campaign={campaign.value || undefined}
      initial={initial}
      problem={problem}
      fields={["/campaign", "/influencer"]}
      busy={form.busy.value}
      ready={campaign.value !== "" && influencer.value !== ""}
      missing={campaign.value === "" ? "Choose a campaign above." : "Choose an influencer above."}
      label="Save the draft"
      onSave={save}
    >
      <Card title="Between whom">
        <div class="fields">
          <Choice
            label="Campaign"
            value={campaign.value}
            options={given.campaignOptions}
            onPick={(it) => (campaign.value = it)}
            problem={saidOf(problem, "/campaign")}
            testid="contract-campaign"
          />
          <Choice
            label="Influencer"
            value={influencer.value}
            options={given.influencerOptions}
            onPick={(it) => (influencer.value = it)}
            problem={saidOf(problem, "/influencer")}
            testid="contract-influencer"
          />
        </div>
      </Card>
    </Writer>
  );
};

const Missing = ({ what, href }: { readonly what: string; readonly href: string }) => (
  <Empty title={`First, ${what}`}>
    <a class="button primary" href={href}>
      Go there
    </a>
  </Empty>
);

interface Named {
  readonly id: string;
  readonly name: string;
}

/** Whom to choose among; a draft stays with those it was written for. */
const optionsOf = (all: readonly Named[], settled: string | undefined): readonly Option[] =>
  all.filter(({ id }) => settled === undefined || id === settled).map(({ id, name }) => ({ value: id, label: name }));

/** What a new contract is written from: the brand's campaigns and influencers, and the draft if there is one. */
const everything = async (redraft: string | undefined) => {
  const [all, people, old] = await Promise.all([
    ask(campaigns),
    ask(influencers),
    redraft ? ask(contract, { params: { contract: redraft } }) : undefined,
  ]);
  if (!all.ok) return all;
  if (!people.ok) return people;
  if (old && !old.ok) return old;
  return {
    ok: true as const,
    value: { campaigns: all.value.campaigns, influencers: people.value.influencers, old: old?.value },
  };
};

/** Write the terms of a contract, in a form with its JSON and its wording beside it. */
export const NewContractView = ({ query }: ViewProps) => {
  const redraft = query.get("contract") ?? undefined;
  const load = useLoad(`terms ${redraft ?? ""}`, () => everything(redraft));
  return (
    <>
      <Head
        over={<a href={redraft ? `/contracts/${redraft}` : "/contracts"}>{redraft ? "Contract" : "Contracts"}</a>}
        title={redraft ? "Edit the draft" : "Draft a contract"}
        under="What both sides sign is this document; what is paid is computed from it, and from nothing else."
      />
      <Shown of={load} lines={10}>
        {({ campaigns: all, influencers: people, old }) => {
          if (all.length === 0) return <Missing what="create a campaign" href="/campaigns" />;
          if (people.length === 0) return <Missing what="invite an influencer" href="/influencers" />;
          const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
          return (
            <Draft
              name={redraft ?? `new for ${actingFor(known())?.brand}`}
              initial={old ? (old.terms as unknown as Json) : blankTerms(todayIn(Date.now(), zone), zone)}
              contract={redraft}
              campaign={old?.campaign ?? query.get("campaign") ?? (all.length === 1 ? (all[0]?.id ?? "") : "")}
              influencer={
                old?.influencer ?? query.get("influencer") ?? (people.length === 1 ? (people[0]?.id ?? "") : "")
              }
              campaignOptions={optionsOf(all, old?.campaign)}
              influencerOptions={optionsOf(people, old?.influencer)}
            />
          );
        }}
      </Shown>
    </>
  );
};
