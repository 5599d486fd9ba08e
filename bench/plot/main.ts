/**
 * Draws plots: reads their descriptions as a JSON array from standard input,
 * and writes an array of SVG texts in the same order.
 *
 * A program of its own, with its own dependencies, so that starting a herd does
 * not download them.
 *
 * @module
 */
import type { Plot } from "../report/results.ts";
import { plotSvg } from "./plot.ts";

const plots: Plot[] = await new Response(Deno.stdin.readable).json();
console.log(JSON.stringify(await Promise.all(plots.map(plotSvg))));
