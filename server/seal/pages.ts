import { BUNDLE_FILE, type Bundle, bundleText, type SignatureRecord } from "../../shared/contract/bundle.ts";
import { present } from "../../shared/kit/shape.ts";
import { inks, openSheet, type Sheet, type Style, WIDTH } from "./sheet.ts";

const titles = { brand: "Brand", influencer: "Influencer" } as const;
const methods = {
  passkey: "Passkey, asked for again at the moment of signing",
  session: "Signed-in session",
} as const;

const instant = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;

const nameOf = ({ signer }: SignatureRecord): string => signer?.name ?? "(name erased)";
const partyOf = ({ signer, record }: SignatureRecord): string => signer?.partyName ?? `The ${record.party}`;

const heading = (sheet: Sheet, text: string): void => {
  sheet.down(16);
  sheet.room(60);
  sheet.say(text, { face: "bold", size: 12, ink: inks.accent });
  sheet.down(3);
  const { doc } = sheet;
  doc
    .moveTo(doc.x, doc.y)
    .lineTo(doc.x + WIDTH, doc.y)
    .lineWidth(0.6)
    .stroke(inks.line);
  sheet.down(8);
};

const masthead = (sheet: Sheet, { contract, version }: SignatureRecord["record"]): void => {
  const { doc } = sheet;
  const [x, y] = [doc.x, doc.y];
  doc.roundedRect(x, y, 26, 26, 6.5).fill(inks.accent);
  doc
    .moveTo(x + 6.5, y + 14.2)
    .lineTo(x + 10.6, y + 18.3)
    .lineTo(x + 19.5, y + 8.5)
    .lineWidth(2.9)
    .lineCap("round")
    .lineJoin("round")
    .stroke("#ffffff");
  sheet.write("Makegood", 34, y + 4.5, 200, { face: "bold", size: 13 });
  doc.y = y + 50;
  sheet.say("Certificate of a signed contract", { face: "bold", size: 22 });
  sheet.down(4);
  sheet.say(`Contract ${contract}, version ${version}`, { size: 10, ink: inks.quiet });
  sheet.down(18);
};

/** Both parties side by side: who they are, who signed for them, and when. */
const parties = (sheet: Sheet, signatures: Bundle["signatures"]): void => {
  const { doc } = sheet;
  const [gap, inset, top] = [16, 14, doc.y];
  const width = (WIDTH - gap) / 2;
  const inner = width - 2 * inset;
  const small = { size: 8.5, ink: inks.quiet };
  const strong = { face: "bold", size: 12 } as const;
  const both = signatures.slice(0, 2);
  const tallest = (textOf: (it: SignatureRecord) => string, style: Style): number =>
    Math.max(...both.map((it) => sheet.heightOf(textOf(it), inner, style)));
  const name = (it: SignatureRecord): string => `Signed by ${nameOf(it)}`;
  const named = top + 30 + tallest(partyOf, strong) + 8;
  const dated = named + tallest(name, {}) + 3;
  const height = dated + 24 - top;
  for (const index of both.keys())
    doc.roundedRect(doc.x + index * (width + gap), top, width, height, 6).fill(inks.soft);
  for (const [index, it] of both.entries()) {
    const x = index * (width + gap) + inset;
    sheet.write(titles[it.record.party], x, top + 12, inner, small);
    sheet.write(partyOf(it), x, top + 28, inner, strong);
    sheet.write(name(it), x, named, inner);
    sheet.write(instant(it.record.signedAt), x, dated, inner, small);
  }
  doc.y = top + height;
};

const clauses = (sheet: Sheet, text: readonly string[]): void => {
  heading(sheet, "What was agreed");
  for (const clause of text) {
    const end = clause.indexOf(". ");
    const headed = end > 0 && end < 24;
    sheet.pair(headed ? clause.slice(0, end) : "", headed ? clause.slice(end + 2) : clause, { column: 92 });
    sheet.down(5);
  }
};

