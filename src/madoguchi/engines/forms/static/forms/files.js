/* Sending files in pieces: <mdg-files data-url> takes chosen, photographed and dropped files, shows how far each is, and goes on
   where it stopped after a broken line or a reloaded page (the same file, chosen again, is known by name, size and time).
   Without this file the input inside posts with the page. No words of any language are written here. */
(() => {
  "use strict";

  const WAITS = [1000, 2000, 5000, 10000, 20000, 30000];

  const request = async (url, options) => {
    const response = await fetch(url, { credentials: "same-origin", redirect: "error", ...options });
    const answer = await response.json().catch(() => ({}));
    if (response.ok || response.status === 409 || response.status === 422) return { status: response.status, answer };
    if (response.status >= 500 || response.status === 429) throw new TypeError("later");
    return { status: 422, answer };
  };

  class MdgFiles extends HTMLElement {
    connectedCallback() {
      if (this.started || !this.dataset.url) return;
      this.started = true;
      this.queue = [];
      this.busy = false;
      this.rows = this.querySelector(".wd-upload__list");
      this.say = this.querySelector("[data-say]");
      this.querySelector(".wd-upload__drop").hidden = !matchMedia("(hover: hover) and (pointer: fine)").matches;
      this.querySelectorAll('input[type="file"]').forEach((input) => {
        input.addEventListener("change", (event) => {
          event.stopPropagation();
          this.take([...input.files]);
          input.value = "";
        });
      });
      const over = (event) => {
        if (![...event.dataTransfer.types].includes("Files")) return;
        event.preventDefault();
        this.toggleAttribute("data-over", event.type === "dragover");
        if (event.type === "drop") this.take([...event.dataTransfer.files]);
      };
      this.closest("form").addEventListener("submit", (event) => {
        if (!this.busy) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        this.pending = { form: event.target, button: event.submitter };
      }, true);
      ["dragover", "dragleave", "drop"].forEach((name) => this.addEventListener(name, over));
    }

    /* A form sent meanwhile waits until every file has arrived; a refused file keeps the page, so that its reason is read. */
    take(files) {
      files.forEach((file) => this.queue.push({ file, row: this.row(file) }));
      this.work();
    }

    row(file) {
      const row = document.createElement("li");
      const words = document.createElement("span");
      const bar = document.createElement("progress");
      row.className = "wd-upload__row";
      words.textContent = this.words("sending", file);
      bar.max = 100;
      bar.value = 0;
      bar.setAttribute("aria-label", file.name);
      row.append(words, bar);
      this.rows.append(row);
      return { row, words, bar };
    }

    words(key, file) { return this.dataset[key].replace("{name}", file.name); }

    tell(text) { this.say.textContent = text; }

    headers(more) {
      const token = this.closest("form").querySelector('[name="csrfmiddlewaretoken"]').value;
      return { "X-CSRFToken": token, Accept: "application/json", ...more };
    }

    async work() {
      if (this.busy) return;
      this.busy = true;
      while (this.queue.length) await this.deliver(this.queue.shift());
      this.busy = false;
      const { pending } = this;
      this.pending = null;
      if (pending && this.isConnected && !this.querySelector('[data-state="refused"]')) pending.form.requestSubmit(pending.button);
    }

    /* Sends one file to its end; a broken line waits and begins anew at the offset the server names. */
    async deliver(item) {
      for (let tries = 0; ; tries += 1) {
        try {
          const { status, answer } = await this.once(item);
          if (status === 409) continue;
          this.close(item, status, answer);
          return;
        } catch (error) {
          if (!(error instanceof TypeError)) throw error;
          item.row.words.textContent = this.words("waiting", item.file);
          this.tell(item.row.words.textContent);
          await this.pause(item, WAITS[Math.min(tries, WAITS.length - 1)]);
          item.row.words.textContent = this.words("sending", item.file);
        }
      }
    }

    async once({ file, row }) {
      const start = new FormData();
      start.set("name", file.name);
      start.set("size", file.size);
      start.set("fingerprint", `${file.name}:${file.size}:${file.lastModified}`);
      const begun = await request(this.dataset.url, { method: "POST", headers: this.headers(), body: start });
      if (begun.status === 422) return begun;
      const place = `${this.dataset.url}${begun.answer.id}/`;
      let offset = begun.answer.offset;
      while (offset < file.size) {
        row.bar.value = Math.round((offset / file.size) * 100);
        const piece = file.slice(offset, offset + Number(this.dataset.chunk));
        const headers = this.headers({ "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" });
        const sent = await request(place, { method: "PATCH", headers, body: piece });
        if (sent.status === 422) return sent;
        offset = sent.answer.offset;
      }
      row.bar.value = 100;
      return request(place, { method: "POST", headers: this.headers() });
    }

    close({ file, row }, status, answer) {
      if (status !== 200) {
        row.bar.remove();
        row.row.dataset.state = "refused";
        row.words.textContent = answer.message || file.name;
        row.words.className = "wd-error";
        this.tell(row.words.textContent);
        return;
      }
      row.row.remove();
      const list = document.getElementById(this.dataset.list);
      if (list && answer.html) list.innerHTML = answer.html;
      this.tell(this.words("done", file));
    }

    /* Waits, at most until the browser says that it is online again or the person presses the button. */
    pause(item, time) {
      return new Promise((resolve) => {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "wd-button";
        button.dataset.kind = "outline";
        button.dataset.size = "sm";
        button.textContent = this.dataset.retry;
        item.row.row.append(button);
        const timer = setTimeout(done, time);
        function done() {
          clearTimeout(timer);
          removeEventListener("online", done);
          button.remove();
          resolve();
        }
        button.addEventListener("click", done);
        addEventListener("online", done);
      });
    }
  }

  customElements.define("mdg-files", MdgFiles);
})();
