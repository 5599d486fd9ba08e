import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  bytesOf,
  type ByteString,
  byteString,
  readable,
  utf8,
} from "../../../../herd/core/bytes/bytes.ts";
import {
  type BadPlaces,
  failedPlacesText,
  metresOf,
  parsePlaces as parseInSlices,
  placesText,
} from "../../../../herd/net/places/places.ts";
import {
  googleJson,
  googlePieces,
} from "../../../../herd/net/places/google_json.ts";
import type { Json } from "../../../../herd/net/places/json.ts";
import { whole } from "../../../../herd/net/slices.ts";

/** The body as Google prints it, some of it cut out. */
const GOOGLE = utf8(`{
   "html_attributions" : [],
   "next_page_token" : "CpQCAgEAAFxg8o",
   "results" : [
      {
         "geometry" : {
            "location" : {
               "lat" : -33.8709433,
               "lng" : 151.19038999999998765
            }
         },
         "name" : "Café \\"Zoë\\" \u2603",
         "opening_hours" : {},
         "types" : [ "restaurant", "food", "establishment" ]
      },
      {
         "name" : "Rhythmboat Cruises"
      },
      {
         "name" : "Private Charter"
      }
   ],
   "status" : "OK"
}`);

const CUT_TO_ONE = GOOGLE.replace(
  /,\n {6}\{\n {9}"name" : "Rhyth[^]*"Private Charter"\n {6}\}/,
  "",
);

const parsePlaces = (body: ByteString) => whole(parseInSlices(bytesOf(body)));
const googleText = (value: Json) => whole(googleJson(value));

function cut(body: ByteString, itemsMax: number): ByteString {
  const parsed = parsePlaces(body);
  assert(parsed.ok);
  return whole(placesText(parsed.places, itemsMax));
}

Deno.test({
  name: "placesText() passes a body's bytes as they came if nothing is cut",
  permissions: "none",
  fn() {
    const bodies = [
      GOOGLE,
      '{"results": [ 1,2 ,3], "status":"OK" , "rating": 4.0}',
      '{"results":"none"}',
      '{"results":{"0":1}}',
      "{}",
      utf8('{"n":"é"}').replace("\xa9", "\xff"),
      '{\n   "error_message" : "The provided API key is invalid.",\n' +
      '   "results" : [],\n   "status" : "REQUEST_DENIED"\n}',
    ];
    for (const body of bodies) assertEquals(cut(body, 3), body);
  },
});

Deno.test({
  name: "placesText() cuts results and prints the rest in Google's form",
  permissions: "none",
  fn() {
    assert(CUT_TO_ONE.length < GOOGLE.length);
    assertEquals(cut(GOOGLE, 1), CUT_TO_ONE);
  },
});

Deno.test({
  name: "placesText() prints a compact body in Google's form when it is cut",
  permissions: "none",
  fn() {
    const compact = '{"results": [{"id":12345678901234567890},{"id":2}], ' +
      '"status": "OK"}\n';
    assertEquals(
      cut(compact, 1),
      '{\n   "results" : [\n      {\n         "id" : 12345678901234567890\n' +
        '      }\n   ],\n   "status" : "OK"\n}',
    );
    assertEquals(
      cut(compact, 0),
      '{\n   "results" : [],\n   "status" : "OK"\n}',
    );
  },
});

Deno.test({
  name: "placesText() keeps members named as an object's own machinery",
  permissions: "none",
  fn() {
    assertEquals(
      cut('{"__proto__": {"a": 1}, "constructor": 2, "results": [3]}', 0),
      '{\n   "__proto__" : {\n      "a" : 1\n   },\n   "constructor" : 2,\n' +
        '   "results" : []\n}',
    );
  },
});

Deno.test({
  name: "placesText() makes a run of newlines one and leaves none at the ends",
  permissions: "none",
  fn() {
    const table: [ByteString, ByteString][] = [
      ["{}\n", "{}"],
      ["{}\r\n\r\n", "{}"],
      ["\n\n{}", "{}"],
      ["{\n\n\n}", "{\n}"],
      ["{\r\n}", "{\n}"],
      ["{\r\n\r\n}\r", "{\n}"],
      ["{\n\r}", "{\n}"],
      ["{\r\r\n}", "{\n}"],
      ["{\n \n}", "{\n \n}"],
      ["{\r}", "{\r}"],
      ['{"a":"\\n\\n"}', '{"a":"\\n\\n"}'],
    ];
    for (const [body, text] of table) {
      assertEquals(cut(body, 20), text, JSON.stringify(body));
    }
  },
});

Deno.test({
  name: "parsePlaces() reads no more results than tell that some are to be cut",
  permissions: "none",
  fn() {
    // What ends an array in a text of which nothing else is looked at.
    const others = '{"a]": ["\\"]", {"b}": []}, -1.5e3, null]}, ';
    for (const count of [20, 21, 22, 500]) {
      const items = Array.from({ length: count }, (_, i) => `[${i}]`);
      const more = count > 21 ? others.repeat(50) + "0" : "0";
      const body = `{"results": [${items}, ${more}], "status": "OK"}`;
      const parsed = parsePlaces(body);
      assert(parsed.ok);
      assertEquals(parsed.places.status, "OK");
      const { results, status } = JSON.parse(cut(body, 20));
      assertEquals([results.length, results.at(-1), status], [20, [19], "OK"]);
      const read = parsed.places.content.get("results");
      assert(Array.isArray(read) && read.length === 21, `${count}`);
    }
  },
});

Deno.test({
  name: "parsePlaces() tells of what is wrong in results that it passes over",
  permissions: "none",
  fn() {
    const head = `{"results": [${"0,".repeat(25)}`;
    const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
    const table: [ByteString, BadPlaces][] = [
      [`${head}0`, "not-json"],
      [`${head}{"a": [}]}`, "not-json"],
      [`${head}0}]`, "not-json"],
      [`${head}"]}`, "not-json"],
      [`${head}${deep(63)}]}`, "too-deep"],
    ];
    for (const [body, why] of table) {
      assertEquals(parsePlaces(body), { ok: false, why }, body.slice(50));
    }
    assert(parsePlaces(`${head}${deep(62)}]}`).ok);
  },
});

Deno.test({
  name:
    "parsePlaces() and placesText() let others have a turn, whatever the body",
  permissions: "none",
  fn() {
    const head = `"results": [${"0,".repeat(20)}0`;
    const numbers = "1,".repeat(200_000);
    const members = Array.from({ length: 50_000 }, (_, i) => `"k${i}":0`);
    const bodies = [
      `{${head},${numbers}0]}`,
      `{${head}],"x":[${numbers}0]}`,
      `{${head}],${members}}`,
      `{${head},{${members}}]}`,
      `{${head},"${'\\"'.repeat(200_000)}"]}`,
      `{${head},${"[[[]]],".repeat(60_000)}0]}`,
    ];
    for (const body of bodies) {
      const reading = parseInSlices(bytesOf(body));
      let turns = 0;
      let step = reading.next();
      for (; !step.done; step = reading.next()) turns++;
      // The same text is gone through twice: to read it, and for its newlines.
      assert(turns >= body.length / 70_000, `${turns}: ${body.slice(40, 80)}`);
      const parsed = step.value;
      assert(parsed.ok);
      const cutting = placesText(parsed.places, 20);
      let text = cutting.next();
      for (turns = 0; !text.done; text = cutting.next()) turns++;
      assert(turns >= text.value.length / 300_000, `${turns}`);
    }
  },
});

Deno.test({
  name: "parsePlaces() names what is no body of a places service",
  permissions: "none",
  fn() {
    const table: [ByteString, BadPlaces][] = [
      ["", "not-json"],
      ["<html>502</html>", "not-json"],
      ['{"results": [', "not-json"],
      ["\xff\xfe", "not-json"],
      ["[]", "not-an-object"],
      ["null", "not-an-object"],
      ["12", "not-an-object"],
      ['"OK"', "not-an-object"],
      [`{"a":${"[".repeat(70)}1${"]".repeat(70)}}`, "too-deep"],
      [`{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`, "too-deep"],
    ];
    for (const [body, why] of table) {
      assertEquals(parsePlaces(body), { ok: false, why }, body.slice(0, 40));
    }
  },
});

Deno.test({
  name: "parsePlaces() tells the status, if there is one",
  permissions: "none",
  fn() {
    const status = (body: ByteString) => {
      const parsed = parsePlaces(body);
      return parsed.ok && parsed.places.status;
    };
    assertEquals(status('{"status" : "ZERO_RESULTS"}'), "ZERO_RESULTS");
    assertEquals(status('{"status" : 200}'), undefined);
    assertEquals(status("{}"), undefined);
  },
});

Deno.test({
  name: "parsePlaces() throws at no bytes",
  permissions: "none",
  fn() {
    const bytes = fc.uint8Array({ maxLength: 200 }).map(byteString);
    fc.assert(fc.property(bytes, (body) => {
      parsePlaces(body);
    }));
  },
});

Deno.test({
  name: "placesText() gives JSON of the same content, without empty lines",
  permissions: "none",
  fn() {
    const body = fc.record({ results: fc.array(fc.jsonValue()) });
    fc.assert(fc.property(body, fc.nat(5), (content, itemsMax) => {
      const text = cut(utf8(JSON.stringify(content, null, "\n")), itemsMax);
      assert(!text.includes("\n\n") && !text.endsWith("\n"));
      assertEquals(
        JSON.parse(readable(text)),
        JSON.parse(
          JSON.stringify({ results: content.results.slice(0, itemsMax) }),
        ),
      );
    }));
  },
});

Deno.test({
  name: "googlePieces() makes no long text, however it is nested",
  permissions: "none",
  fn() {
    const rows = Array.from({ length: 5_000 }, (_, at) => ({ at, is: [at] }));
    const nested = { results: [{ near: rows }, { near: rows, far: [[rows]] }] };
    const pieces = whole(googlePieces(nested));
    const longest = Math.max(...pieces.map(({ length }) => length));
    assert(longest < 200_000, `${longest} characters`);
    const text = pieces.join("");
    assert(text === googleText(nested));
    assert(JSON.stringify(JSON.parse(text)) === JSON.stringify(nested));
  },
});

Deno.test({
  name: "googleJson() puts a list on one line only if it is plain and short",
  permissions: "none",
  fn() {
    assertEquals(googleText([]), "[]");
    assertEquals(googleText({}), "{}");
    assertEquals(
      googleText([1, "a", null, {}, []]),
      '[ 1, "a", null, {}, [] ]',
    );
    assertEquals(googleText([[1]]), "[\n   [ 1 ]\n]");
    const long = "x".repeat(66);
    assertEquals(googleText([long]), `[ "${long}" ]`);
    assertEquals(googleText([long + "xx"]), `[\n   "${long}xx"\n]`);
  },
});

Deno.test({
  name: "failedPlacesText() has the form of Google's error bodies",
  permissions: "none",
  fn() {
    assertEquals(
      readable(failedPlacesText('Nothing of "Zoë"')),
      `{
   "error_message" : "Nothing of \\"Zoë\\"",
   "html_attributions" : [],
   "results" : [],
   "status" : "UNKNOWN_ERROR"
}`,
    );
  },
});

Deno.test({
  name: "metresOf() moves the point and rounds nothing",
  permissions: "none",
  fn() {
    const table: [string, string][] = [
      ["50", "50000"],
      ["0.5", "500"],
      ["1.2345", "1234.5"],
      ["0", "0"],
      ["000.000", "0"],
      ["0.0001", "0.1"],
      ["0.00010", "0.1"],
      ["007.5000", "7500"],
      ["49.99999999999999999999", "49999.99999999999999999"],
      ["0.000", "0"],
      ["10.0000000", "10000"],
    ];
    for (const [km, metres] of table) assertEquals(metresOf(km), metres, km);
  },
});
