import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { bytesOf, byteString } from "../../../../herd/core/bytes/bytes.ts";
import { Hidden } from "../../../../herd/net/places/hidden.ts";

/** What a body becomes, and how often others could have had their turn. */
function shown(hidden: Hidden, body: Uint8Array) {
  const work = hidden.inBody(body);
  for (let turns = 0;; turns++) {
    const { done, value } = work.next();
    if (done) return { body: value, turns };
  }
}

Deno.test("Hidden.inBody() gives others their turn all along a large body, and changes no other byte", () => {
  const before = '"\xe7\xe7\xe7",'.repeat(333_333);
  const after = "<\xff\x00>".repeat(500_000);
  const { body, turns } = shown(
    new Hidden("s3cret"),
    bytesOf(`${before}key=s3cret${after}`),
  );
  assert(byteString(body) === `${before}key=***${after}`);
  assert(turns > 50, `${turns} turns`);
});

Deno.test("Hidden.inBody() finds a secret wherever it lies, also where a piece would end", () => {
  const forms = ["s3cret", "%73%2533cret", "s\\u0033cret"];
  for (const [nth, form] of forms.entries()) {
    for (let before = 65_525; before < 65_540; before++) {
      const text = `${"x".repeat(before)}${form}, y`;
      const { body } = shown(new Hidden("s3cret"), bytesOf(text));
      assert(byteString(body) === `${"x".repeat(before)}***, y`, `${nth}`);
    }
  }
});

Deno.test("Hidden.inBody() hands on a body that does not have the secret", () => {
  const body = bytesOf("\xe7 nothing");
  assertStrictEquals(shown(new Hidden("s3cret"), body).body, body);
  assertEquals(shown(new Hidden(), body), { body, turns: 0 });
});
