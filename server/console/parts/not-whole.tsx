const SHORTEST = 16;
const LONGEST = 200;

/** Whether the secret of a link can be all of it: a link cut off in the middle, or pasted twice, is not worth asking about. */
export const isWholeToken = (token: string): boolean => token.length >= SHORTEST && token.length <= LONGEST;

/** What is said of a link that lost its end on the way. */
export const NotWhole = () => (
  <>
    <h1>This link is not whole</h1>
    <p>
      A part of it is missing, or there is more than one. Copy the link once, up to its very end, into the address bar.
    </p>
  </>
);
