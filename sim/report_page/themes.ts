/**
 * The light and dark themes.
 *
 * @module
 */
/// <reference lib="dom" />

/** Applies the stored theme, or the system's, and listens to changes. */
export function themes(): void {
  const root = document.documentElement;
  const radios = [
    ...document.querySelectorAll<HTMLInputElement>("[name=theme]"),
  ];
  const recolour = () => root.dispatchEvent(new Event("recolour"));
  const choose = (theme: string | null) => {
    for (const radio of radios) radio.checked = radio.value === theme;
    if (theme === "light" || theme === "dark") root.dataset["theme"] = theme;
    else delete root.dataset["theme"];
    recolour();
  };
  for (const radio of radios) {
    radio.addEventListener("change", () => {
      choose(radio.value);
      try {
        localStorage.setItem("theme", radio.value);
      } catch {
        // A browser may have no storage for a page loaded from a file.
      }
    });
  }
  matchMedia("(prefers-color-scheme: dark)")
    .addEventListener("change", recolour);
  try {
    choose(localStorage.getItem("theme") ?? "auto");
  } catch {
    choose("auto");
  }
}
