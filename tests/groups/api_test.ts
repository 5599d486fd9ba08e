import { loadGroup } from "./load.ts";

await loadGroup(import.meta.url);
