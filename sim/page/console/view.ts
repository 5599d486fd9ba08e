/**
 * The console: the herd's prompt, lines to servers, and logs.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Given } from "../../model/web/routes.ts";
import { form, make } from "../../report_page/dom.ts";
import { lasting } from "../../report_page/text.ts";
import type { App, Mounted, Site, View } from "../app.ts";
import { input, offer, whyOf, withKeys } from "../fields.ts";
import { LogCard } from "./log_card.ts";
import { completed, followed, History } from "./prompt.ts";
import { RawLine } from "./raw_line.ts";
import { Transcript } from "./transcript.ts";

const HELP = "[Tab] completes, [↑] [↓] go through what was typed, [Ctrl] [L] " +
  "clears. With nothing typed Tab moves on.";
const KEPT_AS = "herd-console";

export const console: View = {
  title: "Console",
  mount: (site) => new ConsoleView(site),
};

/** These outlive the view. */
const history = new History(readHistory());
const transcript = new Transcript();

/** Commands that are under way go on when it is left. */
class ConsoleView implements Mounted {
  readonly #app: App;
  readonly #prompt = input({
    class: "mono",
    id: "prompt",
    "aria-label": "Command",
    "aria-describedby": "prompt-help",
    placeholder: "help",
    enterkeyhint: "send",
  });
  readonly #choices = make("p.choices.mono", { role: "status" });
  readonly #raw: RawLine;
  readonly #log: LogCard;
  #underWay: AbortController | undefined;

  constructor({ root, app, params, signal }: Site) {
    this.#app = app;
    this.#raw = new RawLine((server, line) => void this.#sendRaw(server, line));
    this.#log = new LogCard(app);
    const offered = () => {
      const servers = [...app.store.current.servers.keys()];
      offer(this.#raw.server, servers);
      offer(this.#log.server, servers);
    };
    offered();
    app.store.subscribe(offered, signal);
    app.onFrame((elapsedMs) => this.#log.frame(elapsedMs), signal);
    root.append(this.#elements());
    transcript.toEnd();
    this.update(params);
    this.#prompt.focus({ preventScroll: true });
  }

  #elements(): HTMLElement {
    const prompt = form(
      () => void this.#run(),
      { class: "prompt", "aria-label": "Prompt" },
      make("label.mark.mono", { for: "prompt" }, "herd>"),
      this.#prompt,
      make("button", "Run"),
    );
    this.#prompt.addEventListener("keydown", (event) => this.#onKey(event));
    const help = make("p#prompt-help.soft", ...withKeys(HELP));
    const side = make("div.console-side", this.#raw.element, this.#log.element);
    const main = make(
      "div.console-main",
      transcript.element,
      this.#choices,
      prompt,
      help,
    );
    return make("div.console-view", main, side);
  }

  /** A line in the address is only filled in: a link must not run a command. */
  update(params: URLSearchParams): void {
    const line = params.get("line");
    if (line !== null) this.#prompt.value = line;
  }

  #onKey(event: KeyboardEvent): void {
    const { value } = this.#prompt;
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.key === "Tab" && isPlain && !event.shiftKey && value !== "") {
      event.preventDefault();
      void this.#complete();
    } else if (event.key === "ArrowUp" && isPlain) {
      event.preventDefault();
      this.#type(history.back(value));
    } else if (event.key === "ArrowDown" && isPlain) {
      event.preventDefault();
      this.#type(history.on(value));
    } else if (event.key === "l" && event.ctrlKey) {
      event.preventDefault();
      transcript.clear();
    } else if (event.key === "Escape") {
      this.#choices.textContent = "";
      this.#type("");
    } else if (
      event.key === "c" && event.ctrlKey &&
      this.#prompt.selectionStart === this.#prompt.selectionEnd
    ) this.#underWay?.abort();
  }

  #type(text: string): void {
    this.#prompt.value = text;
    this.#prompt.setSelectionRange(text.length, text.length);
  }

  async #complete(): Promise<void> {
    const { value } = this.#prompt;
    const at = this.#prompt.selectionStart ?? value.length;
    const [before, after] = [value.slice(0, at), value.slice(at)];
    try {
      const found = await this.#app.api.get<Given<"complete">>(
        `/api/complete?${new URLSearchParams({ text: before })}`,
      );
      if (this.#prompt.value !== value) return;
      const { text, choices } = completed(before, found);
      this.#prompt.value = text + after;
      this.#prompt.setSelectionRange(text.length, text.length);
      this.#choices.textContent = choices.join("   ");
    } catch (error) {
      this.#app.notice(whyOf(error), "error");
    }
  }

  async #run(): Promise<void> {
    const line = this.#prompt.value;
    if (line.trim() === "") return;
    history.add(line);
    keepHistory();
    this.#prompt.value = "";
    this.#choices.textContent = "";
    const follow = followed(line);
    const { servers } = this.#app.store.current;
    // What names no server is refused by the herd, which says why.
    if (follow !== undefined && servers.has(follow.server)) {
      this.#log.follow(follow);
    } else {
      const { api } = this.#app;
      await this.#carryOut("herd>", line, async (signal) => {
        const { text } = await api.post<Given<"command">>(
          "/api/commands",
          { line },
          signal,
        );
        return { text };
      });
    }
  }

  async #sendRaw(to: string, line: string): Promise<void> {
    await this.#carryOut(`${to} ‹`, line, async (signal) => {
      const { reply, tookMs } = await this.#app.api.post<Given<"send">>(
        "/api/send",
        { to, line },
        signal,
      );
      return { text: reply, note: lasting(tookMs) };
    });
  }

  async #carryOut(
    mark: string,
    line: string,
    act: (signal: AbortSignal) => Promise<{ text: string; note?: string }>,
  ): Promise<void> {
    const underWay = this.#underWay = new AbortController();
    const entry = transcript.add(mark, line, () => underWay.abort());
    transcript.toEnd();
    // On a narrow page the answer would be out of sight.
    transcript.element.scrollIntoView({ block: "nearest" });
    try {
      const { text, note } = await act(underWay.signal);
      entry.end("done", text, note);
    } catch (error) {
      const isStopped = underWay.signal.aborted;
      const why = "Stopped waiting; what it has begun goes on.";
      entry.end(isStopped ? "done" : "failed", isStopped ? why : whyOf(error));
    }
  }
}

function readHistory(): string[] {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEPT_AS) ?? "[]");
    return Array.isArray(kept)
      ? kept.filter((line) => typeof line === "string")
      : [];
  } catch {
    return [];
  }
}

function keepHistory(): void {
  sessionStorage.setItem(KEPT_AS, JSON.stringify(history.lines));
}
