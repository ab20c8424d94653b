// A link to a claim, a formula, an entry of the reference or a theorem shows it: under the pointer, at the focus, at the first tap.
document.addEventListener("DOMContentLoaded", () => {
  if (!HTMLElement.prototype.showPopover) return;
  const root = new URL(document.documentElement.dataset.content_root, location);
  const box = document.createElement("div");
  Object.assign(box, { id: "preview", className: "preview", popover: "manual", role: "tooltip" });
  document.body.append(box);

  const known = {};
  window.previews = (page, found) => { known[page] = found; };
  const load = page => new Promise(resolve => {
    if (page in known) return resolve();
    const script = document.createElement("script");
    script.src = new URL(`_static/previews/${page}.js`, root);
    script.onload = script.onerror = resolve;
    document.head.append(script);
  });
  const linkAt = target => {
    const link = target.closest?.("article a[href*='#']:not(.headerlink, .proved p *)");
    return link?.href.startsWith(root.href) ? link : null;
  };
  const find = async link => {
    const path = decodeURI(link.pathname.slice(root.pathname.length));
    const page = path.replace(/(\.html|\/)$/, "") || "index";
    await load(page);
    return known[page]?.[decodeURIComponent(link.hash.slice(1))];
  };

  let shown = null, wanted = null, leaving;
  const hide = () => {
    wanted = null;
    if (shown) box.hidePopover();
    shown?.removeAttribute("aria-describedby");
    shown = null;
  };
  const place = () => {
    const at = shown.getClientRects()[0], { width, height } = box.getBoundingClientRect();
    const below = at.bottom + 6 + height <= innerHeight || at.top < height + 6;
    box.style.left = `${Math.max(8, Math.min(at.left, document.documentElement.clientWidth - width - 8))}px`;
    box.style.top = `${below ? at.bottom + 6 : at.top - height - 6}px`;
    if (at.bottom < 0 || at.top > innerHeight) hide();
  };
  const show = async (link, tapped) => {
    clearTimeout(leaving);
    if (shown === link) return true;
    hide();
    wanted = link;
    const html = await find(link);
    if (!html || wanted !== link) return Boolean(html);
    box.innerHTML = html;
    if (tapped) box.insertAdjacentHTML("beforeend", `<p><a href="${link.href}">Go there</a></p>`);
    box.showPopover();
    link.setAttribute("aria-describedby", "preview");
    shown = link;
    link.scrollIntoView({ block: "nearest", behavior: "instant" }); // the focus may come before the page moves
    place();
    return true;
  };
  const leave = () => {
    wanted = null;
    leaving = setTimeout(hide, 250);
  };

  document.addEventListener("pointerover", event => {
    if (event.pointerType === "touch") return;
    const link = linkAt(event.target);
    if (link) show(link);
    else if (box.contains(event.target)) clearTimeout(leaving);
  });
  document.addEventListener("pointerout", event => {
    const within = node => node && (box.contains(node) || (shown ?? wanted)?.contains(node));
    if (event.pointerType !== "touch" && within(event.target) && !within(event.relatedTarget)) leave();
  });
  document.addEventListener("focusin", event => {
    const link = linkAt(event.target);
    if (link?.matches(":focus-visible")) show(link);
    else if (!box.contains(event.target)) hide();
  });
  document.addEventListener("keydown", event => { if (event.key === "Escape") hide(); });
  document.addEventListener("scroll", () => { if (shown) place(); });
  document.addEventListener("click", async event => {
    const link = linkAt(event.target);
    if (event.pointerType !== "touch" || !link) {
      if (!box.contains(event.target) || event.target.closest("a")) hide();
    } else if (link !== shown) {
      event.preventDefault();
      if (!await show(link, true)) location.assign(link.href);
    }
  });
});
