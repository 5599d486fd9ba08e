import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  clientText,
  type FixSpan,
  lineText,
  ownFix,
} from "../../../../herd/core/wire/fix.ts";
import { Line } from "../../../../herd/core/wire/line.ts";
import { parseLinkLine } from "../../../../herd/core/wire/link_message.ts";
import type { Digest, Store } from "../../../../herd/core/store/store.ts";
import { Sync, type SyncOutcome } from "../../../../herd/core/link/sync.ts";
import { fix, linesOf, pure, storeOf, versionOf, written } from "../pure.ts";

/** One side of a sync, what it sends and how it ended. */
class Side {
  readonly queued: number[] = [];
  readonly outcomes: SyncOutcome[] = [];
  readonly store: Store;
  readonly sync: Sync;

  constructor(fixes: FixSpan[], isFirst: boolean) {
    this.store = storeOf(fixes);
    this.sync = new Sync(this.store, isFirst, {
      send: (client) => this.queued.push(client),
      done: (outcome) => this.outcomes.push(outcome),
    });
    this.sync.start();
  }

  /** The next lines that it has to send. */
  pullLines(bytesMax = 65_536): string {
    return written((out) => this.sync.pullLines(out, bytesMax));
  }

  /** All lines that it has to send now. */
  lines(): string {
    let lines = "";
    for (let more = ""; (more = this.pullLines()) !== "";) lines += more;
    return lines;
  }

  /** All fixes that it has to send now, queued ones first. */
  fixes(): FixSpan[] {
    const clients = this.queued.splice(0);
    for (let client = 0; (client = this.sync.pullClient()) >= 0;) {
      clients.push(client);
    }
    return clients.map((client) => ownFix(this.store.fix(client)));
  }

  /** Takes the lines of the other side. */
  hear(lines: string): void {
    const queue = lines.split("\n").slice(0, -1);
    while (queue.length > 0) {
      const line = Line.of(queue.shift()!);
      const message = parseLinkLine(line, "");
      if (message.kind === "sums") {
        this.sync.onSums(message.bucket, message.sums);
        continue;
      }
      if (message.kind === "diff") {
        this.sync.onDifference(message.bucket, message.children);
        continue;
      }
      const [word, count, fingerprint] = line.text.split(" ");
      const digest: Digest = {
        count: Number(count),
        fingerprint: fingerprint ?? "",
      };
      if (word === "SYNC") this.sync.onDigest(digest);
      if (word === "HAVE" && count === "0") this.sync.onListEnd();
      for (const line of queue.splice(0, word === "SYNC" ? 0 : Number(count))) {
        if (word === "WANT") this.sync.onWanted(line);
        else {
          this.sync.onVersion(versionOf(line));
        }
      }
    }
  }

  merge(fixes: FixSpan[]): void {
    for (const fix of fixes) this.store.merge(fix);
  }
}

function sides(ash: FixSpan[], elm: FixSpan[]): [Side, Side] {
  return [new Side(ash, true), new Side(elm, false)];
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
  const [ash, elm] = sides([fix("kiwi", "1")], [fix("kiwi", "1")]);
  settle(ash, elm);
  const equal = { role: "equal", listed: 0, sent: 0, wanted: 0 } as const;
  assertEquals([ash.outcomes, elm.outcomes], [[equal], [equal]]);
});

pure("Sync has an empty side list nothing, and sends it everything", () => {
  const fixes = Array.from({ length: 1_000 }, (_, i) => fix(`client${i}`, "1"));
  const [ash, elm] = sides([], fixes);
  ash.hear(elm.lines());
  const lines = ash.lines();
  assertEquals(lines.split("\n").slice(1), ["HAVE 0", ""]);
  elm.hear(lines);
  assertEquals(elm.fixes().map(lineText), fixes.map(lineText));
  assertEquals(ash.outcomes.map((it) => it.role), ["listed"]);
  assertEquals(elm.outcomes, [
    { role: "offered", listed: 0, sent: 1_000, wanted: 0 },
  ]);
});

pure("Sync has the side with fewer list, of two equal ones the first", () => {
  const [few, many] = [[fix("a", "1")], [fix("b", "1"), fix("c", "1")]];
  const table: [FixSpan[], FixSpan[], boolean][] = [
    [few, many, true],
    [many, few, false],
    [few, [fix("d", "1")], true],
  ];
  for (const [ours, theirs, isAshLister] of table) {
    const [ash, elm] = sides(ours, theirs);
    ash.hear(elm.pullLines(9));
    elm.hear(ash.pullLines(9));
    assertEquals(ash.lines().startsWith("HAVE"), isAshLister);
    assertEquals(elm.lines().startsWith("HAVE"), !isAshLister);
  }
});

