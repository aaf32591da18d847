import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { Json } from "../../../shared/kit/canonical.ts";
import { campaigns, checkTerms, draftContract, influencers } from "../../../shared/wire/brand.ts";
import { contract } from "../../../shared/wire/influencer.ts";
import { ask } from "../kit/ask.ts";
import { keepDraft, keptDraft, letGoDraft } from "../kit/draft.ts";
import { useLoad } from "../kit/load.ts";
import { go } from "../kit/place.ts";
import type { ViewProps } from "../kit/route.ts";
import { saidOf, useSubmit } from "../kit/submit.ts";
import { Button } from "../parts/button.tsx";
import { Choice, type Option } from "../parts/field.tsx";
import { Form } from "../parts/form.tsx";
import { Card, Head } from "../parts/small.tsx";
import { Empty, Shown } from "../parts/states.tsx";
import { blankTerms, todayIn } from "../terms/blank.ts";
import { openEditor } from "../terms/editor.ts";
import { JsonSide, WordingSide } from "../terms/json-side.tsx";
import { EditorContext } from "../terms/places.tsx";
import { goTo, Remarks } from "../terms/remarks.tsx";
import { Simulation } from "../terms/simulation.tsx";
import { TermsForm } from "../terms/terms-form.tsx";

interface WriterProps {
  readonly name: string;
  readonly initial: Json;
  readonly contract: string | undefined;
  readonly campaign: string;
  readonly influencer: string;
  readonly campaignOptions: readonly Option[];
  readonly influencerOptions: readonly Option[];
}

const useWriter = (name: string, initial: Json) => {
  const editor = useMemo(
    () =>
      openEditor(
        keptDraft(name) ?? initial,
        (terms) => ask(checkTerms, { body: { terms } }),
        (draft) => keepDraft(name, draft),
      ),
    [name],
  );
  useEffect(() => () => editor.close(), [editor]);
  return editor;
};

const Writer = ({ name, initial, contract: redraft, ...given }: WriterProps) => {
  const editor = useWriter(name, initial);
  const campaign = useSignal(given.campaign);
  const influencer = useSignal(given.influencer);
  const form = useSubmit(draftContract, ({ id }) => {
    letGoDraft(name);
    go(`/contracts/${id}`);
  });
  const now = editor.standing.value;
  const holds = now.state === "checked" && now.checked.ok && editor.textFault.value === null;
  const save = (): void => {
    const body = { campaign: campaign.value, influencer: influencer.value, terms: editor.draft.peek() };
    void form.submit({ body: { ...(redraft && { contract: redraft }), ...body } });
  };
  const problem = form.problem.value;
  return (
    <EditorContext.Provider value={editor}>
      <Form class="writer" onSubmit={save} problem={problem} fields={["/campaign", "/influencer"]} testid="terms-form">
        <div class="writer-form stack">
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
          <TermsForm />
        </div>
        <aside class="writer-side stack" aria-label="How the draft may turn out, as JSON and in words">
          <Simulation
            draft={editor.draft.value}
            onGo={goTo}
            onWarnings={(found) => editor.beware(found.map(({ at, because }) => ({ at, code: "sense", because })))}
          />
          <Card>
            <JsonSide />
          </Card>
          <Card title="How it reads">
            <WordingSide />
          </Card>
        </aside>
        <footer class="writer-foot">
          <Remarks />
          <div class="actions">
            <Button kind="quiet" testid="terms-reset" onPress={() => editor.change(initial)}>
              Start over
            </Button>
            <Button
              kind="primary"
              disabled={!holds || !campaign.value || !influencer.value}
              busy={form.busy.value}
              testid="terms-save"
            >
              Save the draft
            </Button>
          </div>
        </footer>
      </Form>
    </EditorContext.Provider>
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
            <Writer
              name={redraft ?? "new"}
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
