import { parseScenario } from "./sim/model/scenario/parse.ts";
import { generateTopology } from "./sim/model/topology/generate.ts";
import { printProblems } from "./sim/model/problem.ts";
const G = (s: string) => generateTopology(s === "2014" ? "line:3" : s)!;
for (
  const s of [
    "topology:ring:3\nsteps:\n  - kill: s1\n",
    "steps:\n  - kill:s1\n",
    "steps:\n  -kill: s1\n",
    "steps:\n  -kill: s1\n  -kill: s2\n",
    "steps:\n  - kill: s1\n  -kill: s2\n",
    "steps:\n  - iamat: {client:kiwi, position: +1-1, to: s1}\n",
    "steps:\n  - iamat:\n      client:kiwi\n      position: +1-1\n      to: s1\n",
    "steps:\n  - wait:1s\n  - kill: s1\n",
    "steps:\n  -wait: 1s\n",
    "topology: line:3\nseed:5\nsteps:\n  - wait: 1s\n",
    "steps:\n  - wait: 1s\nchecks:\n  -lost == 0\n",
    "a: 1\n---\nb: 2\n",
  ]
) {
  console.log("-----\n" + s + ">>");
  console.log(printProblems(parseScenario(s, "a.yaml", G).problems, s));
}
const t0 = Date.now();
const many = "steps:\n" + "  - kil: s1\n".repeat(20000);
const p = parseScenario(many, "a.yaml", G).problems;
console.log(p.length, Date.now() - t0, "ms");
