/**
 * A step of a drill, as the HTTP API is sent one: read, checked and complained
 * of as in a file.
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
 * A step of a kind, with fields as a file has them.
 *
 * @param before Steps without which a file could not have it.
 * @throws {RouteError} If it is none, or names what the herd does not have.
 */
export function oneStep(
  kind: string,
  fields: unknown,
  topology: Topology,
  before: readonly object[] = [],
): Step {
  // JSON is YAML, and numbers are read as they are written there.
  const text = JSON.stringify({ steps: [...before, { [kind]: fields }] });
  const { scenario, problems } = parseScenario(text, "step", () => topology);
  if (scenario === undefined || hasErrors(problems)) {
    const texts = problems.filter(({ severity }) => severity === "error")
      .map(({ message, hint }) => hint ? `${message}, ${hint}` : message);
    throw new RouteError(422, visible(texts.join("; ")));
  }
  return scenario.steps.at(-1)!;
}
