const twoDigits =
  "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG";
const noDigits = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
const threeDigits = "BHD IQD JOD KWD LYD OMR TND";
const fourDigits = "CLF UYW";

const table = (codes: string, exponent: number): readonly (readonly [string, number])[] =>
  codes.split(" ").map((code) => [code, exponent] as const);

/**
 * How many decimal digits one major unit of each currency has (USD 2, JPY 0, KWD 3, CLF 4).
 * Source: ISO 4217 list one; never Intl, which disagrees with it for sixteen currencies. Metals and test codes,
 * which have no minor unit, are absent: no contract can be written in them.
 */
export const exponents: ReadonlyMap<string, number> = new Map([
  ...table(twoDigits, 2),
  ...table(noDigits, 0),
  ...table(threeDigits, 3),
  ...table(fourDigits, 4),
]);

/** Is this an ISO 4217 code that has a minor unit? Upper case only. */
export const isCurrency = (code: string): boolean => exponents.has(code);
