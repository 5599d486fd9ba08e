import { assertEquals, assertThrows } from "@std/assert";
import { FakeTime } from "@std/testing/time";

Deno.test({
  name: "FakeTime moves time and timers only when told to",
  permissions: "none",
  fn() {
    const fired: number[] = [];
    {
      using time = new FakeTime(1_000);
      setTimeout(() => fired.push(Date.now()), 50);
      const never = setTimeout(() => fired.push(0), 60);
      const each = setInterval(() => fired.push(-Date.now()), 80);
      time.tick(49);
      assertEquals(fired, []);
      time.tick(1);
      assertEquals(fired, [1_050]);
      clearTimeout(never);
      time.tick(110);
      assertEquals(fired, [1_050, -1_080, -1_160]);
      clearInterval(each);
      time.tick(1_000);
      assertEquals(fired.length, 3);
      assertEquals(Date.now(), 2_160);
      assertThrows(() => new FakeTime(), Error, "already enabled");
    }
    assertEquals(Date.now() > 1_000_000, true);
  },
});
