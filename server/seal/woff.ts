import { inflateSync } from "node:zlib";

const HEADER_LENGTH = 44;
const ENTRY_LENGTH = 20;

interface Table {
  readonly tag: Buffer;
  readonly checksum: number;
  readonly bytes: Buffer;
}

const tablesOf = (woff: Buffer): readonly Table[] =>
  Array.from({ length: woff.readUInt16BE(12) }, (_, index) => {
    const entry = HEADER_LENGTH + index * ENTRY_LENGTH;
    const [offset, packed, length] = [4, 8, 12].map((at) => woff.readUInt32BE(entry + at)) as [number, number, number];
    const bytes = woff.subarray(offset, offset + packed);
    return {
      tag: woff.subarray(entry, entry + 4),
      checksum: woff.readUInt32BE(entry + 16),
      bytes: packed < length ? inflateSync(bytes) : bytes,
    };
  });

/** The search fields of a font's header, which say again how many tables there are. */
const headerOf = (flavor: number, count: number): Buffer => {
  const header = Buffer.alloc(12);
  const selector = Math.floor(Math.log2(count));
  header.writeUInt32BE(flavor, 0);
  header.writeUInt16BE(count, 4);
  header.writeUInt16BE(2 ** selector * 16, 6);
  header.writeUInt16BE(selector, 8);
  header.writeUInt16BE(count * 16 - 2 ** selector * 16, 10);
  return header;
};

/**
 * A packed font (WOFF 1.0) as the plain one it was made from. A reader of packed fonts unpacks a table anew for every
 * letter it looks at, which for a font of all the world's letters takes seconds. Source: W3C WOFF File Format 1.0, §3–5.
 */
export const unpacked = (woff: Buffer): Buffer => {
  const tables = tablesOf(woff);
  const parts = [headerOf(woff.readUInt32BE(4), tables.length)];
  let offset = 12 + tables.length * 16;
  for (const { tag, checksum, bytes } of tables) {
    const entry = Buffer.alloc(16);
    tag.copy(entry);
    for (const [index, value] of [checksum, offset, bytes.length].entries()) entry.writeUInt32BE(value, 4 + index * 4);
    parts.push(entry);
    offset += Math.ceil(bytes.length / 4) * 4;
  }
  for (const { bytes } of tables) parts.push(bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4));
  return Buffer.concat(parts);
};
