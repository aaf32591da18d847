/** A host as somebody might paste it: `https://shop.example/landing` is `shop.example`. What cannot be read is left for the server to refuse. */
const hostOf = (text: string): string => {
  const bare = text.trim().toLowerCase();
  const url = bare.includes("://") ? bare : `https://${bare}`;
  return URL.canParse(url) && new URL(url).host !== "" ? new URL(url).host : bare;
};

/** The hosts named in a text, one a line or with commas or spaces between, each once. */
export const hostsIn = (text: string): readonly string[] => [
  ...new Set(
    text
      .split(/[\s,;]+/)
      .filter((it) => it !== "")
      .map(hostOf),
  ),
];
