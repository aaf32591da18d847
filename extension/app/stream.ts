/** One message of an event stream: its data, and the position after it. */
export interface StreamEvent {
  readonly id: string;
  readonly data: string;
}

const field = (line: string): readonly [name: string, value: string] => {
  const colon = line.indexOf(":");
  if (colon === -1) return [line, ""];
  return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, "")];
};

/**
 * A reader of `text/event-stream`, fed text in pieces cut anywhere (WHATWG HTML, section 9.2.6). Comments keep the
 * connection warm and say nothing; an `id` holds until the next one; a message the stream ends in the middle of is
 * dropped, as it will be sent again.
 */
export const streamReader = (from = ""): ((piece: string) => readonly StreamEvent[]) => {
  let rest = "";
  let id = from;
  let data: string[] = [];
  let begun = false;

  const line = (text: string): readonly StreamEvent[] => {
    if (text !== "") {
      const [name, value] = field(text);
      if (name === "data") data.push(value);
      if (name === "id" && !value.includes("\0")) id = value;
      return [];
    }
    const said = data.join("\n");
    const empty = data.length === 0;
    data = [];
    return empty ? [] : [{ id, data: said }];
  };

  return (piece) => {
    rest += begun ? piece : piece.replace(/^\ufeff/, "");
    begun ||= piece !== "";
    // A carriage return at the very end may be half of a line break whose other half is still to come.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    return lines.flatMap(line);
  };
};
