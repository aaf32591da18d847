import { ChoicePlace, PlaceRemarks, TextPlace, useEditor, WholePlace } from "./places.tsx";

const named = { influencer: "For the influencer", brand: "For the brand" } as const;

/** How a dispute is settled. Whatever is left empty follows the usual course. */
export const Disputes = () => {
  const usual = useEditor().at(["timing", "silence"]) === "approve" ? "influencer" : "brand";
  const silences = [
    { value: "", label: `As in reviews, ${named[usual].toLowerCase()}` },
    { value: "influencer", label: named.influencer },
    { value: "brand", label: named.brand },
  ];
  return (
    <>
      <div class="fields two">
        <WholePlace path={["disputes", "answerDays"]} label="Answer within days" hint="7 if left empty." optional />
        <WholePlace path={["disputes", "proposalDays"]} label="Settle within days" hint="7 if left empty." optional />
        <WholePlace
          path={["disputes", "mediatorDays"]}
          label="Mediated within days"
          hint="30 if left empty."
          optional
        />
        <ChoicePlace
          path={["disputes", "silence"]}
          label="Silence at a deadline"
          options={silences}
          hint="Who gets the disputed amount then."
          optional
        />
      </div>
      <TextPlace
        path={["disputes", "mediator"]}
        label="Mediator"
        hint="Who decides when the two do not agree. If left empty, both sides name one."
        optional
      />
      <PlaceRemarks path={["disputes"]} />
    </>
  );
};
