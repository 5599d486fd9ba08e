import { assertEquals, assertThrows } from "@std/assert";
import {
  commandFor,
  parseCommand,
} from "../../../../sim/worlds/processes/command.ts";

Deno.test({
  name: "parseCommand() reads words and quotes, and nothing else of a shell",
  permissions: "none",
  fn() {
    for (
      const [text, words] of [
        ["python3 server.py {name}", ["python3", "server.py", "{name}"]],
        ["  ./herd   --id={name} ", ["./herd", "--id={name}"]],
        [`run "two words" 'it''s' a"b c"d`, [
          "run",
          "two words",
          "its",
          "ab cd",
        ]],
        [`say '"' "" $HOME | *`, ["say", '"', "", "$HOME", "|", "*"]],
      ] as const
    ) assertEquals(parseCommand(text), [...words], text);
    for (
      const [text, why] of [
        ["  ", "the command is empty"],
        [`python "server.py`, "a quote is left open"],
        ["server {nam}", "no {nam}, there is {name}"],
      ] as const
    ) assertThrows(() => parseCommand(text), RangeError, why);
  },
});

Deno.test({
  name: "commandFor() puts in what is a server's own, braces of JSON too",
  permissions: "none",
  fn() {
    const peers = [{ name: "Elm", hostname: "127.0.0.1", port: 2 }];
    const server = { name: "Ash", host: "127.0.0.1", port: 1, peers };
    assertEquals(
      commandFor(["s", "{name}:{port}", "{host}", "{peers_json}"], server),
      ["s", "Ash:1", "127.0.0.1", '{"Elm":{"host":"127.0.0.1","port":2}}'],
    );
  },
});
