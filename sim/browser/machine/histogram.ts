/**
 * The HDR histogram, in its package's build for browsers.
 *
 * @module
 */
// @ts-types="hdr-histogram-js/dist/index.d.ts"
export { Float64Histogram } from "hdr-histogram-js/dist/hdrhistogram.umd.js";
