import { assertEquals } from "@std/assert";
import {
  portsIn,
  withHosts,
  withPorts,
} from "../../../../sim/worlds/processes/port_literals.ts";

const PORTS = new Map([[8000, 6100], [15210, 6200], [15211, 6201]]);

/** A text, and what it becomes; nothing, where it stays as it is. */
const TEXTS: readonly (readonly [what: string, text: string, to?: string])[] = [
  [
    "a dict",
    `PORTS = {"Alford": 15210, 'Bolden':15211}`,
    `PORTS = {"Alford": 6200, 'Bolden':6201}`,
  ],
  ["a list", "[15210,15211]", "[6200,6201]"],
  ["yaml", "  Alford: { port: 15210 }\n", "  Alford: { port: 6200 }\n"],
  ["a switch", "case Alford: return 15210;", "case Alford: return 6200;"],
  ["a text", `port = "8000"`, `port = "6100"`],
  ["an address", "http://localhost:8000/", "http://localhost:6100/"],
  ["behind an address", "127.0.0.1:8000", "127.0.0.1:6100"],
  ["a base", "return 15210 + index", "return 6200 + index"],
  ["a sum", "15210+15211-port", "6200+6201-port"],
  ["ranges", "15210..15211, 15210-15211", "6200..6201, 6200-6201"],
  ["digits in groups", "15_210", "6200"],
  ["a comment, which harms nobody", "# we got 15210.", "# we got 6200."],
  ["the whole text", "8000", "6100"],
  ["letters of other scripts around", "é 8000 ü", "é 6100 ü"],
  ["a longer number", "18000 80000 180001"],
  ["hexadecimal", "0x8000 0x15210"],
  ["hexadecimal digits", "a8000 8000f"],
  ["a name", "port8000 p_8000 8000th"],
  ["a fraction", "8000.5 .8000 0.8000 34.15210"],
  ["padded", "08000"],
  ["another number", "8001 15212 4096"],
];

for (const [what, text, to = text] of TEXTS) {
  Deno.test({
    name: `withPorts() ${to === text ? "leaves alone" : "rewrites"} ${what}`,
    permissions: "none",
    fn: () => assertEquals(withPorts(text, PORTS), to),
  });
}

Deno.test({
  name: "portsIn() finds numbers that stand by themselves",
  permissions: "none",
  fn() {
    assertEquals(
      [...portsIn(`{"a": 15_210, b: "8000"} 0x10 1.5 x99 8000`)],
      [15210, 8000],
    );
  },
});

const GOOGLE = "maps.googleapis.com";

const HOSTS: readonly (readonly [text: string, to: string])[] = [
  [`https://${GOOGLE}/maps?a`, "https://localhost:6301/maps?a"],
  [`http://${GOOGLE}:80/maps`, "http://localhost:6300/maps"],
  [`https://${GOOGLE}:443`, "https://localhost:6301"],
  [`Client("${GOOGLE}")`, `Client("localhost:6301")`],
  [
    `my${GOOGLE} ${GOOGLE}-x x.${GOOGLE}`,
    `my${GOOGLE} ${GOOGLE}-x x.${GOOGLE}`,
  ],
  [
    "maps-googleapis.com mapsXgoogleapis.com",
    "maps-googleapis.com mapsXgoogleapis.com",
  ],
];

for (const [text, to] of HOSTS) {
  Deno.test({
    name: `withHosts() makes ${to} of ${text}`,
    permissions: "none",
    fn() {
      const hosts = new Map([[GOOGLE, { http: 6300, https: 6301 }]]);
      assertEquals(withHosts(text, hosts), to);
    },
  });
}

Deno.test({
  name: "withHosts() speaks plain HTTP where there is no TLS",
  permissions: "none",
  fn() {
    const hosts = new Map([[GOOGLE, { http: 6300 }]]);
    assertEquals(
      withHosts(`https://${GOOGLE} ${GOOGLE}`, hosts),
      "http://localhost:6300 localhost:6300",
    );
  },
});
