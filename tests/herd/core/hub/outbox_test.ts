import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Outbox } from "../../../../herd/core/hub/outbox.ts";
import { Store } from "../../../../herd/core/store/store.ts";
import { type FixSpan, lineText } from "../../../../herd/core/wire/fix.ts";
import { Line } from "../../../../herd/core/wire/line.ts";
import { parseAtLine } from "../../../../herd/core/wire/message.ts";

const permissions = "none";

function fixOf(server: string, client: string, time: number): FixSpan {
  return parseAtLine(`AT ${server} +0.100000000 ${client} +1-1 ${time}`)!;
}

/** A gateway, without the server around it. */
class Gateway {
  readonly store = new Store(7);
  readonly outbox: Outbox;
  /** What the hub has still to tell it, in order. */
  coming: Kept[] = [];
  length = 0;
  isCaughtUp = false;

  constructor(readonly herd: readonly string[]) {
    this.outbox = new Outbox(this.store, herd, (fix) => this.hear(fix));
  }

  readonly hear = (fix: FixSpan): boolean => {
    const client = this.store.merge(fix);
    if (client >= 0) this.outbox.add(client);
    return client >= 0;
  };

  lines(): string[] {
    return Array.from(
      { length: this.store.count },
      (_, client) => lineText(this.store.fix(client)),
    ).sort();
  }
}

interface Kept {
  readonly subject: string;
  readonly line: string;
  readonly sequence: number;
}

/** A hub that keeps the last of each subject, and forgets when it is told to. */
class FakeHub {
  readonly #gateways: readonly Gateway[];
  #kept = new Map<string, Kept>();
  #ids = new Map<string, number>();
  #sequence = 0;
  published = 0;

  constructor(gateways: readonly Gateway[]) {
    this.#gateways = gateways;
    for (const gateway of gateways) this.connect(gateway);
  }

  get subjects(): ReadonlyMap<string, Kept> {
    return this.#kept;
  }

  connect(gateway: Gateway): void {
    gateway.outbox.begin();
    gateway.coming = [...this.#kept.values()];
    gateway.length = this.#sequence;
    gateway.isCaughtUp = false;
    this.#look(gateway);
  }

  /** All is lost, and who is connected notices. */
  lose(): void {
    this.#kept = new Map();
    this.#ids = new Map();
    this.#sequence = 0;
    for (const gateway of this.#gateways) this.connect(gateway);
  }

  #look(gateway: Gateway): void {
    if (gateway.isCaughtUp || gateway.coming.length > 0) return;
    gateway.isCaughtUp = true;
    gateway.outbox.caughtUp(gateway.length);
  }

  /** Takes one publication of a gateway; whether there was one. */
  publish(gateway: Gateway, fate: "stored" | "unheard" | "lost"): boolean {
    const publication = gateway.outbox.next();
    if (publication === undefined) return false;
    if (fate === "lost") {
      gateway.outbox.failed(publication);
      return true;
    }
    const { id, origin, name } = publication;
    const line = lineText(publication.fix);
    const sequence = this.#ids.get(id) ??
      this.#store(`${origin} ${name}`, line, id);
    if (fate === "unheard") gateway.outbox.failed(publication);
    else assert(gateway.outbox.acknowledged(publication, sequence));
    return true;
  }

  #store(subject: string, line: string, id: string): number {
    this.published++;
    const sequence = ++this.#sequence;
    this.#ids.set(id, sequence);
    const kept = { subject, line, sequence };
    this.#kept.delete(subject);
    this.#kept.set(subject, kept);
    for (const gateway of this.#gateways) gateway.coming.push(kept);
    return sequence;
  }

  /** Has a gateway read one message; whether there was one. */
  deliver(gateway: Gateway): boolean {
    const message = gateway.coming.shift();
    if (message === undefined) return false;
    gateway.outbox.read(Line.of(message.line), message.sequence);
    this.#look(gateway);
    return true;
  }
}

const HERDS = [["A", "B"], ["C", "D"]];

function begin() {
  const gateways = HERDS.flatMap((herd) => [
    new Gateway(herd),
    new Gateway(herd),
  ]);
  return { gateways, hub: new FakeHub(gateways) };
}

/** Lets all go on until nothing is under way. */
function settle(hub: FakeHub, gateways: readonly Gateway[]): void {
  for (let round = 0; round < 4; round++) {
    for (let isBusy = true; isBusy;) {
      isBusy = false;
      for (const gateway of gateways) {
        while (hub.publish(gateway, "stored")) isBusy = true;
        while (hub.deliver(gateway)) isBusy = true;
      }
    }
    for (const { outbox } of gateways) outbox.putBackOthers();
  }
}

const choice = fc.nat({ max: 3 });
const event = fc.oneof(
  fc.record({
    kind: fc.constant("tell" as const),
    gateway: choice,
    server: fc.nat({ max: 1 }),
    client: fc.nat({ max: 2 }),
    time: fc.nat({ max: 9 }),
  }),
  fc.record({
    kind: fc.constant("publish" as const),
    gateway: choice,
    fate: fc.constantFrom("stored", "unheard", "lost"),
  }),
  fc.record({
    kind: fc.constantFrom("deliver", "connect", "forget", "gossip"),
    gateway: choice,
  }),
  fc.record({ kind: fc.constant("lose" as const) }),
);

Deno.test({
  name:
    "Outbox has all herds end equal, and the hub hold it all, whatever is " +
    "lost on the way and whatever the hub forgets",
  permissions,
  fn() {
    fc.assert(fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const { gateways, hub } = begin();
      const told = new Store(7);
      for (const event of events) {
        if (event.kind === "lose") {
          hub.lose();
          continue;
        }
        const gateway = gateways[event.gateway]!;
        const other = gateways[event.gateway ^ 1]!;
        switch (event.kind) {
          case "tell": {
            const server = gateway.herd[event.server]!;
            const fix = fixOf(server, `k${event.client}`, event.time);
            gateway.hear(fix);
            told.merge(fix);
            break;
          }
          case "publish":
            hub.publish(gateway, event.fate);
            break;
          case "deliver":
            hub.deliver(gateway);
            break;
          case "connect":
            hub.connect(gateway);
            break;
          case "gossip":
            for (const line of gateway.lines()) other.hear(parseAtLine(line)!);
            break;
        }
      }
      for (const gateway of gateways) hub.connect(gateway);
      settle(hub, gateways);
      const wanted = Array.from(
        { length: told.count },
        (_, client) => lineText(told.fix(client)),
      ).sort();
      for (const gateway of gateways) assertEquals(gateway.lines(), wanted);
      const kept = new Set([...hub.subjects.values()].map(({ line }) => line));
      for (const line of wanted) assert(kept.has(line), `${line} is not kept`);
    }));
  },
});

