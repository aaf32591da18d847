import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const SMALL_BYTES = 64 * 1024;

/** Bytes to hand over again and again: as they are, packed once in two ways, and named by what is in them. */
export interface Packed {
  readonly bytes: Uint8Array;
  readonly etag: string;
  readonly br: () => Promise<Uint8Array>;
  readonly gzip: () => Promise<Uint8Array>;
}

const once = <Value>(make: () => Promise<Value>): (() => Promise<Value>) => {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make();
    return made;
  };
};

/** Make bytes ready to be handed over. What is large is packed with less care, for somebody waits for the first time. */
export const packed = (bytes: Uint8Array): Packed => {
  const quality = bytes.length > SMALL_BYTES ? 9 : constants.BROTLI_MAX_QUALITY;
  const params = { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return {
    bytes,
    // Weak, for the same name stands for all three ways of sending it.
    etag: `W/"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`,
    br: once(() => promisify(brotliCompress)(bytes, { params })),
    gzip: once(() => promisify(gzip)(bytes)),
  };
};

/** Whether an asker takes a coding; `br;q=0` says that it does not (RFC 9110, section 12.5.3). */
const takes = (accepted: string, coding: string): boolean =>
  accepted
    .toLowerCase()
    .split(",")
    .map((one) => one.split(";").map((part) => part.trim()))
    .some(([name, quality]) => name === coding && !/^q=0(\.0*)?$/.test(quality ?? ""));

const isKnown = (request: Request, etag: string): boolean =>
  (request.headers.get("if-none-match") ?? "").split(",").some((one) => ["*", etag].includes(one.trim()));

/** Hand bytes over, packed as the asker takes them; whoever holds them already is told so, and gets nothing. */
export const handOver = async (
  request: Request,
  it: Packed,
  headers: Readonly<Record<string, string>>,
): Promise<Response> => {
  const common = { ...headers, etag: it.etag, vary: "accept-encoding" };
  if (isKnown(request, it.etag)) return new Response(null, { status: 304, headers: common });
  const accepted = request.headers.get("accept-encoding") ?? "";
  const coding = (["br", "gzip"] as const).find((name) => takes(accepted, name));
  const bytes = coding ? await it[coding]() : it.bytes;
  return new Response(new Uint8Array(bytes), { headers: { ...common, ...(coding && { "content-encoding": coding }) } });
};
