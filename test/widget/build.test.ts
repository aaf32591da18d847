import { expect, test } from "vitest";
import { buildWidget } from "../../widget/build.ts";

test("what a page has to load stays small: the tag under 1 800 bytes, the poll under 10 000, as brotli", async () => {
  const { tag, poll } = await buildWidget();
  expect(tag.brotli).toBeLessThanOrEqual(1_800);
  expect(poll.brotli).toBeLessThanOrEqual(10_000);
});
