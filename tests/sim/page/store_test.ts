import { assert, assertEquals } from "@std/assert";
import { Recording } from "../../../sim/page/recording.ts";
import { Moment } from "../../../sim/page/snapshot.ts";
import { Store } from "../../../sim/page/store.ts";
import { batch, hop, server } from "./batches.ts";

Deno.test({
  name: "Recording.momentAt() is what folding all batches one by one gives",
  permissions: "none",
  fn() {
    const recording = new Recording("live");
    const one = new Moment();
    const whole: string[] = [];
    for (let id = 1; id <= 400; id++) {
      const next = batch(id, {
        servers: [server(`s${id % 7}`, { records: id })],
        flows: [{ from: "s1", to: "s2", lines: id % 3, bytes: 9 }],
        ...id % 50 === 0 && {
          faults: id % 100 === 0 ? [] : [{
            id: `f${id}`,
            fault: "cut",
            targets: ["s1-s2"],
            text: "cut",
            sinceMs: id * 100,
            touched: 0,
          }],
        },
      });
      recording.append(next);
      one.fold(next);
      whole.push(shown(one));
    }
    let cursor: { moment: Moment; count: number } | undefined;
    for (const count of [1, 400, 399, 149, 150, 151, 300, 2, 399, 400]) {
      const moment = recording.momentAt(count, cursor);
      cursor = { moment, count };
      assertEquals(shown(moment), whole[count - 1], `after ${count}`);
    }
  },
});

function shown(moment: Moment): string {
  const { servers, rates, faults, faultSpans, atMs, batch } = moment;
  return JSON.stringify([
    [...servers],
    [...rates],
    faults,
    faultSpans,
    atMs,
    batch,
  ]);
}

Deno.test({
  name: "Recording of a live herd forgets what is older than ten minutes",
  permissions: "none",
  fn() {
    const recording = new Recording("live");
    for (let id = 1; id <= 8_000; id++) {
      const servers = id === 1 ? [server("Ash", { records: 1 })] : [];
      recording.append(batch(id, { servers }));
    }
    const keptMs = recording.toMs - recording.fromMs;
    assert(keptMs >= 600_000 && keptMs < 620_000, `${keptMs}`);
    const first = recording.countAt(recording.fromMs);
    // What was told before is known of the first moment that is kept.
    assertEquals(recording.momentAt(first).servers.get("Ash")?.records, 1);
    assertEquals(recording.countAt(0), first);
    const file = new Recording("run", [batch(1), batch(90_000)]);
    assertEquals(file.fromMs, 100);
  },
});

Deno.test({
  name: "Moment tells when faults stood, and rates that die down",
  permissions: "none",
  fn() {
    const moment = new Moment();
    const fault = {
      id: "cut-1",
      fault: "cut",
      targets: ["Ash-Elm"],
      text: "cut",
      sinceMs: 150,
      touched: 0,
    };
    moment.fold(batch(1, { faults: [] }));
    moment.fold(batch(2, { faults: [fault] }));
    moment.fold(batch(3, { faults: [{ ...fault, touched: 4 }] }));
    moment.fold(batch(5, { faults: [] }));
    assertEquals(moment.faultSpans, [{
      id: "cut-1",
      fault: "cut",
      targets: ["Ash-Elm"],
      fromMs: 150,
      toMs: 500,
    }]);
    for (let id = 6; id < 60; id++) {
      const flows = [{ from: "Ash", to: "Elm", lines: 10, bytes: 1 }];
      moment.fold(batch(id, { flows }));
    }
    const rate = moment.rates.get("Ash>Elm")!;
    assert(Math.abs(rate - 100) < 1, `${rate} lines/s`);
    for (let id = 60; id < 160; id++) moment.fold(batch(id));
    assertEquals(moment.rates.size, 0);
  },
});

Deno.test({
  name: "Moment takes a hop that is told again for the same one",
  permissions: "none",
  fn() {
    const moment = new Moment();
    moment.fold(batch(1, { hops: [hop("Ash", "Elm", 50, { readMs: null })] }));
    moment.fold(batch(2, { hops: [hop("Ash", "Elm", 50)] }));
    assertEquals(moment.hops, [hop("Ash", "Elm", 50)]);
  },
});

Deno.test({
  name: "Store tells of changes once a frame, and not while the past is shown",
  permissions: "none",
  fn() {
    const store = new Store();
    const told: number[] = [];
    store.subscribe(({ batch }) => told.push(batch));
    store.append(batch(1));
    store.append(batch(2));
    store.append(batch(2));
    store.flush();
    store.flush();
    assertEquals(told, [2]);
    store.showAt(1);
    store.append(batch(3));
    store.flush();
    assertEquals(told, [2, 1]);
    assertEquals(store.current.batch, 1);
    store.show();
    store.flush();
    assertEquals(told, [2, 1, 3]);
    store.forget();
    store.append(batch(1));
    assertEquals(store.current.batch, 1);
  },
});
