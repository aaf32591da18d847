/** A decimal number, exactly: `units` / 10^`digits`, with no zero at the end of what follows the point. */
export interface Exact {
  readonly units: bigint;
  readonly digits: number;
}

const POWERS = Array.from({ length: 41 }, (_, digits) => 10n ** BigInt(digits));

/** 10^digits. */
export const pow10 = (digits: number): bigint => POWERS[digits] ?? 10n ** BigInt(digits);

/** Nothing, exactly. */
export const nothing: Exact = { units: 0n, digits: 0 };

const NUMBER = /^([+-]?)(?=\.?\d)(\d{0,40})(?:\.(\d{0,40}))?(?:[eE]([+-]?\d{1,2}))?$/;

const trimmed = (units: bigint, digits: number): Exact => {
  let [left, places] = [units, digits];
  while (places > 0 && left % 10n === 0n) {
    left /= 10n;
    places -= 1;
  }
  return { units: left, digits: places };
};

/** The most characters a plain number can have while a double holds its digits exactly. */
const SHORT = 15;
const [DOT, ZERO, NINE] = [46, 48, 57];

/** The common case, fast: a few digits, perhaps a point between them. Nothing for everything else. */
const short = (text: string): Exact | undefined => {
  let [units, places, kept, digits] = [0, -1, 0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === DOT && places === -1 && at > 0) {
      places = 0;
      continue;
    }
    if (code < ZERO || code > NINE) return undefined;
    units = units * 10 + code - ZERO;
    if (places !== -1) places += 1;
    if (places === -1 || code !== ZERO) [kept, digits] = [units, Math.max(0, places)];
  }
  return { units: BigInt(kept), digits };
};

/** Read a decimal number from text without ever making it a float; nothing when it is not one. */
export const exact = (text: string): Exact | undefined => {
  const quick = text.length <= SHORT && text !== "" ? short(text) : undefined;
  if (quick !== undefined) return quick;
  const match = NUMBER.exec(text);
  if (match === null) return undefined;
  const [, sign = "", whole = "", fraction = "", power = "0"] = match;
  const units = BigInt(sign + whole + fraction);
  const digits = fraction.length - Number(power);
  return digits < 0 ? { units: units * pow10(-digits), digits: 0 } : trimmed(units, digits);
};

/** The units of an exact number at `digits` decimals, which must be no fewer than it has. */
export const unitsAt = (it: Exact, digits: number): bigint =>
  it.digits === digits ? it.units : it.units * pow10(digits - it.digits);

/** Units of 10^−digits as plain decimal text with exactly that many decimals. */
export const plainDecimal = (units: bigint, digits: number): string => {
  const text = (units < 0n ? -units : units).toString().padStart(digits + 1, "0");
  const sign = units < 0n ? "-" : "";
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
};
