// Keys for officers. Everything they do is also a link or a button on the page.
"use strict";

const rows = () => [...document.querySelectorAll(".queue tbody a")];

function step(by) {
  const links = rows();
  const at = links.indexOf(document.activeElement);
  links[Math.min(Math.max(at + by, 0), links.length - 1)]?.focus();
}

const keys = {
  "?": () => document.getElementById("keys")?.showModal(),
  "/": () => document.getElementById("search")?.focus(),
  j: () => step(1),
  k: () => step(-1),
  n: () => document.querySelector(".decision-bar a[rel=next]")?.click(),
  p: () => document.querySelector(".decision-bar a[rel=prev]")?.click(),
  d: () => document.querySelector("#decision input")?.focus(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog")) return;
  const act = keys[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
});
