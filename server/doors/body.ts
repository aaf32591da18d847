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

const bytesOf = async (request: Request): Promise<Uint8Array | undefined> => {
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

/** Read text as JSON: strict UTF-8 was checked before; refuses what is not JSON or goes too deep. */
export const parse = (text: string): Result<unknown> => {
  if (isDeep(text)) return refuse("not-json", `The body nests deeper than ${MOST_DEEP} levels.`);
  try {
    return ok(JSON.parse(text));
  } catch (error) {
    return refuse("not-json", `The body is not JSON: ${(error as Error).message}.`);
  }
};

/** A request's body, read once, as JSON. Refuses what is too large, not UTF-8, or not JSON. */
export const readBody = async (
  request: Request,
): Promise<Result<{ readonly json: unknown; readonly text: string }>> => {
  const bytes = await bytesOf(request);
  if (!bytes) return refuse("too-large", `A body may have at most ${MOST_BYTES} bytes.`);
  try {
    const text = decoder.decode(bytes);
    const json = parse(text);
    return json.ok ? ok({ json: json.value, text }) : json;
  } catch {
    return refuse("not-json", "The body is not UTF-8 text.");
  }
};
