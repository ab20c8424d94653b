document.addEventListener("DOMContentLoaded", () => {
  // Two landmarks of one kind need names to be told apart.
  document.querySelector(".sidebar-drawer")?.setAttribute("aria-label", "Site");
  document.querySelector(".toc-drawer")?.setAttribute("aria-label", "This page");

  // What scrolls sideways must be reachable by keyboard, whatever the width of the window and the fonts.
  const boxes = document.querySelectorAll("pre, .math-block, .math-line, .verdict, .table-wrapper");
  const reach = () => {
    for (const box of boxes) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };
  reach();
  document.fonts.ready.then(reach);
  window.addEventListener("resize", reach);

  // A link to a section that is folded opens it.
  const unfold = () => {
    const section = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    section?.querySelector(":scope > details.folded")?.setAttribute("open", "");
  };
  unfold();
  window.addEventListener("hashchange", unfold);
});
