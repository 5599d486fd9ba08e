import { assertEquals } from "@std/assert";
import { unless, whyNoProgram } from "../../../skipped.ts";

const SCRIPT = new URL(
  "../../../../sim/worlds/processes/listed.py",
  import.meta.url,
).pathname;

Deno.test({
  ...unless(
    whyNoProgram("lsof"),
    "listed.py names the ports of a process group, as far as they are listened on",
  ),
  async fn() {
    const server = new Deno.Command("python3", {
      args: [
        "-c",
        `
import os, socket, time
os.setsid()
bound = socket.socket()
bound.bind(("127.0.0.1", 0))
listeners = [socket.create_server((host, 0)) for host in ("127.0.0.1", "")]
if os.fork() > 0:
    listeners.pop().close()
# At once: print() may write a word at a time, and both have one pipe.
words = [os.getpgrp(), *(it.getsockname()[1] for it in listeners)]
os.write(1, (" ".join(map(str, words)) + "\\n").encode())
time.sleep(600)
`,
      ],
      stdout: "piped",
    }).spawn();
    try {
      let told = "";
      const decoder = new TextDecoder();
      for await (const chunk of server.stdout) {
        told += decoder.decode(chunk);
        if (told.split("\n").length > 2) break;
      }
      const [group = "", ...ports] = told.split("\n")
        .map((line) => line.split(" ")).sort((a, b) => b.length - a.length)[0]!;
      const { stdout } = await new Deno.Command("python3", {
        args: ["-B", SCRIPT, group],
      }).output();
      assertEquals(
        new TextDecoder().decode(stdout).trim().split(" ").sort(),
        ports.sort(),
      );
    } finally {
      // It leads the group; whoever is left of it would be waited for.
      Deno.kill(-server.pid, "SIGKILL");
      await server.status;
    }
  },
});
