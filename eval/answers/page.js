"use strict";
const cards = [...document.querySelectorAll("details.question")];
const find = (id) => document.getElementById(id);
const [outcome, category, words, unfold, shown] = ["outcome", "category", "words", "unfold", "shown"].map(find);

function filter() {
  const wanted = words.value.trim().toLowerCase();
  let count = 0;
  for (const card of cards) {
    const hit =
      (!outcome.value || card.dataset.outcome === outcome.value) &&
      (!category.value || card.dataset.category === category.value) &&
      (!wanted || card.textContent.toLowerCase().includes(wanted));
    card.hidden = !hit;
    count += hit;
  }
  shown.textContent = `${count} / ${cards.length}`;
}

for (const control of [outcome, category]) control.addEventListener("change", filter);
words.addEventListener("input", filter);
unfold.addEventListener("change", () => {
  for (const card of cards) card.open = unfold.checked;
});
document.querySelector("form.filters").addEventListener("submit", (event) => event.preventDefault());
filter();
