/**
 * Lines that do not end, of many connections.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { HeldInput, type Holder } from "../../../herd/net/held_input.ts";
import { start, until, Wire } from "./support.ts";

const KIB = 1_024;

Deno.test("HeldInput has those give up that hold most, until there is room", () => {
  const given: string[] = [];
  const input = new HeldInput(100, () => given.push("full"));
  const holder = (name: string, unfinishedBytes: number): Holder => {
    const it = {
      unfinishedBytes,
      giveUp() {
        given.push(name);
        it.unfinishedBytes = 0;
        input.change(it, unfinishedBytes, 0);
      },
    };
    input.change(it, 0, unfinishedBytes);
    return it;
  };
  holder("little", 20);
  holder("most", 50);
  assert(!input.hasRoom(1), "Half of it is for lines");
  holder("much", 30);
  assertEquals(given, []);
  const last = holder("last", 40);
  assertEquals(given, ["full", "most"]);
  assertEquals(input.used, 90);
  input.change(last, 40, 5);
  assertEquals(input.used, 55);
});

Deno.test("HeldInput lets those be who hold no unfinished line", () => {
  const input = new HeldInput(100, () => assert(false));
  const idle = { unfinishedBytes: 0, giveUp: () => assert(false) };
  input.change(idle, 0, 200);
  assertEquals(input.used, 200);
});

Deno.test("Server closes those whose unfinished lines are longest, at inputTotalBytesMax", async () => {
  const limits = { inputTotalBytesMax: 512 * KIB };
  await using running = await start({ limits });
  const { port } = running.server;
  using other = await Wire.open(port);
  await other.send("IAMAT kiwi +34-118 ");
  using wires = new DisposableStack();
  let closed = 0;
  for (let i = 0; i < 30; i++) {
    const wire = wires.use(await Wire.open(port));
    wire.send("x".repeat(60 * KIB)).catch(() => {});
    wire.rest().catch(() => {}).finally(() => closed++);
  }
  await until("most of them to be closed", () => closed >= 20);
  assert((await other.ask("1")).startsWith("AT "), "Its line is short");
  wires.dispose();
  using wire = await Wire.open(port);
  const line = "y".repeat(60 * KIB);
  assertEquals(await wire.ask(line), `? ${line}`);
});
