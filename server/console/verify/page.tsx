import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Mark } from "../parts/icon.tsx";
import { type Outcome, readFile } from "./reading.ts";
import { Result } from "./result.tsx";

/** Files dropped anywhere on the page, and whether one hovers over it; a browser left to itself would leave the page for the file. */
const useDropped = (take: (file: File) => void) => {
  const hovering = useSignal(false);
  useEffect(() => {
    const aborter = new AbortController();
    const { signal } = aborter;
    const over = (event: DragEvent): void => {
      event.preventDefault();
      hovering.value = true;
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) hovering.value = false;
    };
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      hovering.value = false;
      const file = event.dataTransfer?.files[0];
      if (file) take(file);
    };
    addEventListener("dragover", over, { signal });
    addEventListener("dragleave", leave, { signal });
    addEventListener("drop", drop, { signal });
    return () => aborter.abort();
  }, []);
  return hovering;
};

/** The page: drop or choose a file, and read what became of it. */
export const VerifyPage = () => {
  const outcome = useSignal<Outcome | null>(null);
  const busy = useSignal(false);
  const turn = useRef(0);
  const result = useRef<HTMLElement>(null);
  const take = async (file: File): Promise<void> => {
    const mine = ++turn.current;
    busy.value = true;
    const read = await readFile(file).catch((error: unknown): Outcome => {
      console.error(error);
      return { state: "refused", name: file.name, because: "This file could not be read. Choose it again." };
    });
    if (mine !== turn.current) return;
    outcome.value = read;
    busy.value = false;
  };
  const hovering = useDropped((file) => void take(file));
  useEffect(() => result.current?.querySelector("h2")?.focus(), [outcome.value]);
  return (
    <main class="verify">
      <a class="wordmark" href="/">
        <Mark /> Makegood
      </a>
      <header class="stack">
        <h1>Check a signed contract</h1>
        <p class="under">
          Everything is computed in this browser. The file does not leave it: the only thing this page asks the server
          is which sealing keys are its own.
        </p>
      </header>
      <label class={hovering.value ? "drop hovering" : "drop"} data-testid="drop">
        <input
          class="unseen"
          type="file"
          accept=".pdf,.json,application/pdf,application/json"
          data-testid="file"
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            if (file) void take(file);
            event.currentTarget.value = "";
          }}
        />
        <span class="drop-title">{busy.value ? "Checking…" : "Drop a contract here, or choose a file"}</span>
        <span class="quiet">The certificate (PDF) or makegood-contract.json</span>
      </label>
      <section class="verify-result" aria-label="Result" ref={result}>
        {outcome.value && <Result it={outcome.value} />}
      </section>
      <p class="quiet">
        Contracts of Makegood are signed with simple electronic signatures (eIDAS). They are neither advanced nor
        qualified electronic signatures, and nothing here is legal advice.
      </p>
    </main>
  );
};
