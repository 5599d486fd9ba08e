/**
 * Lists that change often: what stays in them is kept, and so is its focus.
 *
 * @module
 */
/// <reference lib="dom" />

const elementsOf = new WeakMap<Element, Map<string, HTMLElement>>();

/** How the items of a list become elements. */
export interface Items<T> {
  /** What tells an item from all others. */
  readonly keyOf: (item: T) => string;
  /** The element of a new item. */
  readonly build: (item: T) => HTMLElement;
  /** Brings the element of an item up to date; a new one too. */
  readonly refresh?: (element: HTMLElement, item: T) => void;
}

/** Makes the children of an element those of a list, in its order. */
export function showItems<T>(
  parent: Element,
  list: readonly T[],
  { keyOf, build, refresh }: Items<T>,
): void {
  const before = elementsOf.get(parent) ?? new Map<string, HTMLElement>();
  const after = new Map<string, HTMLElement>();
  let next = parent.firstElementChild;
  for (const item of list) {
    const key = keyOf(item);
    const element = before.get(key) ?? build(item);
    before.delete(key);
    after.set(key, element);
    if (element === next) next = next.nextElementSibling;
    else parent.insertBefore(element, next);
    refresh?.(element, item);
  }
  for (const gone of before.values()) gone.remove();
  elementsOf.set(parent, after);
}

/** Sets a text where it has changed, so that what is chosen in it stays so. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
