/**
 * The map: the clients' positions, who lacks their fixes, and places around
 * them.
 *
 * @module
 */
/// <reference lib="dom" />
import { button, canvasOf, make, palette } from "../../report_page/dom.ts";
import {
  addressOf,
  type App,
  type Mounted,
  type Site,
  type View,
} from "../app.ts";
import { offer, whyOf, withKeys } from "../fields.ts";
import { ClientCard } from "./client_card.ts";
import { ClientList } from "./client_list.ts";
import { nearest } from "./dots.ts";
import { listen } from "./gestures.ts";
import { loadLand } from "./land.ts";
import { type ClientDot, Painter, type Search } from "./painter.ts";
import {
  around,
  circle,
  type Outlook,
  panned,
  type Position,
  positionText,
  type Size,
  unproject,
  whole,
  zoomed,
} from "./projection.ts";
import { SendForm } from "./send_form.ts";

/** Large enough to be read from the last row of a room. */
const TEXT_PIXELS = 14;
/** How often the lists beside the map are refreshed. */
const LISTS_MS = 250;
/** How near a pointer has to be to hit a client. */
const HIT_PIXELS = 12;
/** Pixels per degree when the map jumps to a client. */
const CLOSE_SCALE = 60;

const HELP =
  "Click to send from there. Drag and wheel, or [←↑↓→] [+] [−] [0]. " +
  "[N] [P] step through clients, [Enter] picks the middle.";

export const map: View = {
  title: "Map",
  mount: (site) => new MapView(site),
};

