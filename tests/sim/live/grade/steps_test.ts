import { assertEquals } from "@std/assert";
import { shellLines, type Step } from "../../../../sim/live/grade/steps.ts";

const SERVERS = new Map([
  ["Ash", { start: "python3 server.py Ash", port: 7001 }],
  ["Elm", { start: "python3 server.py Elm", port: 7002 }],
]);
const STEPS: readonly Step[] = [
  { atMs: 0, kind: "say", server: "Ash", line: "IAMAT it's +1-1 1" },
  { atMs: 1, kind: "kill", server: "Elm" },
  { atMs: 2, kind: "note", text: "cut Ash-Elm" },
  { atMs: 3, kind: "say", server: "Ash", line: "A", isAtOnce: true },
  { atMs: 3, kind: "say", server: "Elm", line: "B", isAtOnce: true },
  { atMs: 4, kind: "revive", server: "Elm" },
  { atMs: 5, kind: "say", server: "Elm", line: "C", isUntil: true },
];
const START = ["python3 server.py Ash &", "python3 server.py Elm &"];

Deno.test({
  name: "shellLines() starts the herd, and says what is typed then",
  permissions: "none",
  fn() {
    const hand = {
      servers: SERVERS,
      lineEnd: "\n",
      isHalfClosed: false,
    } as const;
    assertEquals(shellLines(STEPS, hand), [
      ...START,
      `printf '%s\\n' 'IAMAT it'\\''s +1-1 1' | nc -w 2 127.0.0.1 7001  # to Ash`,
      "kill -KILL $(lsof -ti tcp:7002 -sTCP:LISTEN)  # Elm",
      "# cut Ash-Elm",
      "printf '%s\\n' A | nc -w 2 127.0.0.1 7001 &  # to Ash",
      "printf '%s\\n' B | nc -w 2 127.0.0.1 7002 &  # to Elm",
      "wait",
      "python3 server.py Elm &",
      "printf '%s\\n' C | nc -w 2 127.0.0.1 7002  # to Elm, again and again",
    ]);
  },
});

Deno.test({
  name: "shellLines() speaks as the servers want it",
  permissions: "none",
  fn() {
    const hand = {
      servers: SERVERS,
      lineEnd: "\r\n",
      isHalfClosed: true,
    } as const;
    assertEquals(shellLines(STEPS.slice(3, 4), hand), [
      ...START,
      "printf '%s\\r\\n' A | nc -N 127.0.0.1 7001 &  # to Ash",
      "wait",
    ]);
  },
});
