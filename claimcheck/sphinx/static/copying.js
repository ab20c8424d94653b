// Code and displayed formulas are copied by a button, and what is selected with its formulas as TeX.
document.addEventListener("DOMContentLoaded", () => {
  const tex = math => math.querySelector("annotation")?.textContent ?? math.textContent;
  const written = math => (math.getAttribute("display") === "block" ? `$$${tex(math)}$$` : `$${tex(math)}$`);
  const formulaAround = node => (node.nodeType === 1 ? node : node.parentElement)?.closest("math");

  // What is selected, formulas as a whole and as their TeX; nothing if there are none.
  const withTex = selection => {
    const range = selection.getRangeAt(0).cloneRange();
    const [first, last] = [formulaAround(range.startContainer), formulaAround(range.endContainer)];
    if (first) range.setStartBefore(first);
    if (last) range.setEndAfter(last);
    const copied = document.createElement("div");
    copied.append(range.cloneContents());
    const formulas = copied.querySelectorAll("math");
    for (const math of formulas) math.replaceWith(written(math));
    for (const aside of copied.querySelectorAll(".headerlink, button")) aside.remove();
    return formulas.length ? copied : null;
  };

  // Text as it would be copied, with a line for each block: a browser tells of what is laid out alone.
  const laidOut = element => {
    element.style.cssText = "position: fixed; inset-inline-start: -9999px; width: 100vw";
    document.body.append(element);
    const text = element.innerText;
    element.remove();
    return text;
  };

  document.addEventListener("copy", event => {
    const selection = document.getSelection();
    const copied = selection.rangeCount && !selection.isCollapsed && withTex(selection);
    if (!copied) return;
    event.clipboardData.setData("text/html", copied.innerHTML);
    event.clipboardData.setData("text/plain", laidOut(copied));
    event.preventDefault();
  });

  // The command needs no permission, and works where a page comes from a file.
  const copy = text => {
    const put = event => {
      event.clipboardData.setData("text/plain", text);
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    document.addEventListener("copy", put, { capture: true, once: true });
    const copied = document.execCommand("copy");
    document.removeEventListener("copy", put, { capture: true });
    return copied;
  };
  const addButton = (box, words, text) => {
    const button = document.createElement("button");
    Object.assign(button, { className: "copy", type: "button", textContent: words, ariaLive: "polite" });
    button.addEventListener("click", () => {
      button.textContent = copy(text()) ? "Copied" : "Not copied";
      setTimeout(() => (button.textContent = words), 1500);
    });
    box.append(button);
  };

  for (const box of document.querySelectorAll(".equation:has(math)")) {
    addButton(box, "Copy TeX", () => tex(box.querySelector("math")));
  }

  // Code without the prompts and the outputs of a session: of Python, or of a shell, where \ continues a line.
  const typed = code => {
    const text = code.trimEnd(), of = { ">>>": /^(>>>|\.\.\.)( |$).*$/gm, "$": /^(\$)( |$)(.*\\\n)*.*$/gm }[text.split(/\s/)[0]];
    return of ? text.match(of).map(line => line.replace(/^\S+ ?/, "")).join("\n") : text;
  };
  for (const box of document.querySelectorAll("article .highlight")) {
    if (!box.closest(".cell_output")) addButton(box, "Copy", () => typed(box.querySelector("pre").textContent));
  }
});
