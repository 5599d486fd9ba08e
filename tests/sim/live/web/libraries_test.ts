import { WatchedHerd } from "./watched_herd.ts";

Deno.test("HerdPage leaves nothing behind that read its libraries, right after it was opened", async () => {
  await using watched = await WatchedHerd.start("line:1");
  const response = await fetch(`${watched.base}/`);
  await response.text();
});
