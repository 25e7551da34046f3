/* Makes the pages quicker to use; every page is whole without it. */
(() => {
  const root = document.documentElement;
  const $ = (selector, from = document) => from.querySelector(selector);
  const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
  const store = {
    get() { try { return localStorage.getItem("theme"); } catch { return null; } },
    set(theme) { try { localStorage.setItem("theme", theme); } catch { /* a closed store only forgets the choice */ } },
  };

  root.classList.add("js");
  if (!root.dataset.theme && !root.dataset.themeUrl && store.get()) root.dataset.theme = store.get();

  function toggleTheme() {
    const dark = getComputedStyle(root).colorScheme === "dark" || (!root.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
    const theme = dark ? "light" : "dark";
    root.dataset.theme = theme;
    store.set(theme);
    const headers = JSON.parse(document.body.getAttribute("hx-headers:inherited") || "{}");
    if (root.dataset.themeUrl) fetch(root.dataset.themeUrl, { method: "POST", headers, body: new URLSearchParams({ theme }) });
  }

  async function copy(button) {
    const { copy, done = "✓", share } = button.dataset, text = copy || $("pre", button.closest(".code")).textContent;
    if (share && navigator.share) return navigator.share({ text }).catch(() => { /* closed without sending */ });
    try { await navigator.clipboard.writeText(text); } catch { /* over plain HTTP there is none */
      const area = document.body.appendChild(document.createElement("textarea"));
      area.value = text;
      area.select();
      document.execCommand("copy");
      area.remove();
      button.focus();
    }
    const label = $("span", button) || button, words = label.textContent;
    label.textContent = done;
    setTimeout(() => { label.textContent = words; }, 1500);
  }

  const offline = () => $$("[data-offline]").forEach((note) => { note.hidden = false; });

  /* Rows of a list, or the links to the neighbours of a dialogue. */
  function walk(step) {
    const link = $(step > 0 ? "a[rel=next][data-key]" : "a[rel=prev][data-key]");
    if (link) return link.click();
    const rows = $$("[data-row]");
    if (rows.length) rows[Math.max(0, Math.min(rows.length - 1, rows.indexOf(document.activeElement) + step))].focus();
  }

  /* The days of a trend: how deep each lies stands in data-days, its words are a row of the table below. */
  function daysOf(figure) {
    const depths = figure.dataset.days.split(" "), rows = $$("tbody tr", figure.parentElement);
    return depths.map((depth, i) => ({ depth, row: rows[i], place: 100 * i / Math.max(1, depths.length - 1) })).filter((day) => day.depth !== "-");
  }

  function wordsOf(figure, row) {
    const [day, value, n, pending] = [...row.cells].map((cell) => cell.textContent), told = { day, value, n, pending };
    return figure.dataset[pending === "0" ? "said" : "deciding"].replace(/{(\w+)}/g, (all, name) => told[name]);
  }

  function showDay(figure, at) {
    const days = daysOf(figure);
    figure.at = Math.max(0, Math.min(days.length - 1, at));
    const { place, depth, row } = days[figure.at];
    let tip = $(".tip", figure);
    if (!tip) {
      tip = document.createElement("div");
      tip.className = "tip";
      tip.setAttribute("role", "status");
      figure.append(tip);
    }
    const box = $("svg", figure).getBoundingClientRect(), frame = figure.getBoundingClientRect();
    tip.textContent = wordsOf(figure, row);
    const half = tip.offsetWidth / 2, left = box.left - frame.left + box.width * place / 100;
    tip.style.left = `${Math.max(half, Math.min(frame.width - half, left))}px`;
    tip.style.top = `${box.top - frame.top + box.height * depth / 100}px`;
  }
  const hideDay = (figure) => { $(".tip", figure)?.remove(); delete figure.at; };

  function pointDay(event) {
    const figure = event.target.closest?.(".plot[data-days]");
    $$(".plot[data-days]").forEach((other) => { if (other !== figure && other !== document.activeElement) hideDay(other); });
    if (!figure) return;
    const box = $("svg", figure).getBoundingClientRect(), place = 100 * (event.clientX - box.left) / box.width;
    const days = daysOf(figure);
    if (days.length) showDay(figure, days.reduce((best, day, i) => Math.abs(day.place - place) < Math.abs(days[best].place - place) ? i : best, 0));
  }

  function trendKey(figure, code) {
    const last = daysOf(figure).length - 1, at = figure.at ?? last + 1;
    const to = { ArrowLeft: at - 1, ArrowRight: figure.at === undefined ? 0 : at + 1, Home: 0, End: last }[code];
    if (code === "Escape") hideDay(figure);
    else if (to !== undefined && last >= 0) showDay(figure, to);
    else return false;
    return true;
  }

  let gone = 0;
  const places = { KeyT: "today", KeyO: "overview", KeyW: "waiting", KeyD: "dialogues", KeyA: "findings" };
  function pageKey(event) {
    if (Date.now() - gone < 1200 && places[event.code]) {
      gone = 0;
      return $(`.side [data-go="${places[event.code]}"]`)?.click();
    }
    if (event.key === "?" || (event.code === "Slash" && event.shiftKey)) return $("#keys")?.showModal();
    switch (event.code) {
      case "Slash": event.preventDefault(); return $("#search")?.focus();
      case "KeyG": gone = Date.now(); return;
      case "KeyJ": return walk(1);
      case "KeyK": return walk(-1);
      case "KeyT": return $(".figures > summary")?.click();
    }
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const figure = event.target.closest?.(".plot[data-days]");
    if (figure && trendKey(figure, event.code)) return event.preventDefault();
    if (root.dataset.keys === "off" || event.target.closest("input, select, textarea, dialog, [contenteditable]")) return;
    pageKey(event);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-toggle], [data-copy]");
    if (button) button.hasAttribute("data-copy") ? copy(button) : toggleTheme();
  });
  document.addEventListener("pointermove", pointDay);
  addEventListener("offline", offline);
  document.addEventListener("htmx:error", offline);
  document.addEventListener("focusout", (event) => { if (event.target.matches?.(".plot[data-days]")) hideDay(event.target); });
})();
