/**
 * The graph of servers and links, with a panel beside it.
 *
 * @module
 */
/// <reference lib="dom" />
import { button, make } from "../../report_page/dom.ts";
import {
  addressOf,
  type App,
  type Mounted,
  type Site,
  type View,
} from "../app.ts";
import { setText } from "../keyed.ts";
import type { Snapshot } from "../snapshot.ts";
import { FrameMeter } from "./fps.ts";
import { HerdPanel } from "./herd_panel.ts";
import { KeyWalk } from "./keys.ts";
import { legend } from "./legend.ts";
import { LinkPanel } from "./link_panel.ts";
import type { Choose, Panel } from "./panel.ts";
import { PartitionBar } from "./partition_bar.ts";
import { Pointers } from "./pointer.ts";
import type { Chosen } from "./scene.ts";
import { ServerPanel } from "./server_panel.ts";
import { Stage } from "./stage.ts";
import { GraphTable } from "./table.ts";

export const graph: View = {
  title: "Graph",
  mount: (site) => new GraphView(site),
};

class GraphView implements Mounted {
  readonly #app: App;
  readonly #stage: Stage;
  readonly #walk: KeyWalk;
  readonly #bar: PartitionBar;
  readonly #table = new GraphTable((chosen) => this.#choose(chosen));
  readonly #meter = new FrameMeter();
  readonly #side = make("aside.graph-side", { "aria-label": "Panel" });
  readonly #empty = make("p.empty");
  readonly #spoken = make("p.unseen", { role: "status" });
  readonly #fps = make("output#fps", { hidden: "" });
  readonly #lasso: HTMLButtonElement;
  readonly #tableButton: HTMLButtonElement;
  readonly #unpin: HTMLButtonElement;
  #params = new URLSearchParams();
  #panel: Panel | undefined;
  #panelEnd = new AbortController();
  /** Which panel is shown. */
  #panelKey: string | undefined;
  #isLasso = false;
  /** The panel was opened by the keyboard, and gets the focus. */
  #isToFocus = false;

