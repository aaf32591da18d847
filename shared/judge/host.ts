/** The right side of an e-mail address, read: its name as mail servers look it up and, when it is unusual, why. */
export type Host =
  | { readonly ok: true; readonly name: string; readonly odd?: string }
  | { readonly ok: false; readonly because: string };

const no = (because: string): Host => ({ ok: false, because });

// The most characters a domain may have, labels and dots together, in its ASCII form (RFC 1035 §2.3.4 less the root).
const LONGEST_DOMAIN = 253;
const LONGEST_LABEL = 63;

const isPlainLabel = (label: string): boolean => /^[a-z0-9-]+$/.test(label);
const isDigits = (text: string): boolean => /^[0-9]+$/.test(text);
// What a name in any script is written with; joiners and middle dots occur inside Persian, Catalan and Japanese names.
const isScriptLabel = (label: string): boolean => /^(?:[\p{L}\p{M}\p{N}\u00b7\u30fb-]|\u200c|\u200d)+$/u.test(label);

/** One label in ASCII (`bücher` → `xn--bcher-kva`), or nothing when no such name can exist. */
const asciiLabel = (label: string): string | undefined => {
  // The suffix keeps a label of digits alone from being read as an IPv4 number.
  const url = `http://${label}.test`;
  if (!URL.canParse(url)) return undefined;
  const ascii = new URL(url).hostname.slice(0, -".test".length);
  return isPlainLabel(ascii) ? ascii : undefined;
};

type Label =
  | { readonly ok: true; readonly ascii: string; readonly odd?: string }
  | { readonly ok: false; readonly because: string };

const hyphens = "A part of the domain begins or ends with a hyphen.";

const readLabel = (label: string): Label => {
  if (label === "") return { ok: false, because: "The domain begins or ends with a dot, or has two dots in a row." };
  const lower = label.toLowerCase();
  const plain = isPlainLabel(lower);
  if (!plain && !isScriptLabel(lower))
    return { ok: false, because: "The domain has a character that no domain name can have." };
  const encoded = lower.startsWith("xn--");
  const ascii = plain && !encoded ? lower : asciiLabel(lower);
  if (ascii === undefined && !plain) return { ok: false, because: "The domain cannot be written as an internet name." };
  const name = ascii ?? lower;
  if (name.startsWith("-") || name.endsWith("-")) return { ok: false, because: hyphens };
  if (name.length > LONGEST_LABEL)
    return { ok: false, because: `A part of the domain is longer than ${LONGEST_LABEL} characters.` };
  if (ascii === undefined)
    return { ok: true, ascii: name, odd: "A part of the domain begins with xn-- but encodes no name." };
  return { ok: true, ascii: name };
};

const readName = (text: string): Host => {
  const labels: string[] = [];
  let odd: string | undefined;
  for (const part of text.split(".")) {
    const label = readLabel(part);
    if (!label.ok) return label;
    labels.push(label.ascii);
    odd ??= label.odd;
  }
  const name = labels.join(".");
  if (name.length > LONGEST_DOMAIN) return no(`The domain is longer than ${LONGEST_DOMAIN} characters.`);
  if (isDigits(labels.at(-1) ?? "")) odd = "The domain ends in a number, as no name on the internet does.";
  else if (labels.length === 1)
    odd = "The domain is a single word; mail to a bare top-level domain hardly ever arrives.";
  return odd === undefined ? { ok: true, name } : { ok: true, name, odd };
};

const isFourNumbers = (text: string): boolean => {
  const parts = text.split(".");
  return parts.length === 4 && parts.every((part) => /^[0-9]{1,3}$/.test(part) && Number(part) <= 255);
};

const hexGroups = (text: string): number | undefined => {
  if (text === "") return 0;
  const groups = text.split(":");
  return groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group)) ? groups.length : undefined;
};

/** RFC 5321 §4.1.3: eight groups, or `::` in place of two or more; the last two may be written as an IPv4 address. */
const isEightGroups = (text: string): boolean => {
  const lastColon = text.lastIndexOf(":");
  const tail = text.slice(lastColon + 1);
  const whole = isFourNumbers(tail) ? `${text.slice(0, lastColon + 1)}0:0` : text;
  const halves = whole.split("::");
  if (halves.length === 1) return hexGroups(whole) === 8;
  if (halves.length > 2) return false;
  const [left, right] = [hexGroups(halves[0] ?? ""), hexGroups(halves[1] ?? "")];
  return left !== undefined && right !== undefined && left + right <= 6;
};

const readLiteral = (text: string): Host => {
  if (!text.endsWith("]")) return no("The address in square brackets is not closed, or something follows it.");
  const inside = text.slice(1, -1);
  const tagged = inside.slice(0, 5).toLowerCase() === "ipv6:";
  const known = tagged ? isEightGroups(inside.slice(5)) : isFourNumbers(inside);
  if (!known) return no("The square brackets hold neither an IPv4 address nor an IPv6 address.");
  return { ok: true, name: text.toLowerCase(), odd: "The mail goes to a bare internet address instead of a domain." };
};

/**
 * Read what follows the `@`: a domain name in any script, given back in lower-case ASCII (`Bücher.example` →
 * `xn--bcher-kva.example`), or an address in brackets. Odd, not refused: a single word, a numeric ending, brackets.
 * Source: RFC 5321 §4.1.2–3, RFC 5890, UTS 46.
 */
export const readHost = (text: string): Host => {
  if (text === "") return no("There is no domain after the @.");
  return text.startsWith("[") ? readLiteral(text) : readName(text);
};
