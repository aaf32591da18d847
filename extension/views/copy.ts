import { tell } from "../app/words.ts";
import { announce } from "./announcer.tsx";

/** Put text on the clipboard and say so; where the browser will not, say that instead. */
export const copy = async (text: string): Promise<boolean> => {
  try {
    await navigator.clipboard.writeText(text);
    announce(tell("copied", text));
    return true;
  } catch {
    announce(tell("copyFailed"));
    return false;
  }
};
