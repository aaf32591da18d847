import { type Host, readHost } from "./host.ts";

/** A mailbox that mail can be addressed to: `local` as it was written, `domain` in lower-case ASCII. */
export interface Mailbox {
  readonly ok: true;
  readonly local: string;
  readonly domain: string;
  readonly verdict: "deliverable-syntax" | "risky";
  readonly because: string;
}

/** What reading an e-mail address gave: a mailbox, or why it is none. `because` never quotes the address. */
export type Email =
  | Mailbox
  | { readonly ok: false; readonly verdict: "undeliverable-syntax"; readonly because: string };

/** The most octets an address may have (RFC 5321 §4.5.3.1.3: a path of 256, less its angle brackets). */
export const LONGEST_EMAIL = 254;
// The most octets the part before the `@` may have (RFC 5321 §4.5.3.1.1).
const LONGEST_LOCAL = 64;

type Local =
  | { readonly ok: true; readonly end: number; readonly odd?: string }
  | { readonly ok: false; readonly because: string };

const no = (because: string): { readonly ok: false; readonly because: string } => ({ ok: false, because });

const octetsOf = (text: string): number => {
  let octets = 0;
  for (const letter of text) {
    const code = letter.codePointAt(0) ?? 0;
    if (code < 0x80) octets += 1;
    else if (code < 0x800) octets += 2;
    else octets += code < 0x10000 ? 3 : 4;
  }
  return octets;
};

const isAscii = (letter: string): boolean => (letter.codePointAt(0) ?? 0) < 0x80;
const isAtomAscii = (letter: string): boolean => /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]$/.test(letter);
const isAtomBeyond = (letter: string): boolean => /^[\p{L}\p{M}\p{N}]$/u.test(letter);
const isAtom = (letter: string): boolean => (isAscii(letter) ? isAtomAscii(letter) : isAtomBeyond(letter));
const isPrintable = (letter: string): boolean => letter >= " " && letter <= "~";

const atomFault = (letter: string): string => {
  if (letter === '"') return "A quotation mark stands in the middle of the part before the @.";
  if (/^\s$/.test(letter)) return "There is a space or a line break where an address cannot have one.";
  if (letter === "(" || letter === ")") return "There is a comment in brackets, which no mail server takes.";
  return "There is a character before the @ that an address cannot have there.";
};

const readAtoms = (text: string): Local => {
  let [end, before, beyond] = [0, ".", false];
  for (const letter of text) {
    if (letter === "@") break;
    if (letter === "." && before === ".") return no("A dot begins the address, or two dots stand in a row.");
    if (letter !== "." && !isAtom(letter)) return no(atomFault(letter));
    beyond ||= !isAscii(letter);
    before = letter;
    end += letter.length;
  }
  if (end === 0) return no("There is nothing before the @.");
  if (end === text.length) return no("There is no @, or no domain after it.");
  if (before === ".") return no("A dot stands right before the @.");
  return beyond
    ? { ok: true, end, odd: "It has letters beyond ASCII before the @, which many mail servers refuse." }
    : { ok: true, end };
};

const readQuoted = (text: string): Local => {
  for (let index = 1; index < text.length; index += 1) {
    const letter = text.charAt(index);
    if (letter === '"') {
      if (text.charAt(index + 1) !== "@") return no("Something other than the @ follows the closing quotation mark.");
      return {
        ok: true,
        end: index + 1,
        odd: "The part before the @ is in quotation marks, which is legal and hardly ever real.",
      };
    }
    if (letter === "\\") index += 1;
    if (!isPrintable(text.charAt(index)))
      return no("There is a character inside the quotation marks that cannot be there.");
  }
  return no("The quotation marks are not closed.");
};

const fault = (because: string): Email => ({ ok: false, verdict: "undeliverable-syntax", because });

const tooLong = `It is longer than ${LONGEST_EMAIL} characters.`;

const settled = (local: string, domain: string, odd: string | undefined): Mailbox => ({
  ok: true,
  local,
  domain,
  verdict: odd === undefined ? "deliverable-syntax" : "risky",
  because: odd ?? "It is written as ordinary mailboxes are.",
});