Deno.test({
  name:
    "Outbox tells a fix once, though two gateways hold it and read it again",
  permissions,
  fn() {
    const { gateways, hub } = begin();
    const fix = fixOf("A", "kiwi", 5);
    gateways[0]!.hear(fix);
    gateways[1]!.hear(fix);
    settle(hub, gateways);
    assertEquals(hub.published, 1);
    for (const { outbox, store } of gateways) {
      assertEquals(store.count, 1);
      assertEquals(outbox.stats.putBack, 0);
    }
  },
});

Deno.test({
  name: "Outbox.read() puts back what an older fix was written over",
  permissions,
  fn() {
    const { gateways: [first, second], gateways, hub } = begin();
    second!.hear(fixOf("A", "kiwi", 5));
    first!.hear(fixOf("A", "kiwi", 6));
    while (hub.publish(first!, "stored"));
    while (hub.publish(second!, "stored"));
    assertEquals([...hub.subjects.values()].map(({ line }) => line), [
      "AT A +0.100000000 kiwi +1-1 5",
    ]);
    settle(hub, gateways);
    assertEquals([...hub.subjects.values()].map(({ line }) => line), [
      "AT A +0.100000000 kiwi +1-1 6",
    ]);
    assertEquals(hub.published, 3);
  },
});

Deno.test({
  name: "Outbox.next() tells nothing before all is read that the hub has",
  permissions,
  fn() {
    // Two herds with a server of the same name; one of them is gone for good.
    const gone = new Gateway(["A"]);
    const gateway = new Gateway(["A"]);
    const hub = new FakeHub([gone, gateway]);
    gone.hear(fixOf("A", "kiwi", 6));
    assert(hub.publish(gone, "stored"));
    gateway.hear(fixOf("A", "kiwi", 5));
    hub.connect(gateway);
    assert(!hub.publish(gateway, "stored"));
    settle(hub, [gateway]);
    const newest = ["AT A +0.100000000 kiwi +1-1 6"];
    assertEquals([...hub.subjects.values()].map(({ line }) => line), newest);
    assertEquals(gateway.lines(), newest);
    assertEquals(gateway.outbox.stats.merged, 1);
  },
});

