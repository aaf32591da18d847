import * as v from "valibot";

const text = (most: number) => v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(most));
const bare = (text: string): string => text.replace(/[\s-]/g, "").toUpperCase();

/** An international bank account number; spaces are taken out. Whether it exists and its check digits hold is checked at the door. */
export const Iban = v.pipe(
  v.string(),
  v.maxLength(60),
  v.transform(bare),
  v.regex(/^[A-Z]{2}\d{2}[A-Z0-9]{10,30}$/, "must be an IBAN, such as DE89 3704 0044 0532 0130 00"),
);

const Bic = v.pipe(
  v.string(),
  v.maxLength(20),
  v.transform(bare),
  v.regex(/^[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$/, "must be a BIC of 8 or 11 letters and digits"),
);

/**
 * Where an influencer is paid. `bank`: an account, whose holder is `name`, resident in `country` (ISO 3166, two letters).
 * `manual`: in words, for whoever pays by hand. Personal: kept apart from facts and erased with the person.
 */
export const PayoutDetails = v.variant("rail", [
  v.strictObject({
    rail: v.literal("bank"),
    name: text(70),
    iban: Iban,
    bic: v.optional(Bic),
    country: v.pipe(v.string(), v.trim(), v.toUpperCase(), v.regex(/^[A-Z]{2}$/, "must be two letters, such as DE")),
  }),
  v.strictObject({ rail: v.literal("manual"), note: text(500) }),
]);

/** Where an influencer is paid, as it is kept. */
export type Details = v.InferOutput<typeof PayoutDetails>;

/** The account a brand pays from, and its holder's name as the bank knows it. */
export const PayerAccount = v.strictObject({ name: text(70), iban: Iban, bic: v.optional(Bic) });

/** The account a brand pays from. */
export type Payer = v.InferOutput<typeof PayerAccount>;

/** The rails there are. `bank`: a file of SEPA transfers for the brand's bank. `manual`: a list that somebody pays by hand. */
export const RailName = v.picklist(["bank", "manual"]);

/** One of the rails. */
export type RailName = v.InferOutput<typeof RailName>;
