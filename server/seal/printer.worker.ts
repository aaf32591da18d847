import { parentPort, workerData } from "node:worker_threads";
import { present } from "../../shared/kit/shape.ts";
import { pagesOf } from "./pages.ts";
import type { Printing } from "./printer.ts";

const { bundle, origin } = workerData as Printing;
present(parentPort, "whoever asked").postMessage(await pagesOf(bundle, origin));
