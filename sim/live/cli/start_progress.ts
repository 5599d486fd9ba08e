/**
 * How far a herd has come as it starts: one line on a terminal, that is gone when
 * the herd is there.
 *
 * @module
 */
import type { HerdEvent } from "../../model/events.ts";

export interface StartProgress {
  event(event: HerdEvent): void;
  end(): void;
}

/** Shows how many of `servers` are up, if it is to be shown at all. */
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
