import { mkdtempSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { DAY_MS } from "../../shared/kit/time.ts";
import { openHouse } from "../house.ts";
import { clickOn, setTheScene, terms } from "../stories/scene.ts";
import { ready } from "./served.ts";

const TAKEN = JSON.stringify({ id: "cnv_00000000000000000000", fresh: true });

/** The control: read the body, keep it as one row, and answer once a commit of all that waits is on disk. */
const bare = (port: (port: number) => void): void => {
  const database = new DatabaseSync(join(mkdtempSync(join(tmpdir(), "makegood-bench-")), "bare.sqlite"));
  database.exec(
    "pragma journal_mode = wal; pragma synchronous = full; create table it (id text primary key, body text)",
  );
  const insert = database.prepare("insert into it (id, body) values (?, ?)");
  let waiting: { readonly id: string; readonly text: string; readonly answer: () => void }[] = [];
  const commit = (): void => {
    const batch = waiting;
    waiting = [];
    database.exec("begin immediate");
    for (const { id, text } of batch) insert.run(id, text);
    database.exec("commit");
    for (const { answer } of batch) answer();
  };
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => {
      text += chunk;
    });
    request.on("end", () => {
      const answer = (): void => {
        const headers = { "content-type": "application/json", "content-length": TAKEN.length };
        response.writeHead(200, headers).end(TAKEN);
      };
      if (waiting.push({ id: JSON.parse(text).id, text, answer }) === 1) setImmediate(commit);
    });
  });
  server.listen(0, "127.0.0.1", () => port((server.address() as { port: number }).port));
};

/** How many people came by the link; the first of them come to results more than once. */
const CLICKS = 4000;

const dayFrom = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

const makegood = async () => {
  const house = await openHouse();
  const scene = await setTheScene(house, house, { terms: { ...terms, starts: dayFrom(-1), ends: dayFrom(60) } });
  const clicks: string[] = [];
  while (clicks.length < CLICKS) clicks.push(await clickOn(scene.link.url));
  return { port: Number(new URL(house.origin).port), key: scene.brand.secretKey, clicks };
};

if (process.argv[2] === "bare") bare((port) => ready({ port, key: "sk_bare", clicks: ["bare"] }));
else ready(await makegood());