class MapView implements Mounted {
  readonly #app: App;
  readonly #canvas = make("canvas", {
    tabindex: 0,
    role: "application",
    "aria-roledescription": "map",
    "aria-describedby": "map-help",
  });
  readonly #tip = make("p.tip", { hidden: "" });
  readonly #spoken = make("p.unseen", { role: "status" });
  readonly #send: SendForm;
  readonly #card: ClientCard;
  readonly #list: ClientList;
  #size: Size = { width: 1, height: 1 };
  #outlook: Outlook | undefined;
  #land: Path2D | undefined;
  #dots: readonly ClientDot[] = [];
  #colours = palette();
  #chosen = "";
  #lacking = "";
  #mark: Position | null = null;
  #search: Search | null = null;
  #isDirty = true;
  #areListsDirty = true;
  #listsMs = Infinity;

  constructor({ root, app, params, signal }: Site) {
    this.#app = app;
    this.#send = new SendForm(
      app,
      // By the time of the answer another view may be open.
      (client) => signal.aborted || this.#choose(client),
      (position) => this.#markAt(position),
    );
    this.#card = new ClientCard(
      app,
      (search) => this.#found(search),
      () => this.#choose(""),
    );
    this.#list = new ClientList(
      (client) => this.#choose(client),
      (server) => this.#go({ lacking: server }),
      () => this.#areListsDirty = true,
    );
    root.append(this.#elements());
    this.#listen(signal);
    this.update(params);
    loadLand().then(
      (land) => {
        this.#land = land;
        this.#isDirty = true;
      },
      (error) => app.notice(`The land is not drawn: ${whyOf(error)}`, "error"),
    );
  }

  #elements(): HTMLElement {
    const tool = (label: string, text: string, act: () => void) =>
      button(text, act, { "aria-label": label, title: label });
    const tools = make(
      "div.map-tools",
      { role: "group", "aria-label": "Zoom" },
      tool("Zoom in", "+", () => this.#zoom(1.6)),
      tool("Zoom out", "−", () => this.#zoom(1 / 1.6)),
      tool("Show all clients", "⊙", () => this.#showClients()),
      tool("Show the world", "⤢", () => this.#look(whole(this.#size))),
    );
    const help = make("p#map-help.map-help", ...withKeys(HELP));
    const stage = make(
      "div.map-stage",
      this.#canvas,
      tools,
      legend(),
      this.#tip,
      help,
      this.#spoken,
    );
    const side = make(
      "div.map-side",
      this.#card.element,
      this.#send.element,
      this.#list.element,
    );
    return make("div.map-view", stage, side);
  }

  update(params: URLSearchParams): void {
    const chosen = params.get("client") ?? "";
    if (chosen !== this.#chosen && chosen !== "") this.#send.as(chosen);
    this.#chosen = chosen;
    this.#lacking = params.get("lacking") ?? "";
    this.#listsMs = Infinity;
    this.#show();
  }

  #listen(signal: AbortSignal): void {
    this.#app.store.subscribe(() => this.#show(), signal);
    this.#app.onFrame((elapsedMs) => this.#frame(elapsedMs), signal);
    const resized = new ResizeObserver(() => {
      this.#isDirty = true;
    });
    resized.observe(this.#canvas.parentElement!);
    signal.addEventListener("abort", () => resized.disconnect());
    document.documentElement.addEventListener("recolour", () => {
      this.#colours = palette();
      this.#isDirty = true;
    }, { signal });
    for (const type of ["focus", "blur"]) {
      this.#canvas.addEventListener(type, () => this.#isDirty = true, {
        signal,
      });
    }
    listen(this.#canvas, {
      pan: (right, down) =>
        this.#look(panned(this.#outlook!, this.#size, right, down)),
      zoom: (factor, x, y) => this.#zoom(factor, x, y),
      whole: () => this.#look(whole(this.#size)),
      pick: (x, y) => this.#pick(x, y),
      pickMiddle: () => this.#pick(this.#size.width / 2, this.#size.height / 2),
      step: (by) => this.#step(by),
      hover: (at) => this.#hover(at),
      escape: () => this.#escape(),
    }, signal);
  }

  #show(): void {
    this.#isDirty = true;
    this.#areListsDirty = true;
  }

  #frame(elapsedMs: number): void {
    this.#listsMs += elapsedMs;
    if (this.#areListsDirty && this.#listsMs >= LISTS_MS) this.#showLists();
    if (!this.#isDirty) return;
    this.#isDirty = false;
    const { clientWidth, clientHeight } = this.#canvas.parentElement!;
    if (clientWidth === 0 || clientHeight === 0) return;
    const { context } = canvasOf(this.#canvas, clientHeight, TEXT_PIXELS);
    const { width } = this.#size;
    this.#size = { width: clientWidth, height: clientHeight };
    this.#outlook ??= this.#firstOutlook();
    if (width !== clientWidth) {
      this.#outlook = panned(this.#outlook, this.#size, 0, 0);
    }
    const painter = new Painter(
      context,
      this.#size,
      this.#outlook,
      this.#colours,
    );
    this.#dots = painter.draw({
      fixes: this.#app.store.current.fixes.values(),
      chosen: this.#chosen,
      lacking: this.#lacking,
      mark: this.#mark,
      search: this.#search,
      isAimed: this.#canvas.matches(":focus-visible"),
    }, this.#land);
  }

  #showLists(): void {
    this.#listsMs = 0;
    this.#areListsDirty = false;
    const { current } = this.#app.store;
    const names = [...current.servers.keys()];
    const up = names.filter((name) =>
      current.servers.get(name)!.state === "up"
    );
    const reachable = up.length > 0 ? up : names;
    offer(this.#send.server, reachable);
    offer(this.#card.server, reachable);
    this.#card.show(this.#chosen, current.fixes.get(this.#chosen));
    this.#list.show(current, this.#chosen, this.#lacking);
    const { size } = current.fixes;
    this.#canvas.ariaLabel =
      `Where ${size} clients are; they are listed beside the map`;
  }

  /** Around the client in the address if there is one, else the whole world. */
  #firstOutlook(): Outlook {
    const fix = this.#app.store.current.fixes.get(this.#chosen);
    return fix === undefined
      ? whole(this.#size)
      : around([fix], this.#size, CLOSE_SCALE);
  }

  #look(outlook: Outlook): void {
    this.#outlook = outlook;
    this.#hover(null);
    this.#isDirty = true;
  }

  #zoom(factor: number, x?: number, y?: number): void {
    this.#look(zoomed(this.#outlook!, this.#size, factor, x, y));
  }

  #showClients(): void {
    const fixes = this.#app.store.current.fixes.values();
    this.#look(around(fixes, this.#size, CLOSE_SCALE));
  }

  #pick(x: number, y: number): void {
    const dot = nearest(this.#dots, x, y, HIT_PIXELS);
    if (dot !== undefined) return this.#choose(dot.fix.client);
    const position = unproject(this.#outlook!, this.#size, x, y);
    this.#send.from(position);
    this.#markAt(position);
  }

  #markAt(position: Position): void {
    this.#mark = position;
    this.#isDirty = true;
    this.#spoken.textContent = `Marked ${positionText(position)}`;
  }

  #choose(client: string): void {
    if (client === this.#chosen) return this.#show();
    this.#go({ client });
  }

  #go(change: { client?: string; lacking?: string }): void {
    const { client = this.#chosen, lacking = this.#lacking } = change;
    this.#app.navigate(addressOf("map", {
      client: client === "" ? null : client,
      lacking: lacking === "" ? null : lacking,
    }));
  }

  #step(by: 1 | -1): void {
    const clients = [...this.#dots].sort((a, b) => a.x - b.x || a.y - b.y)
      .map(({ fix }) => fix.client);
    if (clients.length === 0) return;
    const at = clients.indexOf(this.#chosen);
    const next = at < 0 && by < 0 ? clients.length - 1 : at + by;
    const client = clients.at(next % clients.length)!;
    this.#spoken.textContent = client;
    this.#choose(client);
  }

  #hover(at: readonly [number, number] | null): void {
    const dot = at === null
      ? undefined
      : nearest(this.#dots, ...at, HIT_PIXELS);
    this.#canvas.style.cursor = dot === undefined ? "" : "pointer";
    this.#tip.hidden = dot === undefined;
    if (dot === undefined) return;
    const { client, server, behind } = dot.fix;
    const lack = behind.length === 0 ? "" : `, not on ${behind.join(", ")}`;
    this.#tip.textContent = `${client}, told to ${server}${lack}`;
    const left = Math.min(dot.x + 14, this.#size.width - this.#tip.offsetWidth);
    this.#tip.style.left = `${Math.max(0, left)}px`;
    this.#tip.style.top = `${Math.max(0, dot.y - 40)}px`;
  }

  #escape(): void {
    this.#mark = null;
    this.#search = null;
    this.#hover(null);
    this.#isDirty = true;
    this.#choose("");
  }

  #found(search: Search | null): void {
    this.#search = search;
    this.#isDirty = true;
    if (search === null || this.#outlook === undefined) return;
    const edge = circle(search.at, Math.max(search.radiusKm, 1));
    this.#look(around([...edge, ...search.places], this.#size));
  }
}

function legend(): HTMLElement {
  const entry = (kind: string, text: string) =>
    make("li", make("i", { class: kind }), text);
  return make(
    "ul.map-legend",
    { "aria-label": "Legend" },
    entry("even", "newest fix, known everywhere"),
    entry("behind", "not everywhere yet"),
    entry("place", "place"),
  );
}
