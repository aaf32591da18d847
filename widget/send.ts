/** Say again what was said in vain: when it is due, or when the visitor leaves, for there may be no later. */
export const retry = (): void => {
  if (waitMs < 4e5) waitMs *= 2;
  for (const job of failed.splice(0)) job();
};

/**
 * Say something when the page is idle, or when the visitor leaves, whichever comes first: what is said is asked for at
 * the last moment. A string body needs no preflight, and the browser delivers it even after the page is gone. What has
 * to be `sure` goes by fetch, which alone tells what became of it, and is said again until the server has taken it.
 */
export const say = (url: string, message: () => object, sure?: boolean): void => {
  const job = async (): Promise<void> => {
    try {
      const body = JSON.stringify(message());
      // False when too much is under way already; where a blocker broke or took it, it throws.
      if (!sure && navigator.sendBeacon(url, body)) return;
      if ((await fetch(url, { method: "POST", body, keepalive: true })).status < 429) return;
    } catch {}
    sure = true;
    failed[failed.length] = job; // Not push(): pages have been seen that replace it.
    clearTimeout(timer);
    timer = setTimeout(retry, waitMs);
  };
  jobs[jobs.length] = job;
  idle(flush);
};

/**
 * A word nobody else will say: the time and 64 random bits, as decimal digits. Words of one time stand side by side in the
 * server's indexes, so that it touches a page of them and not one for each.
 */
export const nonce = (): string => Date.now() + crypto.getRandomValues(new Uint32Array(2)).join("");

/** Say everything put off until now, in order; nothing while the page is only being prerendered. */
export const flush = (): void => {
  if (!document.prerendering) for (const job of jobs.splice(0)) job();
};

type Job = () => void;
const jobs: Job[] = [];
/** Jobs said in vain, in the order they are tried again. */
const failed: Job[] = [];
let waitMs = 1000;
let timer: ReturnType<typeof setTimeout>;

/** Run what must never break the page: a fault of ours, or a broken browser, ends here in silence. */
export const quietly = (work: () => unknown): void => {
  try {
    work();
  } catch {}
};

/** When the page has nothing better to do. A browser without idle time reads the option as no delay: after the current task. */
export const idle = (work: () => void): unknown =>
  (window.requestIdleCallback || (setTimeout as unknown as typeof requestIdleCallback))(work, { timeout: 2000 });
