/** One message of an event stream: its data, and the position after it. */
export interface StreamEvent {
  readonly id: string;
  readonly data: string;
}

/** What a stretch of an event stream said: its messages, and how long it asks to wait before a reconnection. */
export interface Said {
  readonly events: readonly StreamEvent[];
  readonly retryMs: number | undefined;
}

/**
 * A reader of `text/event-stream`, fed text in pieces cut anywhere (WHATWG HTML, section 9.2.6). Comments keep the
 * connection warm and say nothing; an `id` holds until the next one; a message the stream ends in the middle of is
 * dropped, as it will be sent again.
 */
export const streamReader = (from = ""): ((piece: string) => Said) => {
  let rest = "";
  let id = from;
  let data: string[] = [];
  let begun = false;

  const field = (line: string): { readonly name: string; readonly value: string } => {
    const colon = line.indexOf(":");
    if (colon === -1) return { name: line, value: "" };
    return { name: line.slice(0, colon), value: line.slice(colon + 1).replace(/^ /, "") };
  };

  return (piece) => {
    const events: StreamEvent[] = [];
    let retryMs: number | undefined;
    rest += begun ? piece : piece.replace(/^\ufeff/, "");
    begun = true;
    // A carriage return at the very end may be half of a line break whose other half is still to come.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line === "") {
        if (data.length > 0) events.push({ id, data: data.join("\n") });
        data = [];
        continue;
      }
      const { name, value } = field(line);
      if (name === "data") data.push(value);
      if (name === "id" && !value.includes("\0")) id = value;
      if (name === "retry" && /^\d+$/.test(value)) retryMs = Number(value);
    }
    return { events, retryMs };
  };
};
