/** Run what must never break the page: a fault of ours, or a broken browser, ends here in silence. */
export const quietly = (work: () => unknown): void => {
  try {
    work();
  } catch {}
};

/** A random word nobody else will say: about 96 bits, as decimal digits. */
export const nonce = (): string => crypto.getRandomValues(new Uint32Array(3)).join("");

/**
 * Hand a message to the browser, which delivers it even after the page is gone. A string body needs no preflight.
 * Empty text is as good as nothing said.
 */
export const post = (url: string, message: object): void => {
  const body = JSON.stringify(message, (_, value) => (value === "" ? undefined : value));
  // Refused when too much is under way already, and missing where a blocker took it away.
  navigator.sendBeacon?.(url, body) || fetch(url, { method: "POST", body, keepalive: true }).catch(() => {});
};

/** When the page has nothing better to do. A browser without idle time reads the option as no delay: after the current task. */
export const idle = (work: () => void): unknown =>
  (window.requestIdleCallback || (setTimeout as unknown as typeof requestIdleCallback))(work, { timeout: 2000 });

const jobs: (() => void)[] = [];

/** Do everything put off until now, in order; nothing while the page is only being prerendered. */
export const flush = (): void => {
  if (document.prerendering) return;
  for (const job of jobs.splice(0)) quietly(job);
};

/** Put work off until the page is idle, or until the visitor leaves, whichever comes first. */
export const later = (job: () => void): void => {
  jobs[jobs.length] = job; // Not push(): pages have been seen that replace it.
  idle(flush);
};
