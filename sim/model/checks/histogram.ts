/**
 * The histogram of HDR, and nothing else of its package: to load that as a whole
 * takes longer than all other modules of a check.
 *
 * @module
 */
import module from "hdr-histogram-js/dist/Float64Histogram.js";

/** Counts values, and keeps three digits of each. */
export const Float64Histogram: typeof module.default = module.default;
