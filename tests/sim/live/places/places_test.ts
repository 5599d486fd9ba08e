import { get as getByTls } from "node:https";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { readable } from "../../../../herd/core/bytes/bytes.ts";
import { httpClientFor } from "../../../../herd/net/places/http_client.ts";
import { PlacesLookup } from "../../../../herd/net/places/lookup.ts";
import { makeCertificate } from "../../../../sim/live/places/certificate.ts";
import {
  type EmbeddedPlaces,
  startPlaces,
} from "../../../../sim/live/places/places.ts";
import type { FindTowns } from "../../../../sim/live/places/nearby_search.ts";
import { PlacesService } from "../../../../sim/live/places/service.ts";
import type { Misbehaviour } from "../../../../sim/model/faults/misbehaviour.ts";

const PATH = "/maps/api/place/nearbysearch/json";
const UCLA = {
  position: "+34.068930-118.445127",
  radiusKm: "10",
  items: 20,
};

/** What of a body the tests look at. */
interface Body {
  readonly error_message?: string;
  readonly html_attributions: unknown[];
  readonly results: readonly {
    readonly name: string;
    readonly place_id: string;
    readonly vicinity: string;
    readonly geometry: {
      readonly location: { readonly lat: number; readonly lng: number };
    };
  }[];
  readonly status: string;
}

async function ask(base: string, query: string): Promise<Body> {
  const [status, body] = await get(`${base}${PATH}?${query}`);
  assertEquals(status, 200);
  return JSON.parse(body);
}

/** Status and body of what is at a URL on this machine. */
async function get(url: string): Promise<[status: number, body: string]> {
  using client = httpClientFor(new URL(url).origin, 0);
  const response = await fetch(url, { client });
  return [response.status, await response.text()];
}

function names(body: Body): string[] {
  return body.results.map(({ name }) => name);
}

function lookupAt(places: EmbeddedPlaces, backoffMs = 1) {
  const lookup = new PlacesLookup(denoPlatform, places, {
    tryMsMax: 60_000,
    totalMsMax: 60_000,
    backoffMs,
  });
  return Object.assign(lookup, { [Symbol.dispose]: () => lookup.close() });
}

Deno.test("startPlaces() serves real towns around UCLA, in Google's form", async () => {
  await using places = await startPlaces(denoPlatform);
  using lookup = lookupAt(places);
  const body = readable(await lookup.find(UCLA, {}));
  assert(
    body.startsWith('{\n   "html_attributions" : [],\n   "results" : [\n'),
  );
  const found: Body = JSON.parse(body);
  assertEquals(found.status, "OK");
  for (const town of ["Westwood", "Beverly Hills", "Santa Monica"]) {
    assert(names(found).includes(town), names(found).join());
  }
  const three: Body = JSON.parse(await lookup.find({ ...UCLA, items: 3 }, {}));
  assertEquals(three.results, found.results.slice(0, 3));
});

Deno.test("startPlaces() serves nothing farther away, and at most a page", async () => {
  await using places = await startPlaces({
    clock: denoPlatform.clock,
    key: "k",
  });
  const around = (location: string, radius: string) =>
    ask(places.base, `location=${location}&radius=${radius}&key=k`);

  assertEquals(names(await around("34.08334,-118.44869", "0")), ["Bel Air"]);
  assertEquals((await around("0,-140", "50000")).status, "ZERO_RESULTS");
  const tokyo = await around("35.68,139.76", "50000");
  assertEquals(tokyo.results.length, 20);
  assertEquals(names(tokyo)[0], "Tokyo");

  const wide = await around("34.06893,-118.445127", "9999999");
  const widest = await around("34.06893,-118.445127", "50000");
  assertEquals(wide, widest);
  // 39 km away, on the other side of the date line.
  const beyond = await around("66.32,179.99", "50000");
  assertEquals(names(beyond), ["Egvekinot"]);
});

Deno.test("startPlaces() puts towns that bear their division's name first", async () => {
  await using places = await startPlaces(denoPlatform);
  const body = await ask(
    places.base,
    "location=34.06893,-118.445127&radius=30000&key=embedded",
  );
  // Twenty towns lie nearer to the point than Los Angeles does.
  assertEquals(names(body).slice(0, 2), ["Los Angeles", "Bel Air"]);
  const ids = body.results.map((place) => place.place_id);
  assertEquals(new Set(ids).size, ids.length);
});

