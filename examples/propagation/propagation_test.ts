import { Herd } from "@herd/workbench";

Deno.test("a fix gets past a dead server, and is found with what is around it", async () => {
  await using herd = await Herd.start("2014");
  await using alford = await herd.client("Alford");
  await herd.kill("Powell");

  const fix = await alford.iamat("kiwi", "+34.068930-118.445127");
  await herd.propagated(fix, { on: "all" });

  await using hamilton = await herd.client("Hamilton");
  const { at, places } = await hamilton.whatsat("kiwi", 10, 5);
  if (at.server !== "Alford") throw new Error(`${at.server} heard it?`);
  if (places.results.length === 0) throw new Error("Nothing is around Westwood?");
});
