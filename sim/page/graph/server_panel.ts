/**
 * The panel of one server: actions, counters, log and records.
 *
 * @module
 */
/// <reference lib="dom" />
import type { ServerState } from "../../model/lifecycle.ts";
import { button, make } from "../../report_page/dom.ts";
import type { App } from "../app.ts";
import { setText } from "../keyed.ts";
import type { ServerView } from "../../model/web/batch.ts";
import type { Snapshot } from "../snapshot.ts";
import { FaultForm } from "./fault_form.ts";
import { FaultsByTarget, serverLook } from "./looks.ts";
import {
  ago,
  bytesText,
  card,
  type Choose,
  durationText,
  numberText,
  type Panel,
  panelHead,
  showFacts,
  showFaults,
  showLinks,
} from "./panel.ts";
import { CountersList } from "./server_counters.ts";
import { ServerLog } from "./server_log.ts";
import { RecordsList } from "./server_records.ts";

/** The actions on a server, and the states in which each is possible. */
const ACTS: Readonly<Record<string, readonly ServerState[]>> = {
  kill: ["starting", "up", "paused"],
  crash: ["up"],
  pause: ["up"],
  resume: ["paused"],
  restart: ["up", "paused"],
  revive: ["stopped", "crashed"],
};

export class ServerPanel implements Panel {
  readonly element: HTMLElement;
  readonly #name: string;
  readonly #app: App;
  readonly #choose: Choose;
  readonly #state = make("p.state");
  readonly #buttons: ReadonlyMap<string, HTMLButtonElement>;
  readonly #facts = make("dl.figures");
  readonly #links = make("ul.rows");
  readonly #faults = make("ul.rows.faults");
  #isUp = false;

  /** It asks the server until `signal` aborts. */
  constructor(name: string, app: App, choose: Choose, signal: AbortSignal) {
    this.#name = name;
    this.#app = app;
    this.#choose = choose;
    this.#buttons = new Map(
      Object.keys(ACTS).map((act) => [act, this.#button(act)]),
    );
    const form = new FaultForm(app, "servers", [[name, name]]);
    const counters = new CountersList(name, app);
    const records = new RecordsList(name, app);
    const log = new ServerLog(name, app);
    app.onFrame((elapsedMs) => {
      log.frame(elapsedMs);
      if (!this.#isUp) return;
      // These come from the server itself.
      counters.frame(elapsedMs);
      records.frame(elapsedMs);
    }, signal);
    this.element = make(
      "div#server-panel",
      make(
        "section.card",
        panelHead(name, "Server", choose),
        this.#state,
        make(
          "div.acts",
          { role: "group", "aria-label": `Do to ${name}` },
          ...this.#buttons.values(),
        ),
        this.#facts,
      ),
      card("Links", {}, this.#links),
      card("Faults", {}, this.#faults, form.element),
      counters.element,
      log.element,
      records.element,
    );
  }

  #button(act: string): HTMLButtonElement {
    const text = act[0]!.toUpperCase() + act.slice(1);
    return button(text, () =>
      void this.#app.attempt(async () => {
        const server = encodeURIComponent(this.#name);
        await this.#app.api.post(`/api/servers/${server}/${act}`);
      }), { "data-act": act });
  }

  show(snapshot: Snapshot): void {
    const server = snapshot.servers.get(this.#name);
    const isFile = this.#app.time.isFile;
    const { live } = this.#app.store;
    this.#isUp = live.latest.servers.get(this.#name)?.state === "up";
    for (const [act, element] of this.#buttons) {
      const states = ACTS[act]!;
      // In the past the possible actions are not known: the herd will answer.
      const isNow = this.#app.time.mode === "live";
      element.disabled = isFile ||
        isNow && server !== undefined && !states.includes(server.state);
    }
    if (server === undefined) {
      setText(this.#state, "Not known at this moment.");
      return;
    }
    const look = serverLook(server, snapshot);
    this.#state.dataset["tone"] = look.tone;
    setText(
      this.#state,
      `${look.word} · ${ago(snapshot.atMs - server.sinceMs)}`,
    );
    showFacts(this.#facts, [
      ["Records", numberText(server.records)],
      ["Queued for neighbours", numberText(server.queued)],
      ["Connections of clients", numberText(server.clients)],
      ["Restarts", numberText(server.restarts)],
      ["Late by", durationText(server.lagMs)],
      ["Memory", bytesText(server.memory)],
      ["Port", server.port === 0 ? null : String(server.port)],
      ...hubFacts(server, snapshot.atMs),
    ]);
    const faults = new FaultsByTarget(snapshot.faults);
    showFaults(this.#faults, faults.on(this.#name), this.#app, snapshot.atMs);
    showLinks(this.#links, this.#name, snapshot, this.#choose);
  }
}

/** Of a gateway alone. */
function hubFacts(
  { hub }: ServerView,
  atMs: number,
): [string, string | null][] {
  if (hub === undefined) return [];
  const state = hub.isUp ? "connected" : "not connected";
  return [
    ["Hub", `${state} · ${ago(atMs - hub.sinceMs)}`],
    ["Queued for the hub", numberText(hub.waiting)],
  ];
}
