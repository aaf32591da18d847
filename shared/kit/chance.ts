/**
 * A 32-bit number that depends on every code unit of the texts and on where one ends and the next begins
 * (FNV-1a, then the finaliser of MurmurHash3 so that close texts land far apart). The same in every engine;
 * settles ties without favouring a position or a name. Not for secrets.
 */
export const scatter = (...texts: readonly string[]): number => {
  let hash = 0x811c9dc5;
  for (const text of texts) {
    for (let index = 0; index < text.length; index += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    }
    hash = Math.imul(hash ^ 0x1f, 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};
