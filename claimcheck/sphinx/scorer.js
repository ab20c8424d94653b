// The search's own scores, but what has all that was typed in its name comes first: "2.3", "halves".
const typed = (new URLSearchParams(location.search).get("q") ?? "").trim().toLowerCase();
var Scorer = {
  score: ([, name, , , score]) => score + (typed && name.toLowerCase().includes(typed) ? 100 : 0),
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};

// What it shows of a page has each formula once.
document.addEventListener("DOMContentLoaded", () => {
  const plain = Search.htmlToText;
  Search.htmlToText = (html, ...others) => plain(html.replace(/<annotation.*?<\/annotation>/gs, ""), ...others);
});
