/** What the `yaml` package asks for; a test that reads YAML needs no more. */
export const YAML_ENV: Deno.PermissionOptionsObject = {
  env: ["LOG_TOKENS", "LOG_STREAM"],
};
