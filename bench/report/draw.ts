/**
 * Draws plots in a separate program (`bench/plot/`).
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import type { Plot } from "./results.ts";

const PLOT = new URL("../plot/", import.meta.url);

/**
 * The SVG texts of plots, in order.
 *
 * @throws {Error} If they can't be drawn, with Deno's message.
 */
export async function draw(plots: readonly Plot[]): Promise<string[]> {
  if (plots.length === 0) return [];
  const command = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--config",
      fileURLToPath(new URL("deno.json", PLOT)),
      fileURLToPath(new URL("main.ts", PLOT)),
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  });
  await using drawing = command.spawn();
  const writer = drawing.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify(plots)));
  await writer.close();
  const { success, stdout, stderr } = await drawing.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!success) throw new Error(`Cannot draw plots: ${text(stderr)}`);
  return JSON.parse(text(stdout));
}
