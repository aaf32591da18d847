import * as v from "valibot";
import { type Answered, signedOut } from "./ask.ts";

/** A file from the server, under the name it gave it. */
interface File {
  readonly name: string;
  readonly blob: Blob;
}

const Told = v.object({ code: v.string(), detail: v.string() });

const refusalOf = async (answer: Response): Promise<Answered<never>> => {
  const told = v.safeParse(Told, await answer.json().catch(() => undefined));
  const code = told.success ? told.output.code : "no-file";
  const because = told.success ? told.output.detail : "The server did not give the file. Try again.";
  if (answer.status === 401) signedOut.value = true;
  return { ok: false, problem: { code, because, status: answer.status, fields: [] } };
};

const nameIn = (answer: Response, otherwise: string): string =>
  /filename="([^"/\\]+)"/.exec(answer.headers.get("content-disposition") ?? "")?.[1] ?? otherwise;

/** Ask for a file of our own server. A refusal is told, instead of being saved under the file's name. */
export const fetchFile = async (path: string, otherwise: string): Promise<Answered<File>> => {
  try {
    const answer = await fetch(path, { credentials: "same-origin" });
    if (!answer.ok) return await refusalOf(answer);
    return { ok: true, value: { name: nameIn(answer, otherwise), blob: await answer.blob() } };
  } catch {
    const because = "The server did not answer. Check the connection and try again.";
    return { ok: false, problem: { code: "unreachable", because, status: 0, fields: [] } };
  }
};

/** Hand a file to the browser to save. */
export const save = ({ name, blob }: File): void => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser reads it after this turn is over.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
};
