import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Fix } from "../../../herd/core/fix.ts";
import { parseAtLine, parseVersion } from "../../../herd/core/message.ts";
import { type Digest, Store } from "../../../herd/core/store.ts";
import { Sync, type SyncOutcome } from "../../../herd/core/sync.ts";
import { pure } from "./pure.ts";

function fix(client: string, time: string, difference = "+0.000000001"): Fix {
  return parseAtLine(`AT Alford ${difference} ${client} +0-0 ${time}`)!;
}

function storeOf(...fixes: Fix[]): Store {
  const store = new Store();
  for (const fix of fixes) store.merge(fix.client, fix);
  return store;
}

/** One side of a sync, what it sends and how it ended. */
class Side {
  readonly sent: Fix[] = [];
  readonly outcomes: SyncOutcome[] = [];
  readonly sync: Sync;

  constructor(readonly store: Store, names: [string, string]) {
    this.sync = new Sync(
      store,
      names,
      ({ fix }) => this.sent.push(fix),
      (outcome) => this.outcomes.push(outcome),
    );
    this.sync.start();
  }

  /** All lines that it has to send now. */
  lines(bytesMax = 65_536): string {
    let lines = "";
    for (let more = ""; (more = this.sync.pullLines(bytesMax)) !== "";) {
      lines += more;
    }
    return lines;
  }

  /** All fixes that it has to send now, queued ones first. */
  fixes(): Fix[] {
    const fixes = this.sent.splice(0);
    for (let fix: Fix | undefined; (fix = this.sync.pullFix()) !== undefined;) {
      fixes.push(fix);
    }
    return fixes;
  }

  /** Takes the lines of the other side. */
  hear(lines: string): void {
    const queue = lines.split("\n").slice(0, -1);
    while (queue.length > 0) {
      const [word, count, fingerprint] = queue.shift()!.split(" ");
      const digest: Digest = {
        count: Number(count),
        fingerprint: fingerprint ?? "",
      };
      if (word === "SYNC") this.sync.onDigest(digest);
      if (word === "HAVE" && count === "0") this.sync.onListEnd();
      for (const line of queue.splice(0, word === "SYNC" ? 0 : Number(count))) {
        if (word === "WANT") this.sync.onWanted(line);
        else {
          const version = parseVersion(line, 0, line.length);
          assert(!("kind" in version), line);
          this.sync.onVersion(version);
        }
      }
    }
  }

  merge(fixes: Fix[]): void {
    for (const fix of fixes) this.store.merge(fix.client, fix);
  }
}

function sides(ash: Store, elm: Store): [Side, Side] {
  return [new Side(ash, ["ash", "elm"]), new Side(elm, ["elm", "ash"])];
}

/** Lets both sides speak until neither has anything to say. */
function settle(ash: Side, elm: Side): void {
  for (let round = 0; ash.sync.hasOutput || elm.sync.hasOutput; round++) {
    assert(round < 100, "The sync does not end");
    for (const [from, to] of [[ash, elm], [elm, ash]] as const) {
      to.hear(from.lines());
      to.merge(from.fixes());
    }
  }
  elm.merge(ash.fixes());
  ash.merge(elm.fixes());
}

pure("Sync ends at once if both hold the same", () => {
  const [ash, elm] = sides(
    storeOf(fix("kiwi", "1")),
    storeOf(fix("kiwi", "1")),
  );
  settle(ash, elm);
  const equal = { role: "equal", listed: 0, sent: 0, wanted: 0 } as const;
  assertEquals([ash.outcomes, elm.outcomes], [[equal], [equal]]);
});

pure("Sync has an empty side list nothing, and sends it everything", () => {
  const fixes = Array.from({ length: 1_000 }, (_, i) => fix(`client${i}`, "1"));
  const [ash, elm] = sides(storeOf(), storeOf(...fixes));
  ash.hear(elm.lines());
  const lines = ash.lines();
  assertEquals(lines.split("\n").slice(1), ["HAVE 0", ""]);
  elm.hear(lines);
  assertEquals(elm.fixes(), fixes);
  assertEquals(ash.outcomes.map((it) => it.role), ["listed"]);
  assertEquals(elm.outcomes, [
    { role: "offered", listed: 0, sent: 1_000, wanted: 0 },
  ]);
});

pure("Sync has the side with fewer list, of two equal ones the first", () => {
  const [few, many] = [[fix("a", "1")], [fix("b", "1"), fix("c", "1")]];
  const table: [Fix[], Fix[], boolean][] = [
    [few, many, true],
    [many, few, false],
    [few, [fix("d", "1")], true],
  ];
  for (const [ours, theirs, isAshLister] of table) {
    const [ash, elm] = sides(storeOf(...ours), storeOf(...theirs));
    ash.hear(elm.sync.pullLines(9));
    elm.hear(ash.sync.pullLines(9));
    assertEquals(ash.lines().startsWith("HAVE"), isAshLister);
    assertEquals(elm.lines().startsWith("HAVE"), !isAshLister);
  }
});

