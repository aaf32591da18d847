import { countrySpecs, ValidationErrorsIBAN, validateIBAN } from "ibantools";

/** An account number without its spaces, in capitals. */
export const bare = (text: string): string => text.replace(/[\s-]/g, "").toUpperCase();

/** An account number in groups of four, as it is printed. */
export const grouped = (text: string): string => bare(text).replace(/(.{4})(?=.)/g, "$1 ");

/** How an account number stands: nothing yet, more to come (`says` how much), wrong (`says` why), or good. */
export interface IbanCheck {
  readonly state: "empty" | "short" | "wrong" | "good";
  readonly says: string;
}

const lengthOf = (country: string): number | null => countrySpecs[country]?.chars ?? null;

const wrong = (says: string): IbanCheck => ({ state: "wrong", says });

const beginning = (iban: string): IbanCheck | undefined => {
  if (iban === "") return { state: "empty", says: "" };
  if (/[^A-Z0-9]/.test(iban)) return wrong("An IBAN has letters and digits only.");
  if (/^[A-Z]?\d/.test(iban)) return wrong("An IBAN begins with two letters for the country, such as DE.");
  if (iban.length < 2) return { state: "short", says: "Two letters for the country first." };
  const country = iban.slice(0, 2);
  if (lengthOf(country) === null) return wrong(`${country} is not a country with IBANs.`);
  return /^[A-Z]{2}(?:\d{2}|\d?$)/.test(iban) ? undefined : wrong("After the country come two digits.");
};

const checksum = [ValidationErrorsIBAN.WrongIBANChecksum, ValidationErrorsIBAN.WrongAccountBankBranchChecksum];

/** Check an account number while it is typed: what is wrong is said at once, what is only missing is counted. */
export const checkIban = (text: string): IbanCheck => {
  const iban = bare(text);
  const begun = beginning(iban);
  if (begun) return begun;
  const most = lengthOf(iban.slice(0, 2)) ?? 0;
  if (iban.length < most) return { state: "short", says: `${iban.length} of ${most} characters.` };
  if (iban.length > most)
    return wrong(`Too long by ${iban.length - most}: an IBAN of ${iban.slice(0, 2)} has ${most} characters.`);
  const { valid, errorCodes } = validateIBAN(iban);
  if (valid) return { state: "good", says: `${grouped(iban)}: its check digits are right.` };
  if (errorCodes.some((it) => checksum.includes(it)))
    return wrong("Its check digits do not fit: a character is mistyped, or two are swapped.");
  return wrong("Letters and digits are not where this country's IBANs have them.");
};
