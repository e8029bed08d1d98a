/* Moving through a list of cases by keys: j and k choose a row, x ticks it, Enter opens its link. The list works without. */
(() => {
  "use strict";

  const rows = () => [...document.querySelectorAll(".wd-queue tr[data-row]")];
  const on = () => localStorage.getItem("mdg.keys") !== "off";
  const writing = (node) => node.isContentEditable || /^(select|textarea)$/i.test(node.tagName)
    || (/^input$/i.test(node.tagName) && !/^(checkbox|radio)$/.test(node.type));

  const choose = (row) => {
    rows().forEach((other) => other.removeAttribute("aria-current"));
    row.setAttribute("aria-current", "true");
    row.querySelector("a").focus();
    row.scrollIntoView({ block: "nearest" });
  };

  const move = (by) => {
    const all = rows();
    if (!all.length) return;
    const here = all.findIndex((row) => row.getAttribute("aria-current") === "true");
    choose(all[here < 0 ? 0 : Math.min(Math.max(here + by, 0), all.length - 1)]);
  };

  const tick = () => {
    const box = document.querySelector('.wd-queue tr[aria-current="true"] .wd-queue__tick');
    if (box) box.click();
  };

  const acts = { j: () => move(1), k: () => move(-1), x: tick };

  document.addEventListener("keydown", (event) => {
    if (!on() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (writing(event.target) || !(event.key in acts)) return;
    event.preventDefault();
    acts[event.key]();
  });

  document.addEventListener("focusin", (event) => {
    const row = event.target.closest(".wd-queue tr[data-row]");
    if (!row) return;
    rows().forEach((other) => other.toggleAttribute("aria-current", false));
    row.setAttribute("aria-current", "true");
  });
})();
