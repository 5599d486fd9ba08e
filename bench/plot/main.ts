/**
 * Draws plots: their descriptions come as a JSON array by standard input, and
 * an array of SVG texts in the same order goes to standard output.
 *
 * A program of its own, with dependencies of its own: nobody who starts a herd
 * needs to download what draws.
 *
 * @module
 */
import type { Plot } from "../report/results.ts";
import { plotSvg } from "./plot.ts";

const plots: Plot[] = await new Response(Deno.stdin.readable).json();
console.log(JSON.stringify(await Promise.all(plots.map(plotSvg))));
