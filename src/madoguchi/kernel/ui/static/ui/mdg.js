/* Small comforts. Every page works without this file. No words of any language are written here. */
(() => {
  "use strict";

  const each = (root, selector, act) => root.querySelectorAll(selector).forEach(act);
  const status = () => document.getElementById("status");

  /* Characters left in a long text; counted as a reader sees them (a base and its variation selector are one). */
  const segmenter = "Segmenter" in Intl ? new Intl.Segmenter("ja") : null;
  const length = (text) => (segmenter ? [...segmenter.segment(text)].length : [...text].length);

  const startCounter = (area) => {
    const note = document.getElementById(`${area.id}-count`);
    if (!note) return;
    const limit = Number(area.dataset.max);
    const show = () => {
      const left = limit - length(area.value);
      const words = left < 0 ? note.dataset.over : note.dataset.left;
      note.textContent = words.replace("{count}", Math.abs(left));
      note.toggleAttribute("data-over-limit", left < 0);
    };
    let pause = 0;
    area.addEventListener("input", () => {
      show();
      clearTimeout(pause);
      pause = setTimeout(() => { if (status()) status().textContent = note.textContent; }, 1200);
    });
    if (area.value) show();
  };

  /* A table that is wider than its place fades at the side where more is hidden. */
  const startTable = (wrap) => {
    const judge = () => {
      const rest = wrap.scrollWidth - wrap.clientWidth;
      wrap.toggleAttribute("data-more-right", rest - wrap.scrollLeft > 4);
      if (rest > 4) wrap.tabIndex = 0; else wrap.removeAttribute("tabindex");
    };
    wrap.addEventListener("scroll", judge, { passive: true });
    new ResizeObserver(judge).observe(wrap);
  };

  /* Menus marked data-fold stand open on wide screens, also in browsers without ::details-content. */
  const startFold = (details) => {
    const wide = matchMedia(details.dataset.fold === "wide" ? "(min-width: 64rem)" : "(min-width: 48rem)");
    const set = () => { details.open = wide.matches; };
    wide.addEventListener("change", set);
    set();
  };

  /* One tick box that ticks all boxes of the same table; the count of ticked rows beside it. */
  const startTicks = (table) => {
    const all = table.querySelector("[data-tick-all]");
    const boxes = [...table.querySelectorAll(".wd-queue__tick:not([data-tick-all])")];
    const count = document.querySelector(`[data-tick-count="${table.id}"]`);
    const show = () => {
      const ticked = boxes.filter((box) => box.checked).length;
      if (count) count.textContent = ticked;
      if (all) {
        all.checked = ticked > 0 && ticked === boxes.length;
        all.indeterminate = ticked > 0 && ticked < boxes.length;
      }
    };
    table.addEventListener("change", (event) => {
      if (event.target === all) boxes.forEach((box) => { box.checked = all.checked; });
      show();
    });
    show();
  };

  /* An autosave that comes back late changes nothing: a button of its form was pressed meanwhile and the answer to that is on the
     way, or has come already and the form is gone (its events do not reach the document any more). */
  const startAutosave = (mark) => {
    mark.addEventListener("htmx:beforeOnLoad", (event) => {
      if (!mark.isConnected || mark.closest("form").classList.contains("htmx-request")) event.preventDefault();
    });
  };

  const start = (root) => {
    each(root, "[data-autosave]", startAutosave);
    each(root, "textarea[data-max]", startCounter);
    each(root, "[data-table-scroll]", startTable);
    each(root, "[data-fold]", startFold);
    each(root, ".wd-queue", startTicks);
    each(root, "[data-keys-switch]", startKeysSwitch);
    each(root, "[data-print]", (button) => { button.hidden = false; });
  };

  const focusOn = (root) => {
    const target = root.querySelector("#error-summary") || root.querySelector("[data-focus]");
    if (!target) return;
    target.setAttribute("tabindex", "-1");
    target.focus({ preventScroll: target.id !== "error-summary" });
  };

  /* Keys of the staff's pages: data-shortcut="s" on a link, button, input or summary. They can be switched off (WCAG 2.1.4). */
  const KEYS = "mdg.keys";
  const keysOn = () => document.body.dataset.area === "staff" && localStorage.getItem(KEYS) !== "off";
  const writing = (node) => node.isContentEditable || /^(input|select|textarea)$/i.test(node.tagName);

  const startKeysSwitch = (box) => {
    box.closest("[hidden]")?.removeAttribute("hidden");
    box.checked = keysOn();
    box.addEventListener("change", () => localStorage.setItem(KEYS, box.checked ? "on" : "off"));
  };

  document.addEventListener("keydown", (event) => {
    if (!keysOn() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (event.key === "Escape" && writing(event.target)) { event.target.blur(); return; }
    if (writing(event.target) && !/^(checkbox|radio)$/.test(event.target.type)) return;
    const target = document.querySelector(`[data-shortcut="${CSS.escape(event.key)}"]`);
    if (!target || target.disabled) return;
    event.preventDefault();
    if (writing(target) && !/^(checkbox|radio)$/.test(target.type)) target.focus(); else target.click();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });

  /* An autosave may bring the page anew with further questions. What was typed or chosen while it was under way stays, and so does
     the focus; chosen files stay in any case, because an autosave does not send them. */
  const isAutosave = (event) => event.detail.requestConfig?.elt?.hasAttribute("data-autosave");
  const answersOf = (form) => new Map([...form.elements].filter((item) => item.id && item.type !== "file")
    .map((item) => [item.id, /^(checkbox|radio)$/.test(item.type) ? item.checked : item.value]));
  let sent = new Map();
  const filesOf = (form) => [...form.elements].filter((item) => item.id && item.type === "file" && item.files.length)
    .map((item) => [item.id, item.files]);
  let typed = [];
  let chosen = [];
  let caret = null;

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (isAutosave(event)) sent = answersOf(event.detail.requestConfig.elt.closest("form"));
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const form = isAutosave(event) && event.detail.requestConfig.elt.closest("form");
    typed = form ? [...answersOf(form)].filter(([id, value]) => sent.get(id) !== value) : [];
    chosen = form ? filesOf(form) : [];
    const active = document.activeElement;
    caret = form && form.contains(active) && active.id && "selectionStart" in active
      ? [active.id, active.selectionStart, active.selectionEnd] : null;
  });
  /* In the same turn as the swap: a key pressed right after it already finds everything in its place. */
  document.addEventListener("htmx:afterSwap", (event) => {
    if (!isAutosave(event)) return;
    typed.forEach(([id, value]) => {
      const item = document.getElementById(id);
      if (item) item[typeof value === "boolean" ? "checked" : "value"] = value;
    });
    chosen.forEach(([id, files]) => {
      const item = document.getElementById(id);
      if (item) item.files = files;
    });
    const item = caret && document.getElementById(caret[0]);
    if (item && item === document.activeElement && caret[1] !== null) item.setSelectionRange(caret[1], caret[2]);
  });

  start(document);
  if (document.getElementById("error-summary")) focusOn(document);
  document.addEventListener("htmx:afterSettle", (event) => {
    start(event.target);
    if (!isAutosave(event)) focusOn(event.target);
  });
})();
