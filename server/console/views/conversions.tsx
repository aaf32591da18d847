import { useSignal } from "@preact/signals";
import { campaigns } from "../../../shared/wire/brand.ts";
import { conversions } from "../../../shared/wire/conversions.ts";
import { ask, type Problem } from "../kit/ask.ts";
import { money, percent } from "../kit/figures.ts";
import { useLoad } from "../kit/load.ts";
import { go } from "../kit/place.ts";
import type { ViewProps } from "../kit/route.ts";
import type { ConversionRow } from "../kit/wire.ts";
import { grades, sentence, stages } from "../kit/words.ts";
import { Button } from "../parts/button.tsx";
import { Choice } from "../parts/field.tsx";
import { Refused } from "../parts/form.tsx";
import { ShareBar, toneOf } from "../parts/sharebar.tsx";
import { Badge, Head, When } from "../parts/small.tsx";
import { Empty, Shown } from "../parts/states.tsx";

/** Who is credited with a conversion, and what is left to the house. */
const partsOf = ({ credited }: ConversionRow) => {
  const left = 1_000_000 - credited.reduce((sum, { shareMicro }) => sum + shareMicro, 0);
  const named = credited.map(({ influencer, name, shareMicro }, index) => ({
    key: influencer,
    label: name,
    weight: shareMicro,
    written: percent(shareMicro),
    tone: toneOf(index),
  }));
  return left > 0
    ? [...named, { key: "house", label: "House", weight: left, written: percent(left), tone: "house" }]
    : named;
};

const Row = ({ row }: { readonly row: ConversionRow }) => (
  <li class="row-link conversion-row" data-testid="conversion-row" data-conversion={row.id} data-stage={row.stage}>
    <div>
      <a class="row-title" href={`/conversions/${row.id}`}>
        {sentence(row.result)} <span class="mono quiet">{row.externalId}</span>
      </a>
      <p class="quiet">
        <When at={row.at} />
        {row.valueMinor !== undefined && row.currency && ` · ${money(row.valueMinor, row.currency)}`}
      </p>
    </div>
    <ShareBar what="Credit" parts={partsOf(row)} />
    <p class="badges">
      {row.stage !== "rejected" && <Badge word={grades[row.grade]} />} <Badge word={stages[row.stage]} />
    </p>
  </li>
);

interface More {
  readonly rows: readonly ConversionRow[];
  readonly next: string | null;
}

const Rows = ({ first, campaign }: { readonly first: More; readonly campaign: string | undefined }) => {
  const more = useSignal<More | null>(null);
  const busy = useSignal(false);
  const problem = useSignal<Problem | null>(null);
  const rows = [...first.rows, ...(more.value?.rows ?? [])];
  const next = more.value ? more.value.next : first.next;
  const onMore = async (after: string): Promise<void> => {
    busy.value = true;
    const answer = await ask(conversions, { query: { after, ...(campaign && { campaign }) } });
    busy.value = false;
    problem.value = answer.ok ? null : answer.problem;
    if (answer.ok)
      more.value = { rows: [...(more.peek()?.rows ?? []), ...answer.value.conversions], next: answer.value.next };
  };
  if (rows.length === 0)
    return (
      <Empty title="No conversion yet">
        <p class="quiet">Leads and sales appear here as soon as the tag or your server reports one.</p>
      </Empty>
    );
  return (
    <>
      <ul class="rows card" data-testid="conversions">
        {rows.map((row) => (
          <Row key={row.id} row={row} />
        ))}
      </ul>
      {problem.value && <Refused problem={problem.value} />}
      {next && (
        <p>
          <Button busy={busy.value} onPress={() => void onMore(next)} testid="more">
            Show earlier ones
          </Button>
        </p>
      )}
    </>
  );
};

/** Every conversion, newest first, of all campaigns or of one. */
export const ConversionsView = ({ query }: ViewProps) => {
  const campaign = query.get("campaign") || undefined;
  const load = useLoad(`conversions ${campaign ?? ""}`, () =>
    ask(conversions, { query: { ...(campaign && { campaign }) } }),
  );
  const names = useLoad("campaigns", () => ask(campaigns)).now.value;
  const options =
    names.state === "here" ? names.value.campaigns.map(({ id, name }) => ({ value: id, label: name })) : [];
  return (
    <>
      <Head title="Conversions" under="Each with its journey, its grade and its cents.">
        <Choice
          class="filter"
          label="Campaign"
          value={campaign ?? ""}
          options={[{ value: "", label: "All campaigns" }, ...options]}
          onPick={(it) => go(it === "" ? "/conversions" : `/conversions?${new URLSearchParams({ campaign: it })}`)}
          testid="filter-campaign"
        />
      </Head>
      <Shown of={load} lines={8}>
        {(page) => <Rows first={{ rows: page.conversions, next: page.next }} campaign={campaign} />}
      </Shown>
    </>
  );
};
