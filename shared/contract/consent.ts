/** The consent that is asked for now. Its version is recorded with each signature, and its whole text is sealed with it. */
export const consentVersion = "2026-11-electronic-signature-2";

/**
 * Every consent that was ever asked for, by version, one paragraph an entry, exactly as signers read it. Entries are
 * added and never changed or removed: a text that differs by a letter is another version. Sources of what it must say:
 * 15 U.S.C. 7001(c) (ESIGN), Regulation (EU) 910/2014 art. 3(10) and 25(1) (eIDAS).
 */
export const consents: Readonly<Record<string, readonly string[]>> = {
  "2026-11-electronic-signature-1": ["I have read these terms, I agree to them, and I agree to sign electronically."],
  "2026-11-electronic-signature-2": [
    "I have read these terms in full and I agree to them. I mean to sign them, and I agree to do so electronically: typing my name and pressing the button that signs is my signature.",
    "This is a simple electronic signature in the sense of the European eIDAS regulation. It is neither an advanced nor a qualified electronic signature. Where the law asks for another form, such as ink on paper or a qualified signature, this one does not replace it.",
    "With my signature are recorded: the terms and their text, a SHA-256 hash of each, the name I typed and the party I sign for, how I was signed in, the moment, my network address cut down to its network, what my browser calls itself, and the place of all this in the brand's chain of records. The server seals that record with its own key.",
    "I may download a copy of what I signed, as a PDF and as a file that any computer can check again, as often as I like and at no cost, for as long as the contract is kept; I can read both with any current browser. I may ask the other side for a copy on paper as well.",
    "Until I sign I may stop at any time by leaving this page or declining: then nothing is signed and nothing is recorded as my signature. If I would rather not sign electronically at all, I tell the other side before I sign and we sign on paper. Once both sides have signed, the contract ends only as its terms say.",
    "I am authorised to sign for the party named. Nothing here is legal advice.",
  ],
};
