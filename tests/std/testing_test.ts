import { assertEquals, assertThrows } from "@std/assert";
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  it,
} from "@std/testing/bdd";
import { FakeTime, TimeError } from "@std/testing/time";

const order: string[] = [];

describe("describe()", () => {
  beforeAll(() => void order.push("all>"));
  beforeEach(() => void order.push("outer>"));
  afterEach(() => void order.push("<outer"));
  afterAll(() => void order.push("<all"));

  it("runs a test between its hooks", () => void order.push("first"));
  it.skip("skips what is to be skipped", () => void order.push("never"));
  describe("inside another", () => {
    beforeEach(() => void order.push("inner>"));
    afterEach(() => void order.push("<inner"));
    it("runs the outer hooks too", () => void order.push("second"));
  });
});

it("it() stands alone, and saw every hook in its order", () => {
  assertEquals(
    order.join(" "),
    "all> outer> first <outer outer> inner> second <inner <outer <all",
  );
});

Deno.test({
  name: "beforeEach() is an error outside a suite",
  permissions: "none",
  fn: () =>
    void assertThrows(() => beforeEach(() => {}), TypeError, "describe"),
});

Deno.test({
  name: "FakeTime moves time and timers only when told to",
  permissions: "none",
  async fn() {
    const fired: number[] = [];
    {
      using time = new FakeTime(1_000);
      setTimeout(() => fired.push(Date.now()), 50);
      setTimeout(() => fired.push(Date.now()), 200);
      time.tick(49);
      assertEquals(fired, []);
      time.tick(1);
      assertEquals(fired, [1_050]);
      assertEquals(time.next(), true);
      assertEquals(fired, [1_050, 1_200]);
      assertEquals(time.next(), false);
      Promise.resolve().then(() => setTimeout(() => fired.push(0), 5));
      await time.tickAsync(5);
      assertEquals(fired.at(-1), 0);
      assertEquals([time.start, time.now], [1_000, 1_205]);
      assertThrows(() => new FakeTime(), TimeError);
      assertThrows(() => time.now = 0, RangeError);
      setTimeout(() => setTimeout(() => fired.push(2), 10), 10);
      time.runAll();
      assertEquals(fired.at(-1), 2);
    }
    assertEquals(Date.now() > 1_000_000, true);
    assertThrows(() => FakeTime.restore(), TimeError);
  },
});
