/** What the workbench writes in a user's folder: logs, and reports. */
export const OWN_FILES = [
  ...[".run", "Alford.jsonl", "Alford.jsonl.1"].map((name) =>
    `logs/2026-03-01T12-00-00Z/${name}`
  ),
  ...["history.jsonl", "report.html", "results.json", "servers.jsonl"].map(
    (name) => `runs/fuzz/2026-03-01T12-00-00Z-seed7/${name}`,
  ),
  "runs/index.html",
  "runs/junit.xml",
  "out/grades/amy.json",
  "out/submissions/amy.html",
  "out/index.html",
  "out/junit.xml",
];