const joined = (local: Local & { readonly ok: true }, host: Host & { readonly ok: true }): string | undefined => {
  const odd = [local.odd, host.odd].filter((it) => it !== undefined);
  return odd.length === 0 ? undefined : odd.join(" ");
};

/**
 * Read one e-mail address as RFC 5321 writes a mailbox, with the letters beyond ASCII of RFC 6531. Legal but odd forms
 * (quoted, bracketed, numeric or single-word domains) are mailboxes with the verdict `risky`. Comments, folding white
 * space, obsolete forms and whatever only message headers allow are refused. One pass over the text, at most 254 octets.
 * Says nothing about whether the mailbox exists.
 */
export const parseEmail = (text: string): Email => {
  if (text.length > LONGEST_EMAIL) return fault(tooLong);
  const local = text.startsWith('"') ? readQuoted(text) : readAtoms(text);
  if (!local.ok) return fault(local.because);
  const name = text.slice(0, local.end);
  if (octetsOf(name) > LONGEST_LOCAL) return fault(`The part before the @ is longer than ${LONGEST_LOCAL} characters.`);
  const host = readHost(text.slice(local.end + 1));
  if (!host.ok) return fault(host.because);
  if (octetsOf(name) + 1 + host.name.length > LONGEST_EMAIL) return fault(tooLong);
  return settled(name, host.name, joined(local, host));
};

interface Provider {
  readonly domain: string;
  readonly dots: "ignored" | "meant";
}

const gmail: Provider = { domain: "gmail.com", dots: "ignored" };

/**
 * Providers that deliver `name+anything` to `name`, each known for it. Two domains are one only where they share every
 * mailbox, as Gmail's do; Outlook's and Apple's domains stay apart, because two people can have one name on two of them.
 */
const providers: ReadonlyMap<string, Provider> = new Map<string, Provider>([
  ["gmail.com", gmail],
  ["googlemail.com", gmail],
  ...["outlook.com", "hotmail.com", "live.com", "icloud.com", "fastmail.com", "proton.me", "protonmail.com"].map(
    (domain) => [domain, { domain, dots: "meant" }] as const,
  ),
]);

const isDotAtom = (text: string): boolean =>
  text !== "" && text.split(".").every((atom) => atom !== "" && [...atom].every(isAtom));

/** `"john"` and `"jo\hn"` are the mailbox `john` (RFC 5321 §4.1.2); what needs its quotation marks keeps them. */
const unquoted = (local: string): string => {
  if (!local.startsWith('"')) return local;
  const inside = local.slice(1, -1).replace(/\\(.)/g, "$1");
  return isDotAtom(inside) ? inside : `"${inside.replace(/["\\]/g, "\\$&")}"`;
};

const untagged = (local: string, { dots }: Provider): string => {
  const plus = local.indexOf("+");
  const name = plus > 0 ? local.slice(0, plus) : local;
  if (dots === "ignored") return name.replaceAll(".", "");
  // `ann.+tag` without its tag would end in a dot, which is no mailbox.
  return isDotAtom(name) ? name : local;
};

/**
 * The form two spellings of one mailbox share, for finding duplicates and never for sending mail: lower case, needless
 * quotation marks dropped, and for providers known to do so the `+tag` dropped; Gmail also ignores dots and answers to
 * googlemail.com. Everywhere else dots and tags are meant and stay. Law: normalising twice is normalising once.
 */
export const normaliseEmail = ({ local, domain }: Mailbox): string => {
  const name = unquoted(local).toLowerCase().normalize("NFC");
  const provider = providers.get(domain);
  if (!provider || name.startsWith('"')) return `${name}@${domain}`;
  return `${untagged(name, provider)}@${provider.domain}`;
};

/** The name a mailbox goes by, for comparing with lists of names: lower case, unquoted, without tag or separators. */
export const plainName = ({ local }: Mailbox): string => {
  const name = unquoted(local).toLowerCase();
  const plus = name.indexOf("+");
  return (plus > 0 ? name.slice(0, plus) : name).replace(/[._-]/g, "");
};
