// The queue and one violation by keyboard: j and k move, x selects, y confirms, n dismisses, o opens, ? helps.
// Everything that a key does a link or a button on the page does as well.
"use strict";

(() => {
  const help = document.querySelector("[data-keys]");
  const list = document.querySelector("[data-queue]");
  const rows = list ? Array.from(list.querySelectorAll("[data-case]")) : [];
  let current = -1;

  const isTyping = (target) =>
    target.isContentEditable ||
    target.tagName === "TEXTAREA" ||
    target.tagName === "SELECT" ||
    (target.tagName === "INPUT" && target.type !== "checkbox");

  const go = (selector) => {
    const link = document.querySelector(selector);
    if (link) link.click();
    return Boolean(link);
  };

  const show = (number) => {
    if (rows.length === 0) return;
    current = Math.max(0, Math.min(rows.length - 1, number));
    rows.forEach((row, at) => row.classList.toggle("chosen", at === current));
    const box = rows[current].querySelector("[data-pick]") || rows[current].querySelector("a");
    box.focus({ preventScroll: true });
    rows[current].scrollIntoView({ block: "nearest" });
  };

  const boxes = () => rows.map((row) => row.querySelector("[data-pick]")).filter(Boolean);

  const count = () => {
    const chosen = boxes().filter((box) => box.checked).length;
    document.querySelectorAll("[data-chosen]").forEach((place) => { place.textContent = `已选 ${chosen} 个`; });
    const all = document.querySelector("[data-pick-all]");
    if (all) {
      all.checked = chosen > 0 && chosen === boxes().length;
      all.indeterminate = chosen > 0 && chosen < boxes().length;
    }
  };

  const pick = (number) => {
    const box = rows[number] ? rows[number].querySelector("[data-pick]") : null;
    if (!box) return;
    box.checked = !box.checked;
    count();
  };

  // What a key decides on: everything that is selected, else the row where the person is.
  const ensureChosen = () => {
    if (boxes().some((box) => box.checked)) return true;
    if (current < 0) return false;
    pick(current);
    return true;
  };

  const open = (selector) => {
    const panel = document.querySelector(selector);
    if (!panel) return;
    panel.open = true;
    panel.scrollIntoView({ block: "nearest" });
    const first = panel.querySelector("select, input:not([type=hidden]), textarea");
    if (first) first.focus();
  };

  const keys = {
    j: () => { if (!go("[data-next]")) show(current + 1); },
    k: () => { if (!go("[data-previous]")) show(current < 0 ? 0 : current - 1); },
    x: () => pick(current),
    o: () => { if (current >= 0) rows[current].querySelector("[data-open]").click(); },
    u: () => go("[data-back]"),
    y: () => { if (!list || ensureChosen()) go("[data-confirm-cases]"); },
    n: () => { if (!list || ensureChosen()) open("[data-dismiss]"); },
    t: () => { if (!list || ensureChosen()) open("[data-notify]"); },
    "/": () => { const field = document.querySelector("input[type=search]"); if (field) field.focus(); },
    "?": () => { if (help && help.showModal && !help.open) help.showModal(); },
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  document.querySelectorAll("[data-show-keys]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => keys["?"]());
  });
  if (help) help.querySelectorAll("[data-hide-keys]").forEach((one) => one.addEventListener("click", () => help.close()));

  rows.forEach((row, at) => row.addEventListener("focusin", () => {
    current = at;
    rows.forEach((other, number) => other.classList.toggle("chosen", number === at));
  }));
  if (list) list.addEventListener("change", (event) => { if (event.target.matches("[data-pick]")) count(); });
  const all = document.querySelector("[data-pick-all]");
  if (all) {
    all.closest("[hidden]")?.removeAttribute("hidden");
    all.addEventListener("change", () => { boxes().forEach((box) => { box.checked = all.checked; }); count(); });
  }
  if (list) count();
})();
