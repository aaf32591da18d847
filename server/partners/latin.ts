/** Letters that do not come apart into a plain one and a mark. */
const plain = new Map(
  Object.entries({
    ß: "ss",
    ẞ: "SS",
    æ: "ae",
    Æ: "AE",
    œ: "oe",
    Œ: "OE",
    ø: "o",
    Ø: "O",
    ð: "d",
    Ð: "D",
    đ: "d",
    Đ: "D",
    þ: "th",
    Þ: "TH",
    ł: "l",
    Ł: "L",
    ı: "i",
    ħ: "h",
    Ħ: "H",
    "’": "'",
    "‘": "'",
    "`": "'",
    "–": "-",
    "—": "-",
    _: "-",
    "&": "+",
    "@": "(at)",
    "€": "EUR",
  }),
);

const written = (letters: string, latin: string): readonly (readonly [string, string])[] => {
  const names = latin.split(" ");
  return [...letters].flatMap((letter, index) => {
    const name = names[index] ?? "";
    const capital = letter.toUpperCase();
    const title = name.slice(0, 1).toUpperCase() + name.slice(1);
    return [[letter, name] as const, ...(capital === letter ? [] : [[capital, title] as const])];
  });
};

/** Greek and Cyrillic letters as banks write them. Source: EPC217-08, Requirements for an extended character set. */
const scripts = new Map([
  ...written("αβγδεζηθικλμνξοπρσςτυφχψω", "a v g d e z i th i k l m n x o p r s s t y f ch ps o"),
  ...written(
    "абвгдежзийклмнопрстуфхцчшщъьюяыэіїєґђјљњћџ",
    "a b v g d e zh z i y k l m n o p r s t u f h ts ch sh sht a y yu ya y e i yi ye g dj j lj nj c dz",
  ),
]);

/**
 * Text in the characters every bank in SEPA takes: a–z A–Z 0–9 / - ? : ( ) . , ' + and space, transliterated where there is
 * a custom, a dot where there is none; no slash first or twice. Cut to `most` characters. Source: EPC217-08.
 */
export const latin = (text: string, most: number): string =>
  [...text]
    .map(
      (letter) => plain.get(letter) ?? scripts.get(letter) ?? scripts.get(letter.normalize("NFD")[0] ?? "") ?? letter,
    )
    .join("")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/\s+/g, " ")
    .replace(/[^A-Za-z0-9/\-?:().,'+ ]/gu, ".")
    .replace(/^\/+/, "")
    .replace(/\/{2,}/g, "/")
    .trim()
    .slice(0, most)
    .trim();
