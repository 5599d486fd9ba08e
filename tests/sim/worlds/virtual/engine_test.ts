import { assertEquals } from "@std/assert";
import { bytesOf } from "../../../../herd/core/bytes/bytes.ts";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { hmacNow } from "../../../../sim/worlds/virtual/engine.ts";

Deno.test("hmacNow() is the HMAC of the real machine, each time and for each key", async () => {
  const pairs = [["key", "text"], ["key", "texts"], ["keyt", "ext"]]
    .map((pair) => pair.map(bytesOf));
  for (const [key, text] of [...pairs, ...pairs]) {
    const hash = hmacNow(key!, text!);
    assertEquals(hash, await denoPlatform.hmac(key!, text!));
    // What is given is the caller's own.
    hash.fill(0);
  }
});
