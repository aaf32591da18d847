/** Do some work while nobody else in the extension, in whatever page or worker, does work of this name. */
export const alone = <Value>(name: string, work: () => Promise<Value>): Promise<Value> =>
  navigator.locks.request(name, work) as Promise<Value>;

const OPEN = "popup-open";

/** Let the rest of the extension know that a popup is open, until `until` settles. */
export const standOpen = (until: Promise<void>): void => {
  void navigator.locks.request(OPEN, { mode: "shared" }, () => until);
};

/** Is a popup open, in front of its reader's eyes? */
export const isOpen = async (): Promise<boolean> => {
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name === OPEN);
};
