import PDFDocument from "pdfkit";
import { type Face, runsOf, source } from "./faces.ts";

/** The colours of print. */
export const inks = { text: "#1c1b18", quiet: "#625f58", accent: "#0b6b4c", line: "#dcd8d0", soft: "#f3f7f4" } as const;

/** How a piece of text is set. */
export interface Style {
  readonly face?: Face;
  readonly size?: number;
  readonly ink?: string;
}

/** What a document says of itself. Its instants are all `at`, so that the same content is always the same bytes. */
export interface About {
  readonly title: string;
  readonly subject: string;
  readonly at: Date;
}

type Doc = InstanceType<typeof PDFDocument>;

const MARGIN = 56;
const TOP = 48;
const FOOT = 58;
const LINE_GAP = 2;
/** Width between the margins of an A4 page, in points. */
export const WIDTH = 595.28 - 2 * MARGIN;

const opened = ({ title, subject, at }: About): { readonly doc: Doc; readonly ended: Promise<Buffer> } => {
  const doc = new PDFDocument({
    size: "A4",
    margins: { top: TOP, left: MARGIN, right: MARGIN, bottom: FOOT },
    bufferPages: true,
    pdfVersion: "1.7",
    lang: "en",
    displayTitle: true,
    info: { Title: title, Subject: subject, Creator: "Makegood", Producer: "Makegood", CreationDate: at },
  });
  const chunks: Buffer[] = [];
  doc.on("data", (chunk: Buffer) => chunks.push(chunk));
  return { doc, ended: new Promise((done) => doc.on("end", () => done(Buffer.concat(chunks)))) };
};

/** Set the face, by a name of its own, so that each is parsed once a document. */
const set = (doc: Doc, face: Face): Doc => doc.registerFont(face, source(face)).font(face);

interface Parsed {
  /** Thousandths of the size. */
  readonly ascender: number;
  readonly font: { hasGlyphForCodePoint(codePoint: number): boolean };
}

// pdfkit keeps the parsed font to itself; what it has and how high it rises can be asked nowhere else.
const parsed = (doc: Doc, face: Face): Parsed => (set(doc, face) as unknown as { readonly _font: Parsed })._font;

const heightOf = (doc: Doc, text: string, width: number, { face = "text", size = 9.5 }: Style): number =>
  set(doc, face).fontSize(size).heightOfString(text, { width, lineGap: LINE_GAP });

/** Write at a place: `x` from the left margin, `y` from the top of the page, in points. */
const written = (doc: Doc, text: string, [x, y, width]: readonly [number, number, number], style: Style): void => {
  const { face = "text", size = 9.5, ink = inks.text } = style;
  const runs = runsOf(text, face, (it, codePoint) => parsed(doc, it).font.hasGlyphForCodePoint(codePoint));
  // Faces differ in how high they rise: all runs of a line stand on one baseline.
  const rise = (parsed(doc, face).ascender / 1000) * size;
  doc.fontSize(size).fillColor(ink);
  for (const [index, run] of runs.entries()) {
    const options = { width, lineGap: LINE_GAP, baseline: "alphabetic", continued: index < runs.length - 1 } as const;
    if (index === 0) set(doc, run.face).text(run.text, MARGIN + x, y + rise, options);
    else set(doc, run.face).text(run.text, options);
  }
  if (runs.length > 0) doc.y -= rise;
};

const footed = (doc: Doc, foot: string): void => {
  const { count } = doc.bufferedPageRange();
  for (let page = 0; page < count; page += 1) {
    doc.switchToPage(page);
    // Below the margin pdfkit would begin another page.
    doc.page.margins.bottom = 0;
    const y = doc.page.height - 38;
    written(doc, foot, [0, y, WIDTH - 90], { size: 7.5, ink: inks.quiet });
    doc.text(`Page ${page + 1} of ${count}`, MARGIN + WIDTH - 90, y, { width: 90, align: "right" });
  }
};

/** A stack of A4 pages, written from the top down. */
export const openSheet = (about: About) => {
  const { doc, ended } = opened(about);
  const room = (height: number): void => {
    if (doc.y + height > doc.page.height - FOOT) doc.addPage();
  };
  const write = (text: string, x: number, y: number, width: number, style: Style = {}): void =>
    written(doc, text, [x, y, width], style);
  return {
    doc,
    room,
    write,
    /** How high a text stands in a column, in points. */
    heightOf: (text: string, width: number, style: Style): number => heightOf(doc, text, width, style),
    /** Space downwards, in points. */
    down: (points: number): void => {
      doc.y += points;
    },
    /** A paragraph over the whole width, kept on one page. */
    say: (text: string, style: Style = {}): void => {
      room(heightOf(doc, text, WIDTH, style));
      write(text, 0, doc.y, WIDTH, style);
    },
    /** A word or two on the left and what belongs to it on the right, kept together. */
    pair: (label: string, text: string, style: Style & { readonly column?: number } = {}): void => {
      const { column = 116, ...own } = style;
      const small = { size: 8.5, ink: inks.quiet };
      room(Math.max(heightOf(doc, text, WIDTH - column, own), heightOf(doc, label, column - 12, small)));
      const top = doc.y;
      write(label, 0, top, column - 12, small);
      const below = doc.y;
      write(text, column, top, WIDTH - column, own);
      doc.y = Math.max(below, doc.y);
      doc.x = MARGIN;
    },
    /** Put a text file inside, as it is: neither compressed nor encoded. */
    enclose: (text: string, name: string, description: string): void => {
      const dates = { creationDate: about.at, modifiedDate: about.at };
      doc.compress = false;
      doc.file(Buffer.from(text), { name, type: "application/json", description, ...dates });
      doc.compress = true;
    },
    /** Write the same foot under every page, with its number, and end. */
    end: (foot: string): Promise<Buffer> => {
      footed(doc, foot);
      doc.end();
      return ended;
    },
  };
};

/** A stack of pages being written. */
export type Sheet = ReturnType<typeof openSheet>;
