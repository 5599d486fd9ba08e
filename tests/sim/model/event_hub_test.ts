import { assertEquals } from "@std/assert";
import { EventHub } from "../../../sim/model/event_hub.ts";

/** A hub whose listeners' errors are kept. */
function hub() {
  const errors: unknown[] = [];
  return { hub: new EventHub<number>((it) => errors.push(it)), errors };
}

Deno.test({
  name: "EventHub.tell() tells all who listen, from when on they do",
  permissions: "none",
  fn() {
    const { hub: events, errors } = hub();
    const [first, second]: [number[], number[]] = [[], []];
    events.tell(0);
    events.subscribe((event) => first.push(event));
    events.tell(1);
    events.subscribe((event) => second.push(event));
    events.tell(2);
    assertEquals([first, second, errors], [[1, 2], [2], []]);
  },
});

Deno.test({
  name: "EventHub.tell() goes on to the others when a listener throws",
  permissions: "none",
  async fn() {
    const { hub: events, errors } = hub();
    const heard: number[] = [];
    events.subscribe(() => {
      throw new Error("thrown");
    });
    events.subscribe(() => Promise.reject(new Error("rejected")));
    events.subscribe((event) => heard.push(event));
    events.tell(1);
    events.tell(2);
    await Promise.resolve();
    assertEquals(heard, [1, 2]);
    assertEquals(
      errors.map((it) => (it as Error).message).sort(),
      ["rejected", "rejected", "thrown", "thrown"],
    );
  },
});

Deno.test({
  name: "EventHub.subscribe(): a listener that is removed hears nothing more",
  permissions: "none",
  fn() {
    const { hub: events } = hub();
    const heard: string[] = [];
    const listener = (event: number) => heard.push(`a${event}`);
    const one = events.subscribe(listener);
    events.subscribe((event) => {
      one[Symbol.dispose]();
      last[Symbol.dispose]();
      heard.push(`b${event}`);
    });
    const last = events.subscribe((event) => heard.push(`c${event}`));
    events.tell(1);
    events.tell(2);
    assertEquals(heard, ["a1", "b1", "b2"], "c is removed as 1 is told");
    // The same function may listen twice; each is removed by itself.
    const again = [events.subscribe(listener), events.subscribe(listener)];
    events.tell(3);
    again[0]![Symbol.dispose]();
    again[0]![Symbol.dispose]();
    events.tell(4);
    assertEquals(heard.slice(3), ["b3", "a3", "a3", "b4", "a4"]);
  },
});

Deno.test({
  name: "EventHub.tell() from a listener: all hear of the cause first",
  permissions: "none",
  fn() {
    const { hub: events } = hub();
    const heard: string[] = [];
    events.subscribe((event) => {
      if (event > 1) return;
      events.subscribe((event) => heard.push(`late${event}`));
      events.tell(2);
      events.tell(3);
    });
    events.subscribe((event) => heard.push(`x${event}`));
    events.tell(1);
    assertEquals(heard, ["x1", "x2", "late2", "x3", "late3"]);
  },
});
