import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type StreamEvent, streamReader } from "../../extension/app/stream.ts";

const readAll = (pieces: readonly string[], from?: string): readonly StreamEvent[] => {
  const read = streamReader(from);
  return pieces.flatMap((piece) => read(piece));
};

const cut = (text: string, places: readonly number[]): readonly string[] => {
  const ends = [...new Set(places.map((it) => it % (text.length + 1)))].sort((a, b) => a - b);
  return [...ends, text.length].map((end, index) => text.slice(index === 0 ? 0 : ends[index - 1], end));
};

const line = fc.stringMatching(/^[a-z{}":,0-9 ]{0,20}$/);

describe("Reading an event stream", () => {
  it("gives the same messages wherever the network cuts the text, with any kind of line break", () => {
    const message = fc.record({
      id: fc.stringMatching(/^[a-z0-9_:,]{1,12}$/),
      data: fc.array(line, { minLength: 1, maxLength: 3 }),
    });
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 5 }),
        fc.constantFrom("\n", "\r\n", "\r"),
        fc.array(fc.nat(), { maxLength: 9 }),
        (messages, eol, places) => {
          const text = messages
            .map(({ id, data }) => [`: warm`, `id: ${id}`, ...data.map((it) => `data: ${it}`), "", ""].join(eol))
            .join("");
          // The last break of all may be half of a longer one, so something has to follow it.
          const said = readAll(cut(`${text}: end\n`, places));
          expect(said).toEqual(messages.map(({ id, data }) => ({ id, data: data.join("\n") })));
        },
      ),
    );
  });

  it("keeps a position until the next one is given, beginning with where it was resumed", () => {
    expect(readAll(["data: a\n\nid: 2\ndata: b\n\ndata: c\n\n"], "1")).toEqual([
      { id: "1", data: "a" },
      { id: "2", data: "b" },
      { id: "2", data: "c" },
    ]);
  });

  it("says nothing for comments, unknown fields, and a message that breaks off in the middle", () => {
    expect(readAll([": still here\n\n", "retry: 5\nevent: x\n\n", "id: 9\ndata: half"])).toEqual([]);
  });
});
