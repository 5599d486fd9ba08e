/**
 * Builds a page that runs a herd in itself, as a folder for any web server.
 *
 * @module
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { inlineScript } from "../../model/report/html.ts";
import { browserModule } from "../report/browser_module.ts";
import { readPage } from "../report/report_page.ts";
import { townsFiles } from "../places/towns_files.ts";
import { Libraries } from "./libraries.ts";
import { playgroundPages } from "./pages.ts";

const ROOT = new URL("../../../", import.meta.url);
/** Folders whose YAML files are included. */
const CARRIED = ["topologies/", "sim/scenarios/"];

/** One in so many of the world's towns is included. */
const TOWNS_ONE_IN = 40;
/** Within so many degrees of the drills' position, all are. */
const AROUND_DEGREES = 0.7;
const DRILLS_AT = { latitude: 34.07, longitude: -118.44 };

/** All files, by their names in the folder. */
export async function playgroundFiles(): Promise<Record<string, string>> {
  const sources = await readPage(true);
  const policy = policyOf(hashed(inlineScript(sources)));
  const libraries = await new Libraries().all();
  return {
    ...playgroundPages(policy),
    "herd.js": await browserModule("playground_worker.ts"),
    "files.json": JSON.stringify(carriedFiles()),
    "towns.json": JSON.stringify(await fewTowns()),
    "report.json": JSON.stringify(sources),
    ...Object.fromEntries(
      Object.entries(libraries).map(([name, text]) => [`lib/${name}`, text]),
    ),
  };
}

/**
 * The content security policy: nothing is loaded from elsewhere. The only
 * inline script allowed is that of the reports which the page shows.
 */
function policyOf(script: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' blob: '${script}'`,
    "style-src 'self' 'unsafe-inline'",
    "worker-src 'self' blob:",
    "connect-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function hashed(text: string): string {
  const hash = sha256(new TextEncoder().encode(text));
  return `sha256-${new Uint8Array(hash).toBase64()}`;
}

function carriedFiles(): Record<string, string> {
  const files: Record<string, string> = {};
  for (const folder of CARRIED) {
    for (const { name } of Deno.readDirSync(new URL(folder, ROOT))) {
      if (!name.endsWith(".yaml")) continue;
      const url = new URL(folder + name, ROOT);
      files[`/${folder}${name}`] = Deno.readTextFileSync(url);
    }
  }
  return files;
}

/** A sample of the world's towns, and all near the drills' position. */
async function fewTowns() {
  const decoder = new TextDecoder();
  const files = await townsFiles();
  const [cities, admin1, admin2] = [files.cities, ...files.divisions]
    .map((bytes) => JSON.parse(decoder.decode(bytes.slice())));
  const few = (cities as { lat: string; lng: string }[]).filter(
    ({ lat, lng }, at) =>
      at % TOWNS_ONE_IN === 0 ||
      Math.abs(Number(lat) - DRILLS_AT.latitude) < AROUND_DEGREES &&
        Math.abs(Number(lng) - DRILLS_AT.longitude) < AROUND_DEGREES,
  ) as unknown as {
    country: string;
    admin1: string;
    admin2: string;
  }[];
  const named = new Set(few.flatMap(({ country, admin1, admin2 }) => [
    `${country}.${admin1}`,
    `${country}.${admin1}.${admin2}`,
  ]));
  const divisions = [admin1, admin2].map((all: { code: string }[]) =>
    JSON.stringify(all.filter(({ code }) => named.has(code)))
  );
  return { cities: JSON.stringify(few), divisions };
}
