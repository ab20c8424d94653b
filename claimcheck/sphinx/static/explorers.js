// An explorer's slider shows another of the frames that were computed when the site was built.
document.addEventListener("DOMContentLoaded", () => {
  for (const figure of document.querySelectorAll("figure.explorer")) {
    const changes = JSON.parse(figure.querySelector("script").textContent);
    const sliders = [...figure.querySelectorAll("input")];
    const show = () => {
      let frame = 0;
      for (const slider of sliders) {
        frame = frame * (Number(slider.max) + 1) + Number(slider.value);
        const words = JSON.parse(slider.dataset.positions)[slider.value];
        slider.setAttribute("aria-valuetext", words);
        slider.nextElementSibling.value = words;
      }
      for (const { id, set, to, names } of changes) {
        const element = document.getElementById(id);
        if (set === "text") element.textContent = to[frame];
        else if (set === "cells") [...element.children].forEach((cell, k) => cell.setAttribute("class", names[to[frame][k]]));
        else element.setAttribute(set, to[frame]);
      }
    };
    figure.addEventListener("input", show);
    figure.addEventListener("click", ({ target }) => {
      if (!target.dataset.at) return;
      target.dataset.at.split(",").forEach((position, k) => { sliders[k].value = position; });
      show();
    });
  }
});
