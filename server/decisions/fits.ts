import { createHash } from "node:crypto";
import type { Terms } from "../../shared/contract/terms.ts";
import { type Fit, fitText, misfit } from "../../shared/judge/fit.ts";
import { ok, type Result, refuse } from "../../shared/kit/shape.ts";
import { read } from "../engine/book.ts";
import type { FitDoc } from "../engine/fits.ts";
import type { Work } from "../engine/record.ts";
import type { Unit } from "../engine/unit.ts";

/** The hash that names a fit: SHA-256, in hex, of its canonical text. */
export const hashOfFit = (fit: Fit): string => createHash("sha256").update(fitText(fit)).digest("hex");

/** Freeze what was fitted. The same fit again is the one there is. */
export const freezeFit =
  (fit: Fit, by: string): Work<string> =>
  async (unit) => {
    if (!(await unit.document(`campaign/${fit.campaign}`)))
      return refuse("not-found", `There is no campaign ${fit.campaign}.`);
    const hash = hashOfFit(fit);
    if (!(await unit.document(`fit/${hash}`)))
      await unit.record({ type: "weights-fitted", campaign: fit.campaign, hash, fit: structuredClone(fit) }, by);
    return ok(hash);
  };

/**
 * May these terms pay by the fit they name? It must be one of their campaign, made with their parameters over the days
 * they say. Terms that name none may.
 */
export const fitting = async (
  unit: Pick<Unit, "document">,
  campaign: string,
  { attribution }: Pick<Terms, "attribution">,
): Promise<Result<null>> => {
  if (attribution.learned === undefined) return ok(null);
  const { fit: hash } = attribution.learned;
  const doc = await read<FitDoc>(unit, `fit/${hash}`);
  if (doc?.campaign !== campaign)
    return refuse(
      "unknown-fit",
      `This campaign has no fit ${hash}. Fit its weights first, and name the hash that comes of it.`,
    );
  const because = misfit(doc.fit, attribution);
  return because === undefined
    ? ok(null)
    : refuse(
        "misfit",
        `The fit ${hash} ${because}. Fit again with what the terms say, or say what it was fitted with.`,
      );
};
