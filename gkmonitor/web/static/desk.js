// The desk's own behaviour: the menu on small screens, questions before what cannot be undone, errors of requests,
// pictures. Everything works without it apart from pictures, which have tables.
"use strict";

(() => {
  const menu = document.querySelector("[data-menu]");
  const navigation = document.querySelector("[data-navigation]");
  if (menu && navigation) {
    menu.hidden = false;
    document.documentElement.classList.add("has-menu");
    const open = (isOpen) => {
      menu.setAttribute("aria-expanded", String(isOpen));
      navigation.classList.toggle("open", isOpen);
    };
    menu.addEventListener("click", () => open(menu.getAttribute("aria-expanded") !== "true"));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && menu.getAttribute("aria-expanded") === "true") {
        open(false);
        menu.focus();
      }
    });
  }
})();

// ---------------------------------------------------------------- questions

(() => {
  const dialog = document.querySelector("[data-ask]");
  if (!dialog || !dialog.showModal) return;
  let waiting = null;

  const ask = (words, go) => {
    dialog.querySelector("[data-ask-words]").textContent = words;
    waiting = go;
    dialog.showModal();
  };
  dialog.querySelector("[data-ask-yes]").addEventListener("click", () => {
    const go = waiting;
    waiting = null;
    dialog.close();
    if (go) go();
  });
  dialog.querySelector("[data-ask-no]").addEventListener("click", () => dialog.close());

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const words = form.dataset ? form.dataset.confirm : null;
    if (!words || form.dataset.confirmed === "yes") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const by = event.submitter;
    ask(words, () => {
      form.dataset.confirmed = "yes";
      form.requestSubmit(by || undefined);
      delete form.dataset.confirmed;
    });
  }, true);

  document.addEventListener("htmx:confirm", (event) => {
    const words = event.detail.question;
    if (!words) return;
    event.preventDefault();
    ask(words, () => event.detail.issueRequest(true));
  });
})();

// ---------------------------------------------------------------- requests

(() => {
  const place = document.querySelector("[data-request-error]");
  const tell = (words) => {
    if (!place) return;
    place.textContent = words;
    place.hidden = false;
    place.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("htmx:beforeRequest", () => { if (place) place.hidden = true; });
  document.addEventListener("htmx:sendError", () => tell("服务器没有响应，请检查网络后重试"));
  document.addEventListener("htmx:responseError", (event) => {
    let words = "操作没有完成，请重试";
    try {
      words = JSON.parse(event.detail.xhr.responseText).detail || words;
    } catch (_error) { /* not one of our objects */ }
    tell(words);
  });
})();

// ---------------------------------------------------------------- copying

document.addEventListener("click", (event) => {
  const button = event.target.closest ? event.target.closest("[data-copy]") : null;
  if (!button) return;
  const from = document.getElementById(button.dataset.copy);
  if (!from || !navigator.clipboard) return;
  navigator.clipboard.writeText(from.textContent.trim()).then(() => { button.textContent = "已复制"; });
});

// ---------------------------------------------------------------- filters on a phone, frames that are loading

(() => {
  const narrow = window.matchMedia("(max-width: 640px)");
  const MANY = 3; // fields; fewer leave the list in sight
  const used = (form) => {
    const asked = new URLSearchParams(window.location.search);
    const names = new Set([...form.elements].filter((one) => one.type !== "hidden").map((one) => one.name));
    return [...names].filter((name) => name && name !== "sort" && asked.get(name)).length;
  };
  const fold = () => {
    document.querySelectorAll("[data-fold]").forEach((one) => {
      const form = one.querySelector("form");
      const folds = narrow.matches && form.querySelectorAll(".field").length >= MANY;
      const number = used(form);
      one.classList.toggle("folds", folds);
      one.open = !folds;
      one.querySelector("[data-fold-count]").textContent = number ? `（已用 ${number} 项）` : "";
    });
  };
  fold();
  narrow.addEventListener("change", fold);
})();

document.querySelectorAll("[data-waits]").forEach((frame) => {
  const box = frame.parentElement;
  const words = box.querySelector(".frame-words");
  const done = () => {
    box.classList.remove("waits");
    words.hidden = true;
  };
  words.hidden = false;
  box.classList.add("waits");
  frame.addEventListener("load", done);
  frame.loading = "eager"; // what is looked at next; loaded beside the page, after it
  window.addEventListener("load", done); // frames that were ready before this script ran
});
