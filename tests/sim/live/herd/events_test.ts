import { assert, assertEquals } from "@std/assert";
import { Herd, type HerdEvent } from "../../../../mod.ts";
import { EventLog } from "../event_log.ts";

Deno.test("Herd.subscribe() tells any number of listeners, though one throws, until each is removed", async () => {
  const logs = [new EventLog(), new EventLog(), new EventLog()] as const;
  const { error } = console;
  const told: unknown[][] = [];
  console.error = (...args) => told.push(args);
  try {
    await using herd = await Herd.start("line:2", {
      places: "none",
      onEvent: logs[0].onEvent,
    });
    const bad = herd.subscribe(() => {
      throw new Error("a bug of the listener");
    });
    const early = herd.subscribe(logs[1].onEvent);
    await herd.kill("s1");
    early[Symbol.dispose]();
    bad[Symbol.dispose]();
    const reports = told.length;
    assert(reports > 0, "its error is told");
    using _ = herd.subscribe(logs[2].onEvent);
    await herd.revive("s1");
    assertEquals(logs.map((log) => log.statesOf("s1")), [
      ["starting", "up", "stopped", "starting", "up"],
      ["stopped"],
      ["starting", "up"],
    ]);
    assertEquals(told.length, reports, "who is removed does not throw");
  } finally {
    console.error = error;
  }
});

type LineHeard = Extract<HerdEvent, { kind: "sent" | "delivery" }>;

/** Lines of one client that were heard, and a way to wait for them. */
class Lines extends EventLog {
  of(client: string): LineHeard[] {
    return this.events.filter((it): it is HerdEvent & LineHeard =>
      (it.kind === "sent" || it.kind === "delivery") &&
      it.line.split(" ")[3] === client
    );
  }

  async untilHeard(client: string, count: number): Promise<LineHeard[]> {
    const what = `${count} lines of ${client}`;
    await this.until(what, () => this.of(client).length >= count);
    return this.of(client);
  }
}

/** What a server is told of a client. */
async function tell(herd: Herd, server: string, client: string) {
  await using it = await herd.client(server);
  await herd.propagated(await it.iamat(client, "+34.0-118.0"));
}

for (const trace of [false, true]) {
  const name = trace ? "that is traced anyway" : "that nobody traces";
  Deno.test(`Herd.subscribe() tells lines from when on somebody listens, of a herd ${name}`, async () => {
    await using herd = await Herd.start("line:2", { places: "none", trace });
    await tell(herd, "s0", "before");
    const [first, second] = [new Lines(), new Lines()];
    const one = herd.subscribe(first.onEvent, { lines: true });
    using _ = herd.subscribe(second.onEvent, { lines: true });
    // What is asked of a server takes it a moment to heed.
    for (let n = 0; first.of(`kiwi${n - 1}`).length < 3; n++) {
      await tell(herd, "s0", `kiwi${n}`);
    }
    await tell(herd, "s0", "moa");
    const heard = await first.untilHeard("moa", 3);
    await second.untilHeard("moa", 3);
    const [made, sent, read] = ["s0", "s0", "s1"].map((server, i) =>
      heard.find((it) =>
        it.server === server && it.kind === (i === 1 ? "sent" : "delivery")
      )
    );
    assert(made?.kind === "delivery" && made.from === null && made.isNew);
    assert(sent?.kind === "sent" && sent.to === "s1" && sent.number! > 0);
    assert(read?.kind === "delivery" && read.from === "s0");
    assertEquals(
      [read.connection, read.number, read.line],
      [sent.connection, sent.number, sent.line],
    );
    assertEquals(first.of("before"), []);
    one[Symbol.dispose]();
    const count = first.events.length;
    // A server that is new records from when on it is up.
    await herd.restart("s1");
    for (let n = 0; second.of(`emu${n - 1}`).length < 3; n++) {
      await tell(herd, "s1", `emu${n}`);
    }
    assertEquals(first.events.length, count, "who is removed hears nothing");
  });
}

Deno.test("Herd.subscribe() tells each of very many lines once, and in order", async () => {
  const count = 30_000;
  await using herd = await Herd.start("line:2", { places: "none" });
  let numbers: number[] = [];
  const made = Promise.withResolvers<void>();
  using _ = herd.subscribe((event) => {
    if (event.kind !== "delivery" || event.server !== "s0") return;
    numbers.push(Number(event.line.split(" ")[5]));
    if (numbers.at(-1) === count) made.resolve();
  }, { lines: true });
  // Until the server is known to record.
  for (let n = 1; numbers.length === 0; n++) await tell(herd, "s0", `emu${n}`);
  numbers = [];
  using conn = await Deno.connect(herd.address("s0"));
  const lines = Array.from(
    { length: count },
    (_, i) => `IAMAT ${"k".repeat(600)} +34.0-118.0 ${i + 1}\n`,
  );
  const text = new TextEncoder().encode(lines.join(""));
  const send = async () => {
    for (let at = 0; at < text.length;) {
      at += await conn.write(text.subarray(at));
    }
    await conn.closeWrite();
  };
  const sending = send();
  const replies = new Uint8Array(65_536);
  while (await conn.read(replies) !== null);
  await sending;
  await made.promise;
  assertEquals(numbers.filter((it) => it <= count), lines.map((_, i) => i + 1));
});