Deno.test("startPlaces() says what is wrong with a request, as Google does", async () => {
  await using places = await startPlaces({
    clock: denoPlatform.clock,
    key: "k",
  });
  const location = "location=34.06,-118.44";
  const table: [query: string, status: string][] = [
    [`${location}&radius=1`, "REQUEST_DENIED"],
    [`${location}&radius=1&key=`, "REQUEST_DENIED"],
    [`${location}&radius=1&key=other`, "REQUEST_DENIED"],
    [`${location}&key=k`, "INVALID_REQUEST"],
    ["radius=1&key=k", "INVALID_REQUEST"],
    [`${location}&radius=-1&key=k`, "INVALID_REQUEST"],
    [`${location}&radius=1e3&key=k`, "INVALID_REQUEST"],
    [`${location}&radius=&key=k`, "INVALID_REQUEST"],
    ["location=91,0&radius=1&key=k", "INVALID_REQUEST"],
    ["location=0,180.1&radius=1&key=k", "INVALID_REQUEST"],
    ["location=+34.06,0&radius=1&key=k", "INVALID_REQUEST"],
    ["location=34.06&radius=1&key=k", "INVALID_REQUEST"],
    ["location=1,2,3&radius=1&key=k", "INVALID_REQUEST"],
    ["location=nan,2&radius=1&key=k", "INVALID_REQUEST"],
  ];
  for (const [query, status] of table) {
    const body = await ask(places.base, query);
    assertEquals([body.status, body.results], [status, []], query);
    const why = String(body.error_message);
    if (status !== "INVALID_REQUEST") assertMatch(why, /API key/);
    else {
      const isOfRadius = query.startsWith(location);
      const given = new URLSearchParams(query).get(
        isOfRadius ? "radius" : "location",
      );
      assertEquals(
        why,
        `Invalid request. ${given ? "Invalid" : "Missing the"} '${
          isOfRadius ? "radius" : "location"
        }' parameter.`,
      );
    }
  }
  const [elsewhere] = await get(`${places.base}/maps`);
  assertEquals(elsewhere, 404);
});

Deno.test("EmbeddedPlaces.misbehave() makes lookups fail in every way, and well again", async () => {
  await using places = await startPlaces(denoPlatform);
  using lookup = lookupAt(places);
  const table: [Misbehaviour, string][] = [
    ["http-500", "answered HTTP 500"],
    ["http-503", "answered HTTP 503"],
    ["reset", "dropped the connection"],
    ["broken-json", "answered something that is not JSON"],
    ["deep-json", "answered JSON that is nested too deep"],
    ["too-large", "answered more than 4194304 bytes"],
  ];
  for (const [mode, why] of table) {
    await places.misbehave(mode);
    const body: Body = JSON.parse(await lookup.find(UCLA, {}));
    assertEquals(body.status, "UNKNOWN_ERROR");
    assertEquals(body.error_message, `The places service ${why}.`);
  }
  await places.misbehave("over-query-limit");
  const limited: Body = JSON.parse(await lookup.find(UCLA, {}));
  assertEquals(limited.status, "OVER_QUERY_LIMIT");

  await places.misbehave("many-results");
  const many: Body = JSON.parse(await lookup.find(UCLA, {}));
  assertEquals([many.status, many.results.length], ["OK", UCLA.items]);

  await places.misbehave("stall");
  using hasty = Object.assign(
    new PlacesLookup(denoPlatform, places, { tryMsMax: 100 }),
    {
      [Symbol.dispose]: () => hasty.close(),
    },
  );
  const stalled: Body = JSON.parse(await hasty.find(UCLA, {}));
  assertEquals(
    stalled.error_message,
    "The places service did not answer within 100 ms.",
  );

  await places.misbehave("none");
  const well: Body = JSON.parse(readable(await lookup.find(UCLA, {})));
  assertEquals(well.status, "OK");
});