pure("Sync sends what is newer, and asks for what is newer there", () => {
  const [ash, elm] = sides(
    storeOf(fix("old", "1"), fix("same", "1.0"), fix("new", "2")),
    storeOf(
      fix("old", "1.0000000001"),
      fix("same", "1.0"),
      fix("new", "1"),
      fix("lacking", "1"),
    ),
  );
  elm.hear(ash.lines());
  ash.hear(elm.lines());
  elm.hear(ash.lines());
  assertEquals(elm.lines(), "WANT 1\nnew\n");
  assertEquals(elm.fixes().map((fix) => fix.client), ["old", "lacking"]);
  assertEquals(elm.outcomes, [
    { role: "offered", listed: 3, sent: 2, wanted: 1 },
  ]);
});

pure("Sync sends both ways what has equal times and other bytes", () => {
  const [ash, elm] = sides(
    storeOf(fix("kiwi", "1", "+0.000000001")),
    storeOf(fix("kiwi", "1.0", "+0.000000002")),
  );
  settle(ash, elm);
  const newest = fix("kiwi", "1.0", "+0.000000002").line;
  assertEquals(ash.store.get("kiwi")?.fix.line, newest);
  assertEquals(elm.store.get("kiwi")?.fix.line, newest);
});

pure(
  "Sync compares what its SYNC tells, though more has come meanwhile",
  () => {
    const [ash, elm] = sides(
      storeOf(fix("kiwi", "1")),
      storeOf(fix("kiwi", "1")),
    );
    ash.hear(elm.lines());
    ash.merge([fix("fig", "1")]);
    elm.hear(ash.lines());
    assertEquals(ash.outcomes.map((it) => it.role), ["equal"]);
    assertEquals(elm.outcomes.map((it) => it.role), ["equal"]);
  },
);

pure("Sync lists in chunks, bounded by lines and by bytes", () => {
  const fixes = Array.from({ length: 600 }, (_, i) => fix(`client${i}`, "1"));
  const more = [...fixes, fix("kiwi", "1")];
  const [ash, elm] = sides(storeOf(...fixes), storeOf(...more));
  ash.hear(elm.lines());
  ash.sync.pullLines(65_536);
  const counts = [65_536, 65_536, 1, 65_536, 65_536].map((bytesMax) =>
    ash.sync.pullLines(bytesMax).split("\n")[0]
  );
  assertEquals(counts, ["HAVE 256", "HAVE 256", "HAVE 1", "HAVE 87", "HAVE 0"]);
  assert(!ash.sync.hasOutput);
});

pure("Sync asks in chunks, bounded by lines and by bytes", () => {
  const elm = new Side(storeOf(), ["elm", "ash"]);
  elm.lines();
  const client = "x".repeat(100);
  for (let i = 0; i < 300; i++) {
    elm.sync.onVersion({ client: client + i, time: "1", tie: "0".repeat(16) });
  }
  const counts = [1_000, 1, 65_536, 65_536].map((bytesMax) =>
    elm.sync.pullLines(bytesMax).split("\n")[0]
  );
  assertEquals(counts, ["WANT 10", "WANT 1", "WANT 256", "WANT 33"]);
  assert(!elm.sync.hasOutput);
});

pure("Sync lists what is held when the line goes out", () => {
  const [ash, elm] = sides(
    storeOf(fix("kiwi", "1")),
    storeOf(fix("kiwi", "2")),
  );
  ash.hear(elm.lines());
  ash.merge([fix("kiwi", "3")]);
  assert(ash.lines().includes("\nkiwi 3 "));
});

pure("Sync does not send what nobody holds", () => {
  const ash = new Side(storeOf(), ["ash", "elm"]);
  ash.sync.onWanted("kiwi");
  assertEquals(ash.fixes(), []);
});

const fixes = fc.array(
  fc.tuple(
    fc.nat({ max: 9 }).map((number) => `client${number}`),
    fc.constantFrom("1", "1.0", "2", "-1", "1.0000000001"),
    fc.constantFrom("+0.000000001", "+0.000000002"),
  ).map((parts) => fix(...parts)),
  { maxLength: 20 },
);

pure("Sync makes any two stores equal", () => {
  fc.assert(
    fc.property(fixes, fixes, (ours, theirs) => {
      const [ash, elm] = sides(storeOf(...ours), storeOf(...theirs));
      settle(ash, elm);
      const all = storeOf(...ours, ...theirs).digest();
      assertEquals(ash.store.digest(), all);
      assertEquals(elm.store.digest(), all);
      assertEquals(ash.outcomes.length + elm.outcomes.length, 2);
    }),
    { numRuns: 300 },
  );
});
