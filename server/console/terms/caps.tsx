import { MoneyPlace, PlaceRemarks } from "./places.tsx";

/** The most that can be earned. What a cap cuts is a line of its own on the statement. */
export const Caps = () => (
  <>
    <div class="fields two">
      <MoneyPlace
        path={["caps", "perPeriodMinor"]}
        label="A period earns at most"
        hint="Cut from the last rule upwards, bonuses first."
        optional
      />
      <MoneyPlace
        path={["caps", "totalMinor"]}
        label="All periods together"
        hint="What a guarantee takes back makes no room for more."
        optional
      />
      <MoneyPlace
        path={["caps", "perResultMinor"]}
        label="One result earns at most"
        hint="Under rules that pay a share of its value."
        optional
      />
    </div>
    <PlaceRemarks path={["caps"]} />
  </>
);
