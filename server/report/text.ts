/** Words of others, out of a file or a command line, for a terminal: what would move the cursor or colour the terminal is shown, not obeyed. */
export const visible = (name: string): string =>
  name.replace(/\p{C}/gu, (it) => `\\u{${it.codePointAt(0)?.toString(16)}}`);

const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uA000-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u;

/** How many columns of a terminal a text takes. */
export const widthOf = (text: string): number => {
  let width = 0;
  for (const letter of text) if (!/\p{M}/u.test(letter)) width += WIDE.test(letter) ? 2 : 1;
  return width;
};

const padded = (text: string, width: number, isFirst: boolean): string => {
  const room = " ".repeat(Math.max(0, width - widthOf(text)));
  return isFirst ? text + room : room + text;
};

/** Rows of cells in columns, the first to the left, the others to the right; under the first row and above the last a rule. */
export const tableText = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ""))));
  const lines = rows.map(
    (row) =>
      `${widths
        .map((width, column) => padded(row[column] ?? "", width, column === 0))
        .join("  ")
        .trimEnd()}\n`,
  );
  const rule = `${"-".repeat(widths.reduce((sum, width) => sum + width + 2, -2))}\n`;
  return [...lines.slice(0, 1), rule, ...lines.slice(1, -1), rule, ...lines.slice(-1)].join("");
};

/** A text in lines of at most so many letters. */
export const folded = (text: string, width: number, indent = ""): string => {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && widthOf(line) + widthOf(word) + 1 + indent.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join(`\n${indent}`);
};
