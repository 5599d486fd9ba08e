/**
 * Prints how many groups of tests are to run at a time: as many as there are
 * processors, and three at least, for live tests wait more than they compute.
 *
 * @module
 */
console.log(Math.max(3, navigator.hardwareConcurrency));
