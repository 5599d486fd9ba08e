import { assertEquals } from "@std/assert";
import {
  isOwed,
  OWED_MS,
  Uptimes,
} from "../../../../sim/model/checks/uptime.ts";
import { state } from "./histories.ts";

Deno.test({
  name: "isOwed() owes an update at both borders, and not beyond",
  permissions: "none",
  fn() {
    const uptime = { fromMs: 1_000, toMs: 2_000 };
    const lastMs = 2_000 - OWED_MS;
    const owed = [999, 1_000, lastMs, lastMs + 1].map((toldMs) =>
      isOwed(uptime, toldMs)
    );
    assertEquals(owed, [false, true, true, false]);
    assertEquals(isOwed(undefined, 1_000), false);
  },
});

Deno.test({
  name: "Uptimes.at() begins with a server's being up, and ends as it ends",
  permissions: "none",
  fn() {
    const uptimes = new Uptimes([
      state(0, "Elm", "starting"),
      state(10, "Elm", "up"),
      state(20, "Elm", "paused"),
      state(30, "Elm", "up"),
      state(40, "Elm", "stopped"),
    ], ["Elm", "Fig"]);
    const up = [9, 10, 19, 20, 29, 30, 39, 40].map((atMs) =>
      uptimes.at("Elm", atMs) !== undefined
    );
    assertEquals(up, [false, true, true, false, false, true, true, false]);
    assertEquals(uptimes.last("Elm"), { fromMs: 30, toMs: 40 });
    assertEquals(uptimes.last("Fig")?.toMs, Infinity);
    assertEquals(uptimes.at("Ash", 5), undefined);
  },
});