const signature = (sheet: Sheet, it: SignatureRecord): void => {
  const { record, seal, link } = it;
  const mono = { face: "mono", size: 7 } as const;
  sheet.room(230);
  sheet.down(4);
  sheet.say(`${titles[record.party]}: ${partyOf(it)}`, { face: "bold", size: 10.5 });
  sheet.down(5);
  const rows: readonly (readonly [string, string, object?])[] = [
    ["Name typed", nameOf(it), { face: "bold" }],
    ["Signed at", instant(record.signedAt)],
    ["Proven by", methods[record.method]],
    ["Network", record.address ?? "not known"],
    ["Browser", record.agent ?? "not said"],
    ["Consent", `Version ${record.consentVersion}, in full below`],
    ["Terms, SHA-256", record.termsHash, mono],
    ["Text, SHA-256", record.textHash, mono],
    ["Wording", `Version ${record.wordingVersion}`],
    ["Place in the chain", `Entry ${record.place.seq} of the records of brand ${record.place.brand}`],
    ["Hash of that entry", link.hash, mono],
    ["Hash of the one before", record.place.after, mono],
    ["Sealed by key", seal.key, mono],
    ["Seal (Ed25519)", `${seal.signature.slice(0, 64)} ${seal.signature.slice(64)}`, mono],
  ];
  for (const [label, text, style = {}] of rows) {
    sheet.pair(label, text, { size: 8.5, ...style });
    sheet.down(1);
  }
  sheet.down(4);
};

const consents = (sheet: Sheet, signatures: Bundle["signatures"]): void => {
  heading(sheet, "What both consented to");
  const texts = new Map(signatures.map(({ record }) => [record.consentVersion, record.consent]));
  for (const [version, paragraphs] of texts) {
    sheet.say(`Version ${version}`, { size: 8.5, ink: inks.quiet });
    sheet.down(4);
    for (const paragraph of paragraphs) {
      sheet.say(paragraph, { size: 8 });
      sheet.down(3);
    }
  }
};

const verifying = (sheet: Sheet, origin: string): void => {
  heading(sheet, "What this is, and how to check it");
  const paragraphs = [
    "This contract was signed with simple electronic signatures in the sense of Regulation (EU) No 910/2014 (eIDAS). They are neither advanced nor qualified electronic signatures, and nothing here is legal advice.",
    `To check it, open ${origin}/verify and drop this file there. Everything is computed again in your browser and the file does not leave it: the hashes, the text from the terms, the seals, the consent and the places in the chain of records. No account is needed.`,
    `This PDF carries the contract as data, in the attached file ${BUNDLE_FILE}; the pages are a picture of it. Its last line is a seal over the whole PDF, so a change of any of its bytes can be seen.`,
  ];
  for (const paragraph of paragraphs) {
    sheet.say(paragraph, { size: 9.5 });
    sheet.down(5);
  }
};

/** The pages of a certificate as a PDF that carries the bundle inside, not sealed yet. The same bundle and origin always give the same bytes. */
export const pagesOf = async (bundle: Bundle, origin: string): Promise<Buffer> => {
  const { signatures, text } = bundle;
  const { record } = present(signatures.at(-1), "the last signature of a bundle");
  const title = `Contract ${record.contract}, version ${record.version}`;
  const subject = "Certificate of a contract signed electronically (simple electronic signature)";
  const sheet = openSheet({ title, subject, at: new Date(record.signedAt) });
  masthead(sheet, record);
  parties(sheet, signatures);
  clauses(sheet, text);
  verifying(sheet, origin);
  heading(sheet, "Signatures");
  for (const it of signatures) signature(sheet, it);
  consents(sheet, signatures);
  sheet.enclose(bundleText(bundle), BUNDLE_FILE, "The signed contract, with all that proves it");
  return sheet.end(`${title} · terms ${record.termsHash.slice(0, 16)}…`);
};
