/**
 * Measures the page's frame times over the last seconds.
 *
 * @module
 */

const FRAMES = 600;
const WINDOW_MS = 5_000;

export class FrameMeter {
  readonly #tookMs = new Float64Array(FRAMES);
  #count = 0;
  #sinceMs = 0;

  /** Adds a frame; returns true once a second. */
  frame(elapsedMs: number): boolean {
    this.#tookMs[this.#count++ % FRAMES] = elapsedMs;
    this.#sinceMs += elapsedMs;
    if (this.#sinceMs < 1_000) return false;
    this.#sinceMs = 0;
    return true;
  }

  /**
   * Frames a second, from the median of the last five seconds; 0 before the
   * first frame.
   */
  get median(): number {
    const recent: number[] = [];
    let sumMs = 0;
    const count = Math.min(this.#count, FRAMES);
    for (let i = 1; i <= count && sumMs < WINDOW_MS; i++) {
      const tookMs = this.#tookMs[(this.#count - i) % FRAMES]!;
      recent.push(tookMs);
      sumMs += tookMs;
    }
    recent.sort((a, b) => a - b);
    const middle = recent[recent.length >> 1];
    return middle === undefined || middle === 0 ? 0 : 1_000 / middle;
  }
}
