/**
 * Lists that change often. Elements of items that stay are kept, and so keep
 * the focus.
 *
 * @module
 */
/// <reference lib="dom" />

const elementsOf = new WeakMap<Element, Map<string, HTMLElement>>();

export interface Items<T> {
  /** Identifies an item within its list. */
  readonly keyOf: (item: T) => string;
  /** Makes the element of a new item. */
  readonly build: (item: T) => HTMLElement;
  /** Updates the element of an item, also right after `build`. */
  readonly refresh?: (element: HTMLElement, item: T) => void;
}

/** Makes the children of `parent` match `list`, in its order. */
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

/** Marks the item that is shown elsewhere. */
export function setCurrent(element: Element, isCurrent: boolean): void {
  element.ariaCurrent = isCurrent ? "true" : null;
}

/** Changes a list that scrolls; one that was at its end stays there. */
export function keepAtEnd(list: Element, change: () => void): void {
  const { scrollTop, clientHeight, scrollHeight } = list;
  const isAtEnd = scrollTop + clientHeight >= scrollHeight - 24;
  change();
  if (isAtEnd) list.scrollTop = list.scrollHeight;
}

/** Sets a text only if it differs, so that a selection within it survives. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
