// @vitest-environment happy-dom
import { it } from "vitest";
import { openDesk } from "./desk.ts";
import { settle, visit } from "./screen.tsx";
import { ids } from "./world.ts";
it("x", async () => {
  const desk = openDesk("influencer");
  for (const d of ["statement","statements"]) console.log(desk.answer("GET", `/v1/contracts/${ids.minas}/${d}`, "", undefined).text.slice(0,600));
  await visit(desk, `/contracts/${ids.minas}/statement`);
  await settle();
  console.log(document.body.textContent?.slice(0, 500));
});