Deno.test({
  name:
    "Outbox.caughtUp() puts back what this herd heard, and of other herds " +
    "only what is still lacking later",
  permissions,
  fn() {
    const { gateways: [gateway], hub } = begin();
    gateway!.hear(fixOf("A", "kiwi", 5));
    gateway!.hear(fixOf("C", "plum", 5));
    while (hub.publish(gateway!, "stored"));
    assertEquals([...hub.subjects.keys()], ["A kiwi"]);
    gateway!.outbox.putBackOthers();
    while (hub.publish(gateway!, "stored"));
    assertEquals([...hub.subjects.keys()], ["A kiwi"]);
    gateway!.outbox.putBackOthers();
    while (hub.publish(gateway!, "stored"));
    assertEquals([...hub.subjects.keys()], ["A kiwi", "C plum"]);
  },
});

Deno.test({
  name: "Outbox.acknowledged() notices a stream that has begun anew",
  permissions,
  fn() {
    const gateway = new Gateway(["A"]);
    gateway.outbox.begin();
    gateway.hear(fixOf("A", "kiwi", 5));
    gateway.outbox.caughtUp(12);
    const publication = gateway.outbox.next()!;
    assertEquals(publication.after, 12);
    assertEquals(
      gateway.outbox.acknowledged(publication, 3),
      false,
    );
    assertEquals(
      gateway.outbox.acknowledged(publication, 13),
      true,
    );
    assertEquals(gateway.outbox.size, 0);
  },
});

Deno.test({
  name: "Outbox.read() counts what is no AT line, and takes nothing from it",
  permissions,
  fn() {
    const { outbox } = new Gateway(["A"]);
    outbox.read(Line.of("AT Ash 5"), 1);
    assertEquals(outbox.stats, {
      published: 0,
      read: 1,
      merged: 0,
      putBack: 0,
      bad: 1,
    });
  },
});

/** A gateway that the hub has told all, which was nothing. */
function alone(): Gateway {
  const gateway = new Gateway(["A"]);
  gateway.outbox.begin();
  gateway.outbox.caughtUp(0);
  return gateway;
}

function lineOf(server: string, client: string, time: number): Line {
  return Line.of(lineText(fixOf(server, client, time)));
}

Deno.test({
  name: "Outbox.read() tells the newer fix again, by another ID, at once",
  permissions,
  fn() {
    const { outbox, hear } = alone();
    hear(fixOf("A", "kiwi", 6));
    const first = outbox.next()!;
    assert(outbox.acknowledged(first, 1));
    outbox.read(lineOf("A", "kiwi", 5), 2);
    const again = outbox.next()!;
    assertEquals(again.id, `${first.id}@2`);
    assert(outbox.acknowledged(again, 3));
    assertEquals(outbox.next(), undefined);
    outbox.read(lineOf("A", "kiwi", 5), 2);
    assertEquals(outbox.next(), undefined, "that was before");
    outbox.read(lineOf("C", "kiwi", 4), 4);
    assertEquals(outbox.next(), undefined, "that has a subject of its own");
  },
});

Deno.test({
  name: "Outbox.acknowledged() tells again what an older fix was written over",
  permissions,
  fn() {
    const { outbox, hear } = alone();
    hear(fixOf("A", "kiwi", 6));
    const first = outbox.next()!;
    outbox.read(lineOf("A", "kiwi", 5), 2);
    assertEquals(outbox.next(), undefined, "it is on its way");
    assert(outbox.acknowledged(first, 1));
    assertEquals(outbox.next()?.id, `${first.id}@2`);
  },
});

Deno.test({
  name: "Outbox.failed() tells the same again by the same ID, or what is newer",
  permissions,
  fn() {
    const { outbox, hear } = alone();
    hear(fixOf("A", "kiwi", 6));
    const first = outbox.next()!;
    outbox.failed(first);
    assertEquals(outbox.next(), first);
    outbox.failed(first);
    hear(fixOf("A", "kiwi", 7));
    const newer = outbox.next()!;
    assertEquals(lineText(newer.fix).endsWith(" 7"), true);
    assertEquals(outbox.next(), undefined);
    outbox.read(lineOf("A", "kiwi", 7), 9);
    outbox.failed(newer);
    assertEquals(outbox.next(), undefined, "it was stored all the same");
  },
});
