import { exponents } from "../../../shared/kit/currency.ts";
import { locale } from "../kit/figures.ts";
import { ChoicePlace, MoneyPlace, PlaceRemarks, SwitchPlace, TextPlace, useEditor, WholePlace } from "./places.tsx";
import { inCurrency } from "./rescale.ts";

const currencyOptions = (): readonly { readonly value: string; readonly label: string }[] => {
  const names = new Intl.DisplayNames(locale(), { type: "currency", fallback: "code" });
  return [...exponents.keys()].sort().map((code) => ({ value: code, label: `${code} · ${names.of(code) ?? code}` }));
};

const periods = [
  { value: "week", label: "Week, from Monday" },
  { value: "month", label: "Month" },
  { value: "flight", label: "The whole contract" },
];

/** When the contract runs, by which clock, and in which currency it pays. */
export const Frame = () => {
  const editor = useEditor();
  return (
    <>
      <div class="fields">
        <ChoicePlace
          path={["currency"]}
          label="Currency"
          options={currencyOptions()}
          onPick={(to) => editor.change(inCurrency(editor.draft.peek(), to))}
        />
        <TextPlace path={["timeZone"]} label="Time zone" list="zones" hint="Periods begin and end by its clock." />
        <datalist id="zones">
          {Intl.supportedValuesOf("timeZone").map((zone) => (
            <option key={zone} value={zone} />
          ))}
        </datalist>
      </div>
      <div class="fields">
        <TextPlace path={["starts"]} label="First day" type="date" />
        <TextPlace path={["ends"]} label="Last day" type="date" />
        <ChoicePlace path={["period"]} label="Period" options={periods} />
      </div>
    </>
  );
};

const RequiredFields = () => {
  const editor = useEditor();
  const path = ["quality", "require"];
  const held = editor.at(path);
  const names = Array.isArray(held) ? held.map(String) : [];
  const offered = ["email", "name", "phone"];
  return (
    <fieldset class="ticks" data-at="/quality/require">
      <legend class="label">A lead must give</legend>
      {[...new Set([...offered, ...names])].map((name) => (
        <label key={name} class="tick-chip">
          <input
            type="checkbox"
            checked={names.includes(name)}
            data-testid={`require-${name}`}
            onChange={(event) => {
              const kept = names.filter((it) => it !== name);
              const next = event.currentTarget.checked ? [...kept, name] : kept;
              if (next.length === 0) editor.prune(path);
              else editor.put(path, next);
            }}
          />
          {name}
        </label>
      ))}
      <PlaceRemarks path={path} />
    </fieldset>
  );
};

/** What a lead must be to count. */
export const Quality = () => (
  <>
    <RequiredFields />
    <div class="fields">
      <WholePlace
        path={["quality", "minScore"]}
        label="Minimum score, of 100"
        hint="Below it a lead is rejected."
        optional
      />
      <WholePlace
        path={["quality", "duplicateDays"]}
        label="Same person again within days"
        hint="Counts once."
        optional
      />
    </div>
    <PlaceRemarks path={["quality"]} />
  </>
);

const silences = [
  { value: "approve", label: "Approves" },
  { value: "wait", label: "Approves nothing" },
];

/** When money may be reviewed, held, disputed and paid; and what every post must say. */
export const Timing = () => (
  <>
    <div class="fields two">
      <WholePlace path={["timing", "reviewDays"]} label="Review within days" />
      <ChoicePlace path={["timing", "silence"]} label="The brand's silence" options={silences} />
      <WholePlace path={["timing", "holdDays"]} label="Held for days" hint="For refunds, before it is payable." />
      <WholePlace path={["timing", "disputeDays"]} label="Disputable for days" />
      <WholePlace
        path={["timing", "noticeDays"]}
        label="Notice to end it early, days"
        hint="14 if left empty. By agreement it may end sooner."
        optional
      />
    </div>
    <SwitchPlace path={["payout"]} label="Carry small sums to the next period" blank={() => ({ minimumMinor: 5000 })} />
    {useEditor().at(["payout"]) !== undefined && (
      <MoneyPlace
        path={["payout", "minimumMinor"]}
        label="Pay out from"
        hint="It delays money, it never keeps it: from the last period on there is no minimum."
      />
    )}
    <TextPlace
      path={["requires", "disclosure"]}
      label="Disclosure every post carries"
      hint="Such as #ad. Leave it empty to require none."
      optional
    />
  </>
);