pure("Sync sends what is newer, and asks for what is newer there", () => {
  const [ash, elm] = sides(
    [fix("old", "1"), fix("same", "1.0"), fix("new", "2")],
    [
      fix("old", "1.0000000001"),
      fix("same", "1.0"),
      fix("new", "1"),
      fix("lacking", "1"),
    ],
  );
  elm.hear(ash.lines());
  ash.hear(elm.lines());
  elm.hear(ash.lines());
  assertEquals(elm.lines(), "WANT 1\nnew\n");
  assertEquals(elm.fixes().map(clientText), ["old", "lacking"]);
  assertEquals(elm.outcomes, [
    { role: "offered", listed: 3, sent: 2, wanted: 1 },
  ]);
});

pure("Sync sends both ways what has equal times and other bytes", () => {
  const [ash, elm] = sides(
    [fix("kiwi", "1", "+0.000000001")],
    [fix("kiwi", "1.0", "+0.000000002")],
  );
  settle(ash, elm);
  const newest = lineText(fix("kiwi", "1.0", "+0.000000002"));
  assertEquals(linesOf(ash.store), [newest]);
  assertEquals(linesOf(elm.store), [newest]);
});

pure(
  "Sync compares what its SYNC tells, though more has come meanwhile",
  () => {
    const [ash, elm] = sides([fix("kiwi", "1")], [fix("kiwi", "1")]);
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
  const [ash, elm] = sides(fixes, more);
  ash.hear(elm.lines());
  ash.pullLines();
  const counts = [65_536, 65_536, 1, 0, 65_536, 65_536].map((bytesMax) =>
    ash.pullLines(bytesMax).split("\n")[0]
  );
  assertEquals(counts, [
    "HAVE 256",
    "HAVE 256",
    "HAVE 1",
    "HAVE 1",
    "HAVE 86",
    "HAVE 0",
  ]);
  assert(!ash.sync.hasOutput);
});

pure("Sync asks in chunks, bounded by lines and by bytes", () => {
  const elm = new Side([], false);
  elm.lines();
  const client = "x".repeat(100);
  for (let i = 0; i < 300; i++) {
    elm.sync.onVersion(versionOf(`${client}${i} 1 ${"0".repeat(16)}`));
  }
  const counts = [1_000, 1, 0, 65_536, 65_536].map((bytesMax) =>
    elm.pullLines(bytesMax).split("\n")[0]
  );
  assertEquals(counts, [
    "WANT 10",
    "WANT 1",
    "WANT 1",
    "WANT 256",
    "WANT 32",
  ]);
  assert(!elm.sync.hasOutput);
});

pure("Sync lists what is held when the line goes out", () => {
  const [ash, elm] = sides([fix("kiwi", "1")], [fix("kiwi", "2")]);
  ash.hear(elm.lines());
  ash.merge([fix("kiwi", "3")]);
  assert(ash.lines().includes("\nkiwi 3 "));
});

pure("Sync does not send back what the neighbour has sent", () => {
  const [ash, elm] = sides(
    [fix("a", "1"), fix("b", "1")],
    [fix("c", "1"), fix("d", "1")],
  );
  elm.hear(ash.pullLines());
  ash.hear(elm.pullLines());
  elm.hear(ash.pullLines());
  ash.hear(elm.pullLines());
  elm.merge(ash.fixes());
  elm.hear(ash.pullLines());
  assertEquals(elm.fixes().map(clientText), ["c", "d"]);
});

pure("Sync does not send what nobody holds", () => {
  const ash = new Side([], true);
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
      const [ash, elm] = sides(ours, theirs);
      settle(ash, elm);
      const all = storeOf([...ours, ...theirs]).digest();
      assertEquals(ash.store.digest(), all);
      assertEquals(elm.store.digest(), all);
      assertEquals(ash.outcomes.length + elm.outcomes.length, 2);
    }),
    { numRuns: 300 },
  );
});

pure(
  "Sync.onDigest() answers a SYNC that comes twice no more than once",
  () => {
    for (const held of [[fix("kiwi", "1")], []]) {
      const [first, second] = [new Side(held, true), new Side([], false)];
      const twice = (lines: string) => lines + lines;
      let [forth, back] = [first.lines(), second.lines()];
      for (let round = 0; round < 10 && forth + back !== ""; round++) {
        second.hear(twice(forth));
        first.hear(twice(back));
        [forth, back] = [first.lines(), second.lines()];
      }
      assertEquals(forth + back, "");
    }
  },
);
