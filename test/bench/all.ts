/** Every benchmark, one after another, each with its control in the same run. Prints Markdown. */
for (const bench of [
  "./server.ts",
  "./conversions.ts",
  "./attribute.ts",
  "./columnar.ts",
  "./import.ts",
  "./touches.ts",
  "./learned.ts",
]) {
  console.log(`\n### ${bench.slice(2, -3)}\n`);
  await import(bench);
}
