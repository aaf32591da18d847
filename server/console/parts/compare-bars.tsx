interface CompareBarsProps {
  readonly now: number;
  readonly whatIf: number;
  /** What fills the whole width. */
  readonly most: number;
  readonly tone: string;
}

const width = (value: number, most: number): string => `${most > 0 ? Math.max(0, (value / most) * 100) : 0}%`;

/** One thing measured twice: as it is, pale, above what it would be. It says nothing the figures beside it do not. */
export const CompareBars = ({ now, whatIf, most, tone }: CompareBarsProps) => (
  <svg class="compare-bars" aria-hidden="true">
    <rect class="track" width="100%" height="24" rx="4" />
    <rect class={`fill pale ${tone}`} y="2" width={width(now, most)} height="8" rx="2" />
    <rect class={`fill ${tone}`} y="12" width={width(whatIf, most)} height="10" rx="2" />
  </svg>
);
