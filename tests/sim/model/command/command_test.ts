import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  type Command,
  COMMANDS,
  completeCommand,
  parseCommand,
} from "../../../../sim/model/command/command.ts";

const SERVERS = ["Alford", "Bolden", "Hamilton", "Parker", "Powell"];
const NAMES = Object.keys(COMMANDS);

Deno.test({
  name: "parseCommand() gives each command",
  permissions: "none",
  fn() {
    const lines: [text: string, command: Command][] = [
      ["status", { kind: "status" }],
      ["  quit\t", { kind: "quit" }],
      ["kill Powell", { kind: "kill", server: "Powell" }],
      ["revive   Powell ", { kind: "revive", server: "Powell" }],
      ["restart Powell", { kind: "restart", server: "Powell" }],
      ["pause Powell", { kind: "pause", server: "Powell" }],
      ["resume Powell", { kind: "resume", server: "Powell" }],
      ["log Powell", { kind: "log", server: "Powell", count: 10 }],
      ["log Powell 3", { kind: "log", server: "Powell", count: 3 }],
      ["log Powell kiwi", {
        kind: "log",
        server: "Powell",
        count: 10,
        text: "kiwi",
      }],
      ["log -f Powell 3 IAMAT kiwi", {
        kind: "log",
        server: "Powell",
        count: 3,
        text: "IAMAT kiwi",
        follows: true,
      }],
      ["help", { kind: "help" }],
      ["help send", { kind: "help", about: "send" }],
      ["send Powell WHATSAT kiwi 10 5", {
        kind: "send",
        server: "Powell",
        line: "WHATSAT kiwi 10 5",
      }],
      [" send  Powell   IAMAT\u00a0x  y ", {
        kind: "send",
        server: "Powell",
        line: "  IAMAT\u00a0x  y ",
      }],
    ];
    for (const [text, command] of lines) {
      assertEquals(parseCommand(text, SERVERS), { ok: true, command }, text);
    }
  },
});

Deno.test({
  name: "parseCommand() says what is wrong, and what was meant",
  permissions: "none",
  fn() {
    const all = NAMES.join(", ");
    const lines: [text: string, why: string][] = [
      ["kil Powell", 'no command "kil", did you mean kill?'],
      ["KILL Powell", 'no command "KILL", did you mean kill?'],
      ["constructor", `no command "constructor", there is ${all}`],
      ["__proto__ Powell", `no command "__proto__", there is ${all}`],
      ["kill Powel", 'no server "Powel", did you mean Powell?'],
      ["kill powell", 'no server "powell", did you mean Powell?'],
      ["kill x", `no server "x", there is ${SERVERS.join(", ")}`],
      ["kill", "usage: kill <server>"],
      ["kill Powell Parker", "usage: kill <server>"],
      ["status now", "usage: status"],
      ["send Powell", "usage: send <server> <line>"],
      ["send Powell  \t", "usage: send <server> <line>"],
      ["log -f", "usage: log [-f] <server> [lines] [text]"],
      ["log Powell 0", '"0" is no number of lines from 1 to 10000'],
      ["log Powell -1", '"-1" is no number of lines from 1 to 10000'],
      ["help me", `no command "me", there is ${all}`],
      ["help kill me", "usage: help [command]"],
    ];
    for (const [text, why] of lines) {
      assertEquals(parseCommand(text, SERVERS), { ok: false, why }, text);
    }
  },
});

Deno.test({
  name: "parseCommand() and completeCommand() take any text",
  permissions: "none",
  fn() {
    assertEquals(parseCommand(" \t", SERVERS), undefined);
    const word = fc.oneof(
      fc.constantFrom(...NAMES, ...SERVERS, "__proto__", "constructor"),
      fc.string(),
    );
    const text = fc.array(word).map((words) => words.join(" "));
    fc.assert(fc.property(text, (text) => {
      parseCommand(text, SERVERS);
      const [completions, last] = completeCommand(text, SERVERS);
      return completions.every((one) => one.startsWith(last)) &&
        text.endsWith(last);
    }));
  },
});

Deno.test({
  name: "completeCommand() goes on with commands, servers, and wire commands",
  permissions: "none",
  fn() {
    const lines: [text: string, completions: string[], word: string][] = [
      ["", NAMES.map((name) => `${name} `), ""],
      ["rev", ["revive "], "rev"],
      ["res", ["restart ", "resume ", "reset "], "res"],
      ["kill ", SERVERS.map((name) => `${name} `), ""],
      ["kill P", ["Parker ", "Powell "], "P"],
      ["kill Parker P", [], "P"],
      ["send Powell W", ["WHATSAT "], "W"],
      ["help st", ["status "], "st"],
      ["status ", [], ""],
      ["constructor P", [], "P"],
    ];
    for (const [text, completions, word] of lines) {
      assertEquals(completeCommand(text, SERVERS), [completions, word], text);
    }
  },
});
