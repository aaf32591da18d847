import { cached } from "../app/pocket.ts";
import type { Notice } from "../app/shelves.ts";
import { shortly } from "../app/speak.ts";
import { dropNotice } from "../app/wishes.ts";
import { tell } from "../app/words.ts";
import { copy } from "./copy.ts";

const sentence = (notice: Notice): string => {
  if (notice.kind === "made") return tell("noticeMade", shortly(notice.link.destination));
  if (notice.kind === "refused") return tell("noticeRefused", shortly(notice.destination), notice.because);
  if (notice.kind === "insecure") return tell("notSecure", notice.destination);
  if (notice.kind === "waiting") return tell("noticeWaiting", shortly(notice.destination));
  return tell("noCampaign", notice.destination);
};

const copyAndDrop = async (notice: Extract<Notice, { kind: "made" }>): Promise<void> => {
  if (await copy(notice.link.url)) await dropNotice(notice.id);
};

const One = ({ notice }: { notice: Notice }) => (
  <li class={notice.kind === "made" ? "notice good" : "notice"} data-testid="notice" data-kind={notice.kind}>
    <p>{sentence(notice)}</p>
    <div class="row">
      {notice.kind === "made" && (
        <button type="button" class="small" data-testid="copy-made" onClick={() => void copyAndDrop(notice)}>
          {tell("copy")}
        </button>
      )}
      <button type="button" class="small" onClick={() => void dropNotice(notice.id)}>
        {tell("dismiss")}
      </button>
    </div>
  </li>
);

/** What happened while nobody looked. */
export const Notices = () => {
  const { notices } = cached.value;
  // The place is there before anything is said in it, since a screen reader overhears only what changes.
  return (
    <div class="news" role="status">
      {notices.length > 0 && (
        <ul class="notices">
          {notices.map((notice) => (
            <One key={notice.id} notice={notice} />
          ))}
        </ul>
      )}
    </div>
  );
};
