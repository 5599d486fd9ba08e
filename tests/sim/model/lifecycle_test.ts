import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  NEXT,
  nextState,
  type ServerState,
  type Signal,
  transition,
  WrongState,
} from "../../../sim/model/lifecycle.ts";

const STATES = Object.keys(NEXT) as ServerState[];

Deno.test({
  name: "transition() follows the lives that servers lead",
  permissions: "none",
  fn() {
    const lives: [Signal[], ServerState][] = [
      [["start", "ready"], "up"],
      [["start", "ready", "pause", "resume"], "up"],
      [["start", "ready", "kill"], "stopped"],
      [["start", "kill", "start"], "starting"],
      [["start", "ready", "pause", "kill"], "stopped"],
      [["start", "ready", "stop", "exit"], "stopped"],
      [["start", "ready", "pause", "stop", "kill"], "stopped"],
      [["start", "ready", "error"], "crashed"],
      [["start", "exit", "start", "ready"], "up"],
      [["start", "ready", "kill", "deaf"], "wedged"],
      [["start", "ready", "exit", "deaf", "exit", "start"], "starting"],
    ];
    for (const [signals, end] of lives) {
      let state: ServerState = "stopped";
      for (const signal of signals) state = transition("Ash", state, signal);
      assertEquals(state, end, signals.join(" "));
    }
  },
});

Deno.test({
  name: "transition() names the server, the wish and the state it cannot meet",
  permissions: "none",
  fn() {
    const cases: [ServerState, Signal, string | undefined, string][] = [
      ["stopped", "pause", undefined, "Cannot pause Powell: it is stopped"],
      ["paused", "pause", undefined, "Cannot pause Powell: it is paused"],
      ["up", "resume", undefined, "Cannot resume Powell: it is up"],
      ["up", "start", "revive", "Cannot revive Powell: it is up"],
      ["wedged", "start", "revive", "Cannot revive Powell: it is wedged"],
      ["crashed", "kill", undefined, "Cannot kill Powell: it has crashed"],
    ];
    for (const [state, signal, verb, message] of cases) {
      const error = assertThrows(
        () => transition("Powell", state, signal, verb),
        WrongState,
        message,
      );
      assertEquals([error.server, error.state, error.signal], [
        "Powell",
        state,
        signal,
      ]);
    }
  },
});

Deno.test({
  name: "NEXT lets every state be reached, and none be a dead end",
  permissions: "none",
  fn() {
    const reached = new Set<ServerState>(["stopped"]);
    for (const state of reached) {
      for (const next of Object.values(NEXT[state])) reached.add(next);
    }
    assertEquals([...reached].sort(), [...STATES].sort());
    for (const state of STATES) {
      assert(Object.keys(NEXT[state]).length > 0, state);
    }
  },
});

Deno.test({
  name: "NEXT lets whatever is alive be stopped and killed, and nothing else",
  permissions: "none",
  fn() {
    const alive = ["starting", "up", "paused", "stopping"];
    for (const state of STATES) {
      const isAlive = alive.includes(state);
      assertEquals(nextState(state, "kill") !== undefined, isAlive, state);
      const stops = isAlive && state !== "stopping";
      assertEquals(nextState(state, "stop") !== undefined, stops, state);
    }
  },
});
