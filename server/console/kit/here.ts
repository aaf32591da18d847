import { useEffect, useRef } from "preact/hooks";
import { go } from "./place.ts";

/** `go`, for as long as the view that asked is shown: whoever went elsewhere while something was sent is not fetched back. */
export const useGo = (): typeof go => {
  const here = useRef(true);
  useEffect(() => {
    here.current = true;
    return () => {
      here.current = false;
    };
  }, []);
  return (path, how) => {
    if (here.current) go(path, how);
  };
};
