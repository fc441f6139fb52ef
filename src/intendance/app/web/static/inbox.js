// Keys of the inbox: j k move, a accepts, e edits, r rejects, u takes back. Links and forms do the same.
"use strict";
const cards = [...document.querySelectorAll("[data-proposal]")];
let place = Math.max(0, cards.findIndex((each) => `#${each.id}` === location.hash));
const show = (step) => {
  place = Math.min(cards.length - 1, Math.max(0, place + step));
  cards.forEach((each, number) => each.classList.toggle("here", number === place));
  cards[place].focus({ preventScroll: true });
  cards[place].scrollIntoView({ block: "nearest" });
  const name = cards[place].id.slice(2);
  for (const mark of document.querySelectorAll("mark")) {
    const here = mark.querySelector("a").getAttribute("href") === `#w-${name}`;
    mark.classList.toggle("here", here);
    if (here && mark.id) mark.scrollIntoView({ block: "nearest" });
  }
};
if (cards.length) {
  cards[place].classList.add("here");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" && event.target.dataset.rejects) {
      // The reason was asked for by r: Enter rejects, it must not press the form's first button.
      event.preventDefault();
      event.target.closest("[data-proposal]").querySelector('[data-key="r"]').click();
      return;
    }
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
    if (event.key === "j") { show(1); event.preventDefault(); return; }
    if (event.key === "k") { show(-1); event.preventDefault(); return; }
    const button = cards[place].querySelector(`[data-key="${event.key}"]`);
    if (!button || !"aeru".includes(event.key)) return;
    event.preventDefault();
    if (event.key === "e") {
      button.parentElement.open = true;
      const field = button.parentElement.querySelector("input:not([type=hidden])");
      if (field) field.focus();
      return;
    }
    if (event.key === "r") {
      // A rejection needs a reason: the first press leads to it, Enter and the button reject.
      const reason = cards[place].querySelector("input[name=reason]");
      if (reason && !reason.value) {
        reason.required = true;
        reason.dataset.rejects = "yes";
        const done = () => { delete reason.dataset.rejects; reason.required = false; };
        reason.addEventListener("blur", done, { once: true });
        reason.focus();
        return;
      }
    }
    button.click();
  });
}
