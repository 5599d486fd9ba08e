import { assert, assertEquals } from "@std/assert";
import type { FromHerd, ToHerd } from "../../../sim/model/web/in_page.ts";
import { browserModule } from "../../../sim/live/report/browser_module.ts";

const TOPOLOGY = "topologies/2014.yaml";

/** What the playground's script finds in a browser, with one file next to it. */
function surroundings(): string {
  const files = { [`/${TOPOLOGY}`]: Deno.readTextFileSync(TOPOLOGY) };
  return `Object.defineProperty(globalThis, "location", {
  value: { href: "http://herd/herd.js" },
});
globalThis.fetch = async (url) =>
  url.pathname === "/files.json"
    ? Response.json(${JSON.stringify(files)})
    : new Response("none", { status: 404 });
`;
}

Deno.test("playground_worker.ts runs a herd in a thread that may do nothing, and answers", async () => {
  const text = surroundings() + await browserModule("playground_worker.ts");
  const script = new Blob([text], { type: "text/javascript" });
  const worker = new Worker(URL.createObjectURL(script), {
    type: "module",
    deno: { permissions: "none" },
  });
  try {
    const answered = new Promise<FromHerd>((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(event.message));
      };
    });
    const id = 7;
    const path = "/api/herd";
    const asked: ToHerd = { say: "ask", id, method: "GET", path, body: "" };
    worker.postMessage(asked);
    const answer = await answered;
    assert(answer.say === "answer", answer.say);
    assertEquals([answer.id, answer.status], [id, 200], answer.text);
    const { topology, servers } = JSON.parse(answer.text!);
    assertEquals([topology, servers.length], ["2014", 5]);
  } finally {
    worker.terminate();
  }
});
