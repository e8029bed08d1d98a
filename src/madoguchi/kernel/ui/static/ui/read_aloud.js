/* Read the page aloud with the browser's own voices. Nothing is sent anywhere; without a voice the button stays hidden. */
(() => {
  "use strict";

  const place = document.querySelector("[data-read-aloud]");
  const speech = window.speechSynthesis;
  if (!place || !speech || !("SpeechSynthesisUtterance" in window)) return;

  const button = place.querySelector("button");
  const start = button.textContent;
  const READ = "h1, h2, h3, h4, p, li, dt, dd, th, td, label, legend, figcaption";
  const lang = document.documentElement.lang === "zh-Hans" ? "zh-CN" : document.documentElement.lang;
  place.hidden = false;

  /* The words of one block without furigana and without what only scripts or sighted readers use. */
  const words = (node) => {
    const copy = node.cloneNode(true);
    copy.querySelectorAll("rt, rp, svg, script, style, [hidden], input, select, textarea").forEach((item) => item.remove());
    return copy.textContent.replace(/\s+/g, " ").trim();
  };

  const blocks = () => [...document.querySelectorAll("#main")].flatMap((main) => [...main.querySelectorAll(READ)])
    .filter((node) => !node.querySelector(READ) && node.checkVisibility && node.checkVisibility())
    .map(words).filter(Boolean);

  const show = (reading) => {
    button.setAttribute("aria-pressed", String(reading));
    button.textContent = reading ? button.dataset.stop : start;
  };

  const stop = () => { speech.cancel(); show(false); };

  button.addEventListener("click", () => {
    if (button.getAttribute("aria-pressed") === "true") { stop(); return; }
    const parts = blocks();
    if (!parts.length) return;
    speech.cancel();
    show(true);
    parts.forEach((part, index) => {
      const said = new SpeechSynthesisUtterance(part);
      said.lang = lang;
      said.onerror = () => show(false);
      if (index === parts.length - 1) said.onend = () => show(false);
      speech.speak(said);
    });
  });
  window.addEventListener("pagehide", stop);
})();
