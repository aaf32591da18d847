import { cached, connection, isLive, update, weather } from "../app/pocket.ts";
import { isPaired } from "../app/reach.ts";
import { ago } from "../app/speak.ts";
import { tell } from "../app/words.ts";
import { now } from "./clock.ts";

const words = (): string => {
  const { refreshedAt } = cached.value;
  if (isLive.value && weather.value.state === "fresh") return tell("live");
  if (refreshedAt === undefined) return tell(weather.value.state === "updating" ? "loading" : "offline");
  const updated = tell("updated", ago(refreshedAt, now.value));
  return weather.value.state === "offline" ? `${updated} · ${tell("offline")}` : updated;
};

const tone = (): string => {
  if (isLive.value && weather.value.state === "fresh") return "live";
  return weather.value.state === "offline" || weather.value.state === "refused" ? "off" : "calm";
};

/** How fresh what is shown is. */
export const Status = () => (
  <span class={`status ${tone()}`} data-testid="status" data-state={tone()}>
    <span class="dot" aria-hidden="true" />
    {words()}
  </span>
);

const again = (): void => {
  if (isPaired(connection.value)) void update(connection.value);
};

const sentence = (found: typeof weather.value): string => {
  if (found.state === "refused") return found.because;
  return tell(found.state === "unkept" ? "noRoom" : "offlineSays");
};

/** What keeps the figures from being fresh, and what to do about it. Nothing while all is well. */
export const Trouble = () => {
  const found = weather.value;
  if (found.state === "fresh" || found.state === "updating") return null;
  return (
    <div class="card trouble-card" data-testid="trouble">
      <p>{sentence(found)}</p>
      <button type="button" class="small" onClick={again}>
        {tell("tryAgain")}
      </button>
    </div>
  );
};