Deno.test("EmbeddedPlaces.stop() has connections refused", async () => {
  const places = await startPlaces(denoPlatform);
  using lookup = lookupAt(places, 100);
  await lookup.find(UCLA, {});
  await places.stop();
  await places.stop();
  const body: Body = JSON.parse(await lookup.find(UCLA, {}));
  assertEquals(
    body.error_message,
    "The places service refused the connection.",
  );
  await assertRejects(
    () => places.misbehave("none"),
    Error,
    "The places service ended: it was stopped",
  );
});

Deno.test("PlacesService answers requests that came before the towns", async () => {
  const towns = Promise.withResolvers<Awaited<ReturnType<FindTowns>>>();
  await using service = await PlacesService.listen({
    key: "k",
    findTowns: (...asked) => {
      assertEquals(asked, [1, 2, 3, 20]);
      return towns.promise;
    },
  });
  // A refusal needs no towns. Its answer shows that the request before it,
  // which does, was not answered yet.
  let answered = false;
  const early = ask(service.base, "location=1,2&radius=3&key=k")
    .finally(() => answered = true);
  const denied = await ask(service.base, "location=1,2&radius=3");
  assertEquals([denied.status, answered], ["REQUEST_DENIED", false]);
  towns.resolve([{
    name: "Edge",
    latitude: 89.99,
    longitude: -179.99,
    country: "XX",
    divisions: [],
    id: "edge",
  }]);
  const body = await early;
  assertEquals(
    body.results,
    [{
      geometry: {
        location: { lat: 89.99, lng: -179.99 },
        viewport: {
          northeast: { lat: 90, lng: -179.9765 },
          southwest: { lat: 89.9765, lng: 179.9965 },
        },
      },
      name: "Edge",
      place_id: "edge",
      types: ["locality", "political"],
      vicinity: "XX",
    }] as unknown as Body["results"],
  );
});

Deno.test("PlacesService answers the newer search, with the fields and as many as were asked for", async () => {
  await using places = await startPlaces({ ...denoPlatform, isOpen: true });
  const url = `${places.base}/v1/places:searchNearby`;
  using client = httpClientFor(places.base, 0);
  const search = async (body: unknown, mask?: string) => {
    const response = await fetch(url, {
      client,
      method: "POST",
      body: JSON.stringify(body),
      ...mask !== undefined && { headers: { "X-Goog-FieldMask": mask } },
    });
    return [response.status, await response.json()] as const;
  };
  const circle = {
    center: { latitude: 34.06893, longitude: -118.445127 },
    radius: 10_000,
  };
  const asked = { maxResultCount: 2, locationRestriction: { circle } };
  const [status, { places: found }] = await search(
    asked,
    "places.displayName,places.location",
  );
  assertEquals(status, 200);
  assertEquals(found.length, 2);
  assertEquals(Object.keys(found[0]).sort(), ["displayName", "location"]);
  const far = { center: { latitude: 0, longitude: -140 }, radius: 10 };
  assertEquals(
    await search({ locationRestriction: { circle: far } }, "*"),
    [200, {}],
  );
  for (
    const [body, mask] of [
      [asked, undefined],
      [{}, "*"],
      [{ ...asked, maxResultCount: 21 }, "*"],
      [{ locationRestriction: { circle: { ...circle, radius: 0 } } }, "*"],
      [{ locationRestriction: { circle: { ...circle, radius: 50_001 } } }, "*"],
    ] as const
  ) {
    const [status, { error }] = await search(body, mask);
    assertEquals([status, error.status], [400, "INVALID_ARGUMENT"]);
  }
});

Deno.test("startPlaces() serves TLS with a certificate that is made for it", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const tls = await makeCertificate(["maps.googleapis.com"], folder, {
      subject: "places",
      isAuthority: true,
    });
    await using places = await startPlaces({
      ...denoPlatform,
      isOpen: true,
      tls: { cert: tls!.cert, key: tls!.key },
    });
    // As one who trusts it asks; the host's name is mapped to this machine.
    const body = Promise.withResolvers<string>();
    getByTls({
      host: "127.0.0.1",
      port: places.tlsPort,
      servername: "maps.googleapis.com",
      ca: tls!.cert,
      path: `${PATH}?location=34.06893,-118.445127&radius=10000`,
    }, async (response) => {
      let text = "";
      for await (const chunk of response.setEncoding("utf8")) text += chunk;
      body.resolve(text);
    }).on("error", body.reject);
    assertEquals(JSON.parse(await body.promise).status, "OK");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
