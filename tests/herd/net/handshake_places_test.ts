/**
 * Who may begin a handshake, and who makes room.
 *
 * @module
 */
import { assertEquals, assertThrows } from "@std/assert";
import { Channel } from "../../../herd/net/channel.ts";
import { HandshakePlaces } from "../../../herd/net/handshake_places.ts";
import { LimitLog } from "../../../herd/net/limit_log.ts";
import { SILENT_LOG } from "../../../herd/net/log.ts";
import { FakeConn } from "./fake_conn.ts";
import { ManualClock } from "./manual_clock.ts";

/** Handshakes with one server, and who begins them. */
class Crowd implements Disposable {
  readonly clock = new ManualClock();
  readonly #limitLog = new LimitLog(this.clock, SILENT_LOG);
  readonly places: HandshakePlaces;

  constructor(peers: readonly string[], max: number) {
    this.places = new HandshakePlaces(this.clock, max, peers, this.#limitLog);
  }

  /** So many come. */
  come(peer: string, count: number) {
    return Array.from({ length: count }, () => {
      const channel = new Channel(this.clock, new FakeConn().conn, 1_000);
      return { channel, leave: this.places.enter(peer, channel) };
    });
  }

  [Symbol.dispose](): void {
    this.places.stop();
    this.#limitLog.stop();
  }
}

function open(those: readonly { readonly channel: Channel }[]): number {
  return those.filter(({ channel }) => !channel.isClosed).length;
}

Deno.test("HandshakePlaces.enter() leaves everybody time for a proof, however many come", () => {
  using crowd = new Crowd(["Bolden"], 16);
  const before = crowd.come("Bolden", 300);
  const [neighbour] = crowd.come("Bolden", 1);
  const after = crowd.come("Bolden", 600);
  assertEquals(open(before), 300);
  assertEquals(open(after), 600);
  assertEquals(neighbour!.leave(), true);
  assertEquals(neighbour!.leave(), false, "It has gone");
});

Deno.test("HandshakePlaces.enter() has the oldest make room, until few are left", () => {
  using crowd = new Crowd(["Bolden"], 2);
  const all = crowd.come("Bolden", 5);
  assertEquals(open(all), 5);
  crowd.clock.tick(1_000);
  assertEquals(open(all), 2);
  assertEquals(open(all.slice(-2)), 2, "The newest stay");
  assertEquals(all.map(({ leave }) => leave()), [
    false,
    false,
    false,
    true,
    true,
  ]);
  assertEquals(crowd.places.isClaimed("Bolden"), false);
});

Deno.test("HandshakePlaces.enter() keeps a crowd at one neighbour's name from the others", () => {
  using crowd = new Crowd(["Bolden", "Powell"], 2);
  const powell = crowd.come("Powell", 1);
  assertEquals(crowd.places.isClaimed("Bolden"), false);
  const others = crowd.come("Bolden", 100);
  assertEquals(crowd.places.isClaimed("Bolden"), true);
  crowd.clock.tick(1_000);
  assertEquals(open(others), 1);
  assertEquals(open(powell), 1);
  assertThrows(() => crowd.come("Mallory", 1), RangeError, "no neighbour");
});
