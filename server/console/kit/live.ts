import { signal } from "@preact/signals";
import * as v from "valibot";
import { LiveMessage, live } from "../../../shared/wire/live.ts";
import type { CampaignPage } from "../../../shared/wire/shown.ts";

type Page = v.InferOutput<typeof CampaignPage>;

/** How a live page stands: being connected, hearing every change, or trying to hear again. */
export type Liveness = "connecting" | "live" | "reconnecting";

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

const read = (data: unknown): v.InferOutput<typeof LiveMessage> | undefined => {
  if (typeof data !== "string") return undefined;
  try {
    const parsed = v.safeParse(LiveMessage, JSON.parse(data));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
};

/** What to do with what is heard. `lost` is told when the browser has given up, so that the page can be asked for again. */
interface Listener {
  heard(page: Page): void;
  lost(): void;
}

/**
 * Follow one campaign from a position on. While the line drops and comes back the browser resumes by itself, from the
 * last id it heard; when it gives up (the server said no, or was gone too long) we try again, ever more slowly.
 */
export const followCampaign = (campaign: string, from: string, listener: Listener) => {
  const liveness = signal<Liveness>("connecting");
  let position = from;
  let waitMs = FIRST_WAIT_MS;
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const onMessage = (event: MessageEvent): void => {
    liveness.value = "live";
    waitMs = FIRST_WAIT_MS;
    if (event.lastEventId !== "") position = event.lastEventId;
    const message = read(event.data);
    if (message?.kind === "campaign" && message.now.campaign.id === campaign) listener.heard(message.now);
  };
  const onError = (): void => {
    liveness.value = "reconnecting";
    if (source?.readyState !== EventSource.CLOSED) return;
    listener.lost();
    timer = setTimeout(open, waitMs);
    waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2);
  };
  const open = (): void => {
    source?.close();
    source = new EventSource(`${live.path}?${new URLSearchParams({ campaign, from: position })}`);
    source.onopen = () => (liveness.value = "live");
    source.onmessage = onMessage;
    source.onerror = onError;
  };
  open();
  return {
    liveness,
    stop: (): void => {
      clearTimeout(timer);
      source?.close();
    },
  };
};
