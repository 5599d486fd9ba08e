/**
 * Parses a step of a drill that was sent to the HTTP API, with the checks and
 * messages of files.
 *
 * @module
 */
import { visible } from "../../../herd/core/bytes/visible.ts";
import { hasErrors } from "../../model/problem.ts";
import { parseScenario } from "../../model/scenario/parse.ts";
import type { Step } from "../../model/scenario/scenario.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { RouteError } from "./route_error.ts";

/**
 * Parses a step of a kind.
 *
 * @param before Steps that a file would need before it.
 * @throws {RouteError} If it is invalid, or names what the herd does not have.
 */
export function oneStep(
  kind: string,
  fields: unknown,
  topology: Topology,
  before: readonly object[] = [],
): Step {
  // JSON is valid YAML, so numbers are read as they are in files.
  const text = JSON.stringify({ steps: [...before, { [kind]: fields }] });
  const { scenario, problems } = parseScenario(text, "step", () => topology);
  if (scenario === undefined || hasErrors(problems)) {
    const texts = problems.filter(({ severity }) => severity === "error")
      .map(({ message, hint }) => hint ? `${message}, ${hint}` : message);
    throw new RouteError(422, visible(texts.join("; ")));
  }
  return scenario.steps.at(-1)!;
}