  constructor({ root, app, params, signal }: Site) {
    this.#app = app;
    this.#stage = new Stage(app, signal);
    this.#bar = new PartitionBar(app, () => this.#pickNone());
    this.#lasso = button("Lasso", () => this.#setLasso(!this.#isLasso), {
      "aria-pressed": "false",
      title: "Draw round servers to part them from the rest (or hold Shift)",
    });
    this.#tableButton = button(
      "Table",
      () => this.#go({ table: this.#params.has("table") ? null : "" }),
      {
        "aria-pressed": "false",
      },
    );
    this.#unpin = button("Unpin all", () => {
      this.#stage.outlook?.unpin();
      this.#unpin.hidden = true;
      this.#stage.changed();
    }, { hidden: "" });
    this.#walk = this.#listen(signal);
    root.append(this.#elements());
    app.store.subscribe((snapshot) => this.#show(snapshot), signal);
    app.time.subscribe(() => app.store.touch(), signal);
    app.onFrame((elapsedMs) => this.#frame(elapsedMs), signal);
    signal.addEventListener("abort", () => this.#panelEnd.abort());
    document.documentElement.addEventListener(
      "recolour",
      () => this.#stage.recolour(),
      { signal },
    );
    this.update(params);
  }

  #elements(): HTMLElement {
    const whole = button("Fit", () => {
      this.#stage.outlook?.whole();
      this.#stage.changed();
    }, { title: "Show all of it (0)" });
    const help = make(
      "p#graph-help.unseen",
      "Arrow keys go from server to server, N and P in their order, L along " +
        "the links of one. Enter opens what is chosen, Space picks a server " +
        "for a partition, X cuts them off. Plus and minus " +
        "enlarge, 0 shows all.",
    );
    return make(
      "div.graph-view",
      make(
        "div.graph-main",
        this.#stage.element,
        this.#empty,
        this.#bar.element,
        make(
          "div.graph-tools",
          { role: "group", "aria-label": "Graph" },
          this.#lasso,
          whole,
          this.#tableButton,
          this.#unpin,
        ),
        legend(),
        this.#fps,
        help,
        this.#table.element,
        this.#spoken,
      ),
      this.#side,
    );
  }

  #listen(signal: AbortSignal): KeyWalk {
    const stage = this.#stage;
    new Pointers(stage, {
      choose: (chosen) => this.#choose(chosen),
      pick: (names) => names.forEach((name) => this.#toggle(name, true)),
      isLasso: () => this.#isLasso,
      moved: () => {
        stage.outlook?.pins.keep();
        this.#unpin.hidden = false;
      },
    }, signal);
    return new KeyWalk(stage, {
      open: (chosen) => {
        this.#isToFocus = true;
        this.#choose(chosen);
      },
      toggle: (name) => this.#toggle(name),
      partition: () => void this.#bar.act(),
      escape: () => {
        if (stage.marks.picked.size > 0 || this.#isLasso) this.#pickNone();
        else this.#choose(undefined);
      },
      say: (text) => setText(this.#spoken, text),
    }, signal);
  }

  #setLasso(isLasso: boolean): void {
    this.#isLasso = isLasso;
    this.#lasso.setAttribute("aria-pressed", String(isLasso));
    this.#stage.element.toggleAttribute("data-lasso", isLasso);
  }

  #toggle(name: string, isPicked?: boolean): void {
    const { marks, scene } = this.#stage;
    const picked = new Set(marks.picked);
    if (isPicked ?? !picked.has(name)) picked.add(name);
    else picked.delete(name);
    marks.picked = picked;
    this.#bar.show(picked, scene.nodes.map((node) => node.name));
    this.#stage.changed();
  }

  #pickNone(): void {
    this.#stage.marks.picked = new Set();
    this.#bar.show(new Set(), []);
    this.#setLasso(false);
    this.#stage.changed();
  }

  /** Navigates to this address with some parameters changed. */
  #go(changes: Record<string, string | null>): void {
    const params = new URLSearchParams(this.#params);
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) params.delete(name);
      else params.set(name, value);
    }
    this.#app.navigate(addressOf("graph", params));
  }

  #choose(chosen: Chosen | undefined): void {
    const key = chosen && `${chosen.kind} ${chosen.name}`;
    if (key === this.#panelKey) return this.#focusPanel();
    this.#go({
      server: chosen?.kind === "server" ? chosen.name : null,
      link: chosen?.kind === "link" ? chosen.name : null,
    });
  }

  update(params: URLSearchParams): void {
    this.#params = params;
    const follow = params.getAll("follow");
    if (follow.length > 0) this.#app.follow(follow);
    const isTable = params.has("table");
    this.#table.open(isTable);
    this.#tableButton.setAttribute("aria-pressed", String(isTable));
    this.#fps.hidden = !params.has("fps");
    this.#show(this.#app.store.current);
  }

  /** What the address names, if the herd has it. */
  #named(snapshot: Snapshot): Chosen | undefined {
    const server = this.#params.get("server");
    const link = this.#params.get("link");
    if (server !== null && snapshot.servers.has(server)) {
      return { kind: "server", name: server };
    }
    if (link !== null && snapshot.links.has(link)) {
      return { kind: "link", name: link };
    }
    return undefined;
  }

  #showPanel(snapshot: Snapshot): void {
    const chosen = this.#named(snapshot);
    const key = chosen && `${chosen.kind} ${chosen.name}`;
    if (this.#panel !== undefined && key === this.#panelKey) return;
    this.#panelEnd.abort();
    this.#panelEnd = new AbortController();
    this.#panelKey = key;
    this.#stage.marks.chosen = chosen;
    const choose: Choose = (other) => this.#closeTo(other);
    this.#panel = chosen === undefined
      ? new HerdPanel(this.#app, choose)
      : chosen.kind === "server"
      ? new ServerPanel(chosen.name, this.#app, choose, this.#panelEnd.signal)
      : new LinkPanel(snapshot.links.get(chosen.name)!, this.#app, choose);
    this.#side.replaceChildren(this.#panel.element);
    this.#side.scrollTop = 0;
    this.#focusPanel();
  }

  /** Closing a panel returns the focus to where it was. */
  #closeTo(chosen: Chosen | undefined): void {
    const before = this.#stage.marks.chosen;
    if (chosen !== undefined) this.#isToFocus = true;
    this.#choose(chosen);
    if (chosen !== undefined) return;
    this.#stage.canvas.focus();
    if (before?.kind === "server") this.#walk.go(before.name);
  }

  #focusPanel(): void {
    if (!this.#isToFocus) return;
    this.#isToFocus = false;
    this.#side.querySelector<HTMLElement>("h2")?.focus();
  }

  #show(snapshot: Snapshot): void {
    this.#stage.take(snapshot);
    const isEmpty = snapshot.servers.size === 0;
    this.#empty.hidden = !isEmpty;
    if (isEmpty) {
      setText(
        this.#empty,
        this.#app.waiting ??
          "The graph appears when the herd has told of itself; or open a run’s " +
            "history.jsonl by the button below.",
      );
    }
    this.#showPanel(snapshot);
    this.#panel?.show(snapshot);
    this.#table.show(this.#stage.scene, this.#app);
    const pins = this.#stage.outlook?.pins.size ?? 0;
    this.#unpin.hidden = pins === 0;
  }

  #frame(elapsedMs: number): void {
    this.#stage.frame(elapsedMs);
    if (!this.#meter.frame(elapsedMs)) return;
    const median = this.#meter.median.toFixed(1);
    document.documentElement.dataset["fps"] = median;
    if (!this.#fps.hidden) setText(this.#fps, `${median} frames/s`);
  }
}
