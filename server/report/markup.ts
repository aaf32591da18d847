/** Text out of a file as text of a page, never markup; what cannot be seen is shown to be there. */
export const safe = (text: string): string =>
  text.replace(/[&<>"']/g, (it) => `&#${it.charCodeAt(0)};`).replace(/\p{C}/gu, "\uFFFD");

/** A name out of a file, in whatever direction it is written. */
export const bdi = (name: string): string => `<bdi>${safe(name)}</bdi>`;

/** A number for a drawing: two decimals are finer than any screen. */
export const num = (value: number): string => String(Math.round(value * 100) / 100);

/** One line of a table: its head and its cells, which are markup already. */
export const line = (head: string, cells: readonly string[]): string =>
  `<tr><th scope="row">${head}</th>${cells.map((it) => `<td>${it}</td>`).join("")}</tr>`;

/** A table that may be wider than its page: heads and lines are markup already. */
export const tableOf = (caption: string, heads: readonly string[], lines: readonly string[], foot = ""): string => {
  const head = heads.map((it) => `<th scope="col">${it}</th>`).join("");
  const tail = foot === "" ? "" : `<tfoot>${foot}</tfoot>`;
  return `<div class="wide-table" role="region" tabindex="0" aria-label="${caption}"><table><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>${lines.join("")}</tbody>${tail}</table></div>`;
};

/** A picture with what it shows in words above it, and its figures behind it. */
export const figureOf = (title: string, says: string, picture: string, behind: string): string =>
  `<figure><figcaption><strong>${title}</strong> <span>${says}</span></figcaption>${picture}${behind === "" ? "" : `<details><summary>The figures behind it</summary>${behind}</details>`}</figure>`;
