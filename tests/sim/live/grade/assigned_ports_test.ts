import { assertEquals, assertThrows } from "@std/assert";
import {
  comparedPorts,
  readAssignedPorts,
} from "../../../../sim/live/grade/assigned_ports.ts";
import { csvOf } from "../../../../sim/live/grade/texts.ts";

Deno.test({
  name:
    "readAssignedPorts() reads ports and ranges, and says which line is none",
  permissions: "none",
  fn() {
    const text = "submission,ports\namy,12110-12112\r\nbob, 5, 7-8,\n\n";
    assertEquals(readAssignedPorts(text, "ports.csv"), {
      amy: [12110, 12111, 12112],
      bob: [5, 7, 8],
    });
    const wrong = [
      "amy",
      "amy,",
      ",5",
      "amy,0",
      "amy,9-5",
      "amy,65536",
      "amy,five",
      "amy,5;6",
    ];
    for (const line of wrong) {
      assertThrows(
        () => readAssignedPorts(`bob,5\n${line}`, "ports.csv"),
        RangeError,
        `ports.csv:2: a line is a name and ports`,
      );
    }
  },
});

Deno.test({
  name: "comparedPorts() tells who listens elsewhere, or was assigned none",
  permissions: "none",
  fn() {
    const assigned = { amy: [1, 2, 3] };
    const of = (name: string, used: Record<string, number>) =>
      comparedPorts(name, assigned, used);
    assertEquals(of("amy", { Ash: 1, Elm: 3 }), { strays: [], notes: [] });
    assertEquals(of("amy", {}), { strays: [], notes: [] });
    assertEquals(of("amy", { Ash: 1, Elm: 4 }), {
      strays: ["Elm 4"],
      notes: [
        "ports that were not assigned: Elm 4; those that were: 1, 2, 3",
      ],
    });
    for (const name of ["bob", "constructor"]) {
      assertEquals(of(name, { Ash: 1 }).notes, [
        `no ports are assigned to ${name}`,
      ]);
    }
  },
});

Deno.test({
  name: "csvOf() has ports among the findings of who listens elsewhere",
  permissions: "none",
  fn() {
    const grade = { mark: 1, of: 1, hardFails: [], checks: [], notes: [] };
    const rows = csvOf([
      { ...grade, submission: "amy" },
      { ...grade, submission: "bob", strays: ["Elm 4"] },
    ]).split("\n");
    assertEquals(rows[1]!.split(",").at(-1), "");
    assertEquals(rows[2]!.split(",").at(-1), "ports");
  },
});
