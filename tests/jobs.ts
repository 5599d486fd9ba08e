/**
 * Prints how many groups of tests are to run at a time: as many as there are
 * processors, and four at least, for live tests wait more than they compute.
 *
 * @module
 */
console.log(Math.max(4, navigator.hardwareConcurrency));
