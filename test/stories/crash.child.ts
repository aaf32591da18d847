import { makeBrand } from "../../server/brands.ts";
import { start } from "../../server/main.ts";

// A server of its own process, to be killed: says where it is reached, and makes a brand the first time.
const [folder = "", port = "0"] = process.argv.slice(2);
const running = await start({ folder, port: Number(port), loopback: true, rateLimits: false });
const isNew = (await running.world.store.brands()).length === 0;
const given = { name: "Acme Coding", owner: "Olive Owner", email: "olive@acme.example" };
const brand = isNew ? await makeBrand(running.world, given) : undefined;
console.log(JSON.stringify({ origin: running.origin, brand }));
