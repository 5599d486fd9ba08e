/**
 * Prints the libraries of the live page as JSON, by the names that the page
 * requests. It is a separate program with its own lock file, so that starting a
 * herd downloads none of them.
 *
 * @module
 */
import dispatch from "d3-dispatch" with {
  type: "text",
};
import force from "d3-force" with { type: "text" };
import quadtree from "d3-quadtree" with {
  type: "text",
};
import timer from "d3-timer" with { type: "text" };
import topojson from "topojson-client/dist/topojson-client.min.js" with {
  type: "text",
};
import uplot from "uplot/dist/uPlot.iife.min.js" with { type: "text" };
import uplotStyle from "uplot/dist/uPlot.min.css" with { type: "text" };
import land from "world-atlas/land-110m.json" with { type: "json" };

const libraries: Readonly<Record<string, string>> = {
  "d3-force.js": [dispatch, quadtree, timer, force].join("\n"),
  "topojson.js": topojson,
  "uplot.js": uplot,
  "uplot.css": uplotStyle,
  "land.json": JSON.stringify(land),
};

console.log(JSON.stringify(libraries));
