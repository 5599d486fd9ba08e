/**
 * The progress of a herd's start: a line on a terminal, which is cleared when
 * the herd is up.
 *
 * @module
 */
import type { HerdEvent } from "../../model/events.ts";

export interface StartProgress {
  event(event: HerdEvent): void;
  end(): void;
}

/** Shows how many of `servers` are up, if `isShown`. */
export function startProgress(
  servers: number,
  isShown: boolean,
): StartProgress {
  let up = 0;
  let isOver = false;
  const show = (text: string) => {
    if (isShown && !isOver) {
      Deno.stdout.writeSync(new TextEncoder().encode(`\r\x1b[K${text}`));
    }
  };
  return {
    event(event) {
      if (event.kind !== "state") return;
      if (event.state === "up") up++;
      show(`${up} of ${servers} servers are up`);
    },
    end() {
      show("");
      isOver = true;
    },
  };
}
