// A list with a search in it (select2) has no name for a screen reader: it takes that of its field's label.
function nameLists() {
  for (const chosen of document.querySelectorAll(".select2-selection__rendered:not([aria-labelledby])")) {
    const field = chosen.id.replace(/^select2-|-container$/g, "");
    const label = document.querySelector(`label[for="${field}"]`);
    if (!label) continue;
    label.id ||= `${field}-label`;
    chosen.setAttribute("aria-labelledby", label.id);
    chosen.closest(".select2-selection").setAttribute("aria-labelledby", `${label.id} ${chosen.id}`);
  }
}

// They are made some time after the page has loaded, and again when a row is added.
new MutationObserver(nameLists).observe(document, { childList: true, subtree: true });
