import { assertEquals } from "@std/assert";
import { unless, whyNoProgram } from "../../../skipped.ts";

const PROGRAM = new URL("./stepped_herd.ts", import.meta.url);
const CONFIG = new URL("../../../../deno.json", import.meta.url);
/** Where Debian's package `faketime` has it. */
const LIBRARY = "/usr/$LIB/faketime/libfaketimeMT.so.1";
const DEADLINE_MS = 240_000;

Deno.test({
  // Nothing else sets the clock of one program; CI installs it.
  ...unless(
    whyNoProgram("faketime"),
    "Herd's threads agree on the time however the system's clock is set",
  ),
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const file = `${folder}/clock`;
      await Deno.writeTextFile(file, "+0\n");
      const { code, signal, stdout, stderr } = await new Deno.Command("env", {
        args: [
          `LD_PRELOAD=${LIBRARY}`,
          "FAKETIME_DONT_FAKE_MONOTONIC=1",
          "FAKETIME_NO_CACHE=1",
          `FAKETIME_TIMESTAMP_FILE=${file}`,
          Deno.execPath(),
          "run",
          "--no-check",
          "-A",
          `--config=${CONFIG.pathname}`,
          PROGRAM.pathname,
          file,
        ],
        signal: AbortSignal.timeout(DEADLINE_MS),
      }).output();
      const [out, errors] = [stdout, stderr]
        .map((bytes) => new TextDecoder().decode(bytes));
      const told = "all clocks agree\nthe herd has stopped\n";
      // It ends itself: nothing is left to be done by then.
      assertEquals(
        { out, signal },
        { out: told, signal: "SIGKILL" },
        `exit code ${code}\n${errors}`,
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
