import { ok, type Result, refuse } from "../../shared/kit/shape.ts";

/** The most bytes a request may bring, and how deep its JSON may go. */
export const MOST_BYTES = 64 * 1024;
const MOST_DEEP = 32;

const decoder = new TextDecoder("utf-8", { fatal: true });

const isDeep = (text: string): boolean => {
  // Depth is counted before parsing, so that nothing deep is ever built.
  let [deep, quoted] = [0, false];
  for (let index = 0; index < text.length; index += 1) {
    const letter = text.charCodeAt(index);
    if (quoted) {
      if (letter === 92) index += 1;
      else if (letter === 34) quoted = false;
    } else if (letter === 34) quoted = true;
    else if (letter === 91 || letter === 123) {
      deep += 1;
      if (deep > MOST_DEEP) return true;
    } else if (letter === 93 || letter === 125) deep -= 1;
  }
  return false;
};

/** A request's body as it came, read once; undefined when it is too large, and then no more than that was read. */
export const bytesOf = async (request: Request): Promise<Uint8Array | undefined> => {
  if (Number(request.headers.get("content-length") ?? 0) > MOST_BYTES) return undefined;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > MOST_BYTES) return undefined;
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
};

/** What JSON can say and nothing here can keep, hash and give back the same. Source: RFC 7493 §2. */
const unkept = (it: unknown): string | undefined => {
  if (typeof it === "number") return Number.isFinite(it) ? undefined : "a number too large to hold";
  if (typeof it === "string") return it.isWellFormed() && !it.includes("\0") ? undefined : "half a character, or NUL";
  if (typeof it !== "object" || it === null) return undefined;
  for (const [key, value] of Object.entries(it)) {
    const fault = key === "__proto__" ? "the name __proto__" : (unkept(key) ?? unkept(value));
    if (fault) return fault;
  }
  return undefined;
};

/** Read text as JSON: strict UTF-8 was checked before; refuses what is not JSON, goes too deep or cannot be kept. */
const parse = (text: string): Result<unknown> => {
  if (isDeep(text)) return refuse("not-json", `The body nests deeper than ${MOST_DEEP} levels.`);
  try {
    const json: unknown = JSON.parse(text);
    const fault = unkept(json);
    if (fault) return refuse("not-json", `The body holds ${fault}, which cannot be kept.`);
    return Array.isArray(json) ? refuse("bad-request", "The body must be an object, not a list.") : ok(json);
  } catch (error) {
    return refuse("not-json", `The body is not JSON: ${(error as Error).message}.`);
  }
};

/** Read bytes as JSON. Refuses what is not UTF-8, and what `parse` refuses. */
export const readBytes = (bytes: Uint8Array): Result<unknown> => {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return refuse("not-json", "The body is not UTF-8 text.");
  }
  return parse(text);
};

/** A request's body, read once, as JSON. Refuses what is packed, too large, not UTF-8, or not JSON. */
export const readBody = async (request: Request): Promise<Result<unknown>> => {
  if ((request.headers.get("content-encoding") ?? "identity").toLowerCase() !== "identity")
    return refuse("packed-body", "The body is compressed. Send it as it is, without a Content-Encoding.");
  try {
    const bytes = await bytesOf(request);
    return bytes ? readBytes(bytes) : refuse("too-large", `A body may have at most ${MOST_BYTES} bytes.`);
  } catch {
    return refuse("not-json", "The body broke off before its end.");
  }
};
