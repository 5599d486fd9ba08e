/**
 * Who gets a place for a handshake, and who makes room.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { Channel } from "../../../herd/net/channel.ts";
import { HandshakePlaces } from "../../../herd/net/handshake_places.ts";
import { LimitLog } from "../../../herd/net/limit_log.ts";
import { SILENT_LOG } from "../../../herd/net/log.ts";
import { FakeConn } from "./fake_conn.ts";
import { soon } from "./support.ts";

/** Places for handshakes, and who comes for them. */
class Crowd implements Disposable {
  readonly #limitLog = new LimitLog(SILENT_LOG);
  readonly #places: HandshakePlaces;

  constructor(peers: readonly string[], max: number) {
    this.#places = new HandshakePlaces(max, peers, this.#limitLog);
  }

  /** So many come; for each, whether it gets a place. */
  come(peer: string, count: number): Promise<boolean>[] {
    return Array.from({ length: count }, async () => {
      const channel = new Channel(new FakeConn().conn, 1_000);
      return await this.#places.enter(peer, channel) !== undefined;
    });
  }

  [Symbol.dispose](): void {
    this.#places.stop();
    this.#limitLog.stop();
  }
}

Deno.test("HandshakePlaces.enter() admits the last of a long line", async () => {
  using crowd = new Crowd(["Bolden"], 16);
  crowd.come("Bolden", 600);
  const [last] = crowd.come("Bolden", 1);
  assertEquals(await soon("a place", last!), true);
});

Deno.test("HandshakePlaces.enter() sends away who waits longest, never who has just come", async () => {
  using crowd = new Crowd(["Bolden"], 1);
  const before = crowd.come("Bolden", 230);
  const after = crowd.come("Bolden", 20);
  const places = await soon("an end for all", Promise.all(before));
  assert(places.includes(false), "Too many have come");
  assertEquals(
    await soon("places", Promise.all(after)),
    after.map(() => true),
  );
});

Deno.test("HandshakePlaces.enter() keeps a crowd at one neighbour's name from the others", async () => {
  using crowd = new Crowd(["Bolden", "Powell"], 2);
  const others = crowd.come("Bolden", 100);
  const [powell] = crowd.come("Powell", 1);
  const first = await soon(
    "a place",
    Promise.race([powell!.then(() => "Powell"), others.at(-1)!]),
  );
  assertEquals(first, "Powell");
});
