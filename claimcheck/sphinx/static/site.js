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

  // Code is copied without the prompts and the outputs of a session.
  const typed = code => {
    const lines = code.trimEnd().split("\n"), prompt = /^(>>>|\.\.\.|\$)( |$)/;
    const session = prompt.test(lines[0]);
    return session ? lines.filter(line => prompt.test(line)).map(line => line.replace(prompt, "")).join("\n") : lines.join("\n");
  };
  const copy = async text => {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const field = document.createElement("textarea"); // where the site is not served safely
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  };
  for (const block of document.querySelectorAll("article .highlight")) {
    if (block.closest(".cell_output")) continue;
    const button = document.createElement("button");
    Object.assign(button, { className: "copy", type: "button", textContent: "Copy", ariaLive: "polite" });
    button.addEventListener("click", async () => {
      await copy(typed(block.querySelector("pre").textContent));
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
    });
    block.append(button);
  }
});
