import { assertEquals } from "@std/assert";
import { HOP_MS, HopPlayer } from "../../../../sim/page/graph/hop_player.ts";
import { hop } from "../batches.ts";

function times(player: HopPlayer): string[] {
  return [...player.shown].map(({ hop, fromMs, toMs }) =>
    `${hop.from}>${hop.to} ${fromMs} ${toMs}`
  );
}

Deno.test({
  name: "HopPlayer shows an update leave a server after it has come there",
  permissions: "none",
  fn() {
    const player = new HopPlayer();
    player.take([], 1_000);
    player.take(
      [
        hop("Ash", "Elm", 990),
        hop("Elm", "Fig", 992),
        hop("Ash", "Fig", 991, {
          isNew: false,
        }),
      ],
      1_000,
    );
    assertEquals(times(player), [
      `Ash>Elm 1000 ${1_000 + HOP_MS}`,
      `Elm>Fig ${1_000 + HOP_MS} ${1_000 + 2 * HOP_MS}`,
      `Ash>Fig 1000 ${1_000 + HOP_MS}`,
    ]);
  },
});

Deno.test({
  name: "HopPlayer waits for what has not arrived, and for what is slow",
  permissions: "none",
  fn() {
    const player = new HopPlayer();
    player.take([], 1_000);
    const sent = hop("Ash", "Elm", 1_000, { readMs: null });
    player.take([sent], 1_000);
    assertEquals(times(player), ["Ash>Elm 1000 Infinity"]);
    player.take([hop("Ash", "Elm", 1_000, { readMs: 3_000 })], 3_000);
    assertEquals(times(player), ["Ash>Elm 1000 3000"]);
    player.take([], 9_000);
    assertEquals(times(player), []);
  },
});

Deno.test({
  name: "HopPlayer begins anew when the time jumps back",
  permissions: "none",
  fn() {
    const player = new HopPlayer();
    player.take([], 5_000);
    player.take([hop("Ash", "Elm", 5_000)], 5_000);
    player.take([hop("Elm", "Fig", 1_900), hop("Elm", "Ash", 10)], 2_000);
    assertEquals(times(player), [`Elm>Fig 1900 ${1_900 + HOP_MS}`]);
  },
});
