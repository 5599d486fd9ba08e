/**
 * What axe-core finds wrong with a page.
 *
 * @module
 */
import axe from "axe-core/axe.min.js" with { type: "text" };
import { assertEquals } from "@std/assert";
import type { Page } from "playwright-core";

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly help: string;
  readonly nodes: readonly {
    readonly html: string;
    readonly target: string[];
  }[];
}

/** Nothing that axe-core calls serious or critical. */
export async function assertAccessible(page: Page, of: string): Promise<void> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(
    "axe.run(document, { resultTypes: ['violations'] })",
  ) as { violations: readonly Violation[] };
  const grave = violations.filter(({ impact }) =>
    impact === "serious" || impact === "critical"
  );
  const told = grave.map(({ id, help, nodes }) => ({
    of,
    id,
    help,
    where: nodes.slice(0, 4).map(({ target, html }) =>
      `${target.join(" ")}: ${html.slice(0, 200)}`
    ),
  }));
  assertEquals(told, []);
}
