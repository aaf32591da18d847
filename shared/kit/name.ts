import * as v from "valibot";

// Controls, line ends, and the marks that turn the direction of whatever stands around them.
const UNSEEN = /[\p{Cc}\p{Cs}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u;

/** May this be what somebody or something is called: is it one line, without marks that change how the text around it reads? */
export const isPlain = (name: string): boolean => !UNSEEN.test(name);

/** What somebody or something is called: `least` to `most` UTF-16 units once trimmed, of one plain line. */
export const nameOf = (most: number, least = 1) =>
  v.pipe(
    v.string(),
    v.trim(),
    v.minLength(least),
    v.maxLength(most),
    v.check(isPlain, "must be one line of letters, without control characters"),
  );
