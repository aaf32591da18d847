import { browser } from "wxt/browser";
import type { CopyWish } from "../../app/copy.ts";

const isWish = (message: unknown): message is CopyWish =>
  typeof message === "object" && message !== null && "to" in message && message.to === "offscreen";

browser.runtime.onMessage.addListener((message: unknown, _sender: unknown, reply: (copied: boolean) => void) => {
  if (!isWish(message)) return;
  const field = document.querySelector("textarea");
  if (!field) return;
  field.value = message.copy;
  field.select();
  // The asynchronous clipboard demands a focused page, which an offscreen page never is.
  reply(document.execCommand("copy"));
});
