import { enterByPasskey, startEntry } from "../../../shared/wire/passkeys.ts";
import { ask } from "../kit/ask.ts";
import { useDeed } from "../kit/deed.ts";
import { answerByPasskey, passkeysWork } from "../kit/passkey.ts";
import { go, place } from "../kit/place.ts";
import { arrived } from "../kit/session.ts";
import { Button } from "./button.tsx";
import { Refused } from "./form.tsx";

const enter = async () => {
  const options = await ask(startEntry, { body: {} });
  if (!options.ok) return options;
  const answer = await answerByPasskey(options.value);
  return answer.ok ? ask(enterByPasskey, { body: { assertion: answer.value } }) : answer;
};

const isDoorstep = (path: string): boolean => path === "/enter" || path === "/signed-out";

/** The way in for whoever has a passkey: back to the page they were on, or to the start. Not shown where none can work. */
export const PasskeyEntry = () => {
  const deed = useDeed(enter, async ({ path }) => {
    const { path: here } = place.peek();
    await arrived();
    if (isDoorstep(here)) go(path, "replace");
  });
  if (!passkeysWork()) return null;
  return (
    <div class="stack" data-testid="passkey-entry">
      <div class="actions">
        <Button busy={deed.busy.value} onPress={() => void deed.start()} testid="enter-by-passkey">
          Sign in with a passkey
        </Button>
      </div>
      {deed.problem.value && <Refused problem={deed.problem.value} />}
    </div>
  );
};
