import { useEffect, useRef } from "preact/hooks";

/** While something is written that is not saved, the browser asks before the tab is closed or left. */
export const useUnsaved = (isUnsaved: boolean): void => {
  const now = useRef(isUnsaved);
  now.current = isUnsaved;
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent): void => {
      if (now.current) event.preventDefault();
    };
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, []);
};
