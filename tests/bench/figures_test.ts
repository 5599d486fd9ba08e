import { assertEquals } from "@std/assert";
import { latencyColumns } from "../../bench/report/columns.ts";
import {
  figuresTable,
  isMet,
  median,
  verdictText,
} from "../../bench/report/figures.ts";
import type { Figure } from "../../bench/report/results.ts";
import { pure } from "../herd/core/pure.ts";

const FIGURE: Figure = {
  what: "p99",
  measured: 4,
  target: 5,
  bound: "at most",
  unit: "ms",
  digits: 1,
};

pure("isMet() takes the target itself as met, whichever the bound", () => {
  assertEquals(isMet({ ...FIGURE, measured: 5 }), true);
  assertEquals(isMet({ ...FIGURE, measured: 5.1 }), false);
  const least = { ...FIGURE, bound: "at least" } as const;
  assertEquals(isMet({ ...least, measured: 5 }), true);
  assertEquals(isMet({ ...least, measured: 4.9 }), false);
  assertEquals(isMet({ ...FIGURE, measured: null }), undefined);
});

pure("verdictText() tells by how much of the target", () => {
  assertEquals(verdictText(FIGURE), "met by 20 %");
  assertEquals(verdictText({ ...FIGURE, measured: 6 }), "missed by 20 %");
  assertEquals(verdictText({ ...FIGURE, measured: null }), "not measured");
  assertEquals(
    verdictText({ ...FIGURE, measured: 2, target: 0 }),
    "missed by 2.0",
  );
});

pure("figuresTable() writes values with their unit", () => {
  const [row] = figuresTable([FIGURE]).rows;
  assertEquals(row, {
    what: "p99",
    measured: "4.0 ms",
    target: "at most 5.0 ms",
    verdict: "met by 20 %",
  });
});

pure("figuresTable() holds a figure without a target against nothing", () => {
  const figure = { ...FIGURE, target: null };
  assertEquals(isMet(figure), undefined);
  const [row] = figuresTable([figure]).rows;
  assertEquals(row, {
    what: "p99",
    measured: "4.0 ms",
    target: "–",
    verdict: "–",
  });
});

pure("median() is the middle one, or the mean of two", () => {
  assertEquals(median([3, 1, 2]), 2);
  assertEquals(median([4, 1, 2, 3]), 2.5);
});

pure("latencyColumns() tell of how many values percentiles are", () => {
  assertEquals(latencyColumns(["p50", "max"]).map(({ title }) => title), [
    "samples",
    "p50 ms",
    "max ms",
  ]);
});
