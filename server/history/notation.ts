const BETWEEN = / (?:→|>) /;
/** What reports add to a step: how often it was repeated, and how much it was credited with. */
const STEP = /^(.*?)(?:\s*(?:[x×]\s?(\d{1,3})|\([x×]\s?(\d{1,3})\)))?(?:\s*\(\d{1,3}(?:\.\d+)?%\))?$/u;

const listed = (text: string): readonly string[] | undefined => {
  if (!text.startsWith("[")) return undefined;
  try {
    const found: unknown = JSON.parse(text);
    if (Array.isArray(found) && found.every((it) => typeof it === "string")) return found;
  } catch {
    // Some exports leave the quotes out: [Organic Search, Direct].
  }
  return text.endsWith("]") ? text.slice(1, -1).split(",") : undefined;
};

const repeated = (step: string): readonly string[] => {
  const [, name = "", plain, enclosed] = STEP.exec(step.trim()) ?? [];
  return Array.from({ length: Math.max(1, Number(plain ?? enclosed ?? 1)) }, () => name.trim());
};

/**
 * The steps of a path however a report writes it: as a list, `["Paid Search","Direct"]`, or as it is shown on screen,
 * `Paid Search x 2 (50%) → Direct (50%)`; steps may stand between ` > ` as well.
 */
export const stepsIn = (text: string): readonly string[] => {
  const bare = text.trim();
  if (bare === "" || bare === "[]") return [];
  return (listed(bare) ?? bare.split(BETWEEN)).flatMap(repeated);
};
