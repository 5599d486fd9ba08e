import { assertEquals } from "@std/assert";

const SCRIPT = new URL(
  "../../../../sim/worlds/processes/guard.py",
  import.meta.url,
).pathname;

Deno.test("guard.py finds all processes of a chain, however long", async () => {
  // Its own lines without the last ones, which start a program.
  const { stdout, stderr } = await new Deno.Command("python3", {
    args: [
      "-c",
      `
import sys
path = sys.argv[1]
sys.argv = [path, '{"limits": {}}']
guard = {"__name__": "guard", "__file__": path}
exec(open(path).read().split("\\nmain()\\n")[0], guard)
guard["children"] = lambda pid: [pid + 1] if pid < 5000 else []
found = guard["descendants"](1)
guard["children"] = lambda pid: {1: [2, 3], 2: [4], 3: [5]}.get(pid, [])
print(len(found), found[-1], sorted(guard["descendants"](1)))
`,
      SCRIPT,
    ],
  }).output();
  const [told, errors] = [stdout, stderr]
    .map((bytes) => new TextDecoder().decode(bytes));
  assertEquals(told, "4999 5000 [2, 3, 4, 5]\n", errors);
});
