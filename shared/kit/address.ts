const octets = (text: string): readonly number[] | undefined => {
  const parts = text.split(".");
  const whole = parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
  return whole ? parts.map(Number) : undefined;
};

/** `1:2::8` as its eight groups; an IPv4 address written at the end is two of them. */
const groups = (text: string): readonly number[] | undefined => {
  const tail = octets(text.slice(text.lastIndexOf(":") + 1));
  const [a = 0, b = 0, c = 0, d = 0] = tail ?? [];
  const last = tail && `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  const plain = last === undefined ? text : text.slice(0, text.lastIndexOf(":") + 1) + last;
  const [front = "", back, ...more] = plain.split("::");
  if (more.length > 0) return undefined;
  const [before, after] = [front, back ?? ""].map((side) => (side === "" ? [] : side.split(":"))) as [
    string[],
    string[],
  ];
  const missing = 8 - before.length - after.length;
  if (back === undefined ? missing !== 0 : missing < 1) return undefined;
  const all = [...before, ...Array<string>(missing).fill("0"), ...after];
  return all.every((group) => /^[0-9a-f]{1,4}$/i.test(group))
    ? all.map((group) => Number.parseInt(group, 16))
    : undefined;
};

/**
 * A network address cut down to its network, so that it says roughly whence and no longer who: IPv4 to 24 bits
 * (`203.0.113.0/24`), IPv6 to 48 (`2001:db8:1::/48`); an IPv4 address in IPv6 clothes is cut as IPv4. Nothing for what is
 * no address.
 */
export const network = (address: string): string | null => {
  const bare = address.replace(/%.*$/, "");
  const four = octets(bare);
  if (four) return `${four.slice(0, 3).join(".")}.0/24`;
  const six = bare.includes(":") ? groups(bare) : undefined;
  if (!six) return null;
  const [high = 0, low = 0] = six.slice(6);
  const mapped = six.slice(0, 5).every((group) => group === 0) && six[5] === 0xffff;
  if (mapped) return `${high >> 8}.${high & 255}.${low >> 8}.0/24`;
  return `${six
    .slice(0, 3)
    .map((group) => group.toString(16))
    .join(":")}::/48`;
};
