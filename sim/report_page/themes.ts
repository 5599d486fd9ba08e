/**
 * Light or dark.
 *
 * @module
 */
/// <reference lib="dom" />

/** Light or dark: as the system has it, or as was chosen here before. */
export function themes(): void {
  const root = document.documentElement;
  const radios = [
    ...document.querySelectorAll<HTMLInputElement>("[name=theme]"),
  ];
  const choose = (theme: string | null) => {
    for (const radio of radios) radio.checked = radio.value === theme;
    if (theme === "light" || theme === "dark") root.dataset["theme"] = theme;
    else delete root.dataset["theme"];
    root.dispatchEvent(new Event("recolour"));
  };
  for (const radio of radios) {
    radio.addEventListener("change", () => {
      choose(radio.value);
      try {
        localStorage.setItem("theme", radio.value);
      } catch {
        // A browser may keep nothing for a page from disk.
      }
    });
  }
  matchMedia("(prefers-color-scheme: dark)")
    .addEventListener(
      "change",
      () => root.dispatchEvent(new Event("recolour")),
    );
  try {
    choose(localStorage.getItem("theme") ?? "auto");
  } catch {
    choose("auto");
  }
}
