"use strict";
// The table of works: the rows are in the page, made and escaped there. This only chooses which of
// them stand in the table, and in which order.
(() => {
  const at = (id) => document.getElementById(id);
  const table = at("table"), body = table.tBodies[0], heads = [...table.tHead.rows[0].cells];
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const collator = new Intl.Collator("en", { numeric: true });
  const STEP = Math.max(body.rows.length, 1); // as many at a time as the page has at first
  const number = (text) => (text === undefined ? -Infinity : Number(text));

  const works = [...body.rows, ...at("rest").content.children].map((row, order) => ({
    row,
    order,
    year: row.dataset.y,
    status: row.dataset.s,
    shelves: ` ${row.dataset.n} `,
    keys: {
      title: row.querySelector(".t").textContent,
      year: number(row.dataset.y === "none" ? undefined : row.dataset.y),
      venue: row.cells[2].textContent.replace(/^–/, ""),
      count: number(row.dataset.c),
      gained: number(row.dataset.g),
      lists: row.cells[5].childElementCount,
    },
    text: fold(
      [...row.querySelectorAll(".t, .by, dd, td:nth-child(3)")].map((e) => e.textContent).join(" ")
    ),
  }));

  let chosen = works, shown = STEP, key = "count", falls = true;

  const show = () => {
    const rows = chosen.slice(0, shown).map((work) => work.row);
    // The first letters often leave the same works on top: then there is nothing to lay out.
    const isSame = rows.length === body.rows.length && rows.every((row, n) => row === body.rows[n]);
    if (!isSame) body.replaceChildren(...rows);
    const left = chosen.length - shown;
    at("more").hidden = at("all").hidden = left <= 0;
    at("more").textContent = `Show ${Math.min(left, STEP)} more`;
    at("all").textContent = `Show all ${chosen.length.toLocaleString("en")}`;
  };

  const compare = (a, b) => {
    const one = a.keys[key], other = b.keys[key];
    if (typeof one !== "string") {
      return (one === other ? 0 : (one < other) === falls ? 1 : -1) || a.order - b.order;
    }
    if (!one || !other) return !one - !other || a.order - b.order; // what is not known comes last
    return (falls ? -1 : 1) * collator.compare(one, other) || a.order - b.order;
  };

  const filter = () => {
    const words = fold(at("find").value).split(/\s+/).filter(Boolean);
    const shelf = at("shelf").value && ` ${at("shelf").value} `;
    const year = at("year").value, status = at("status").value;
    chosen = works.filter(
      (work) =>
        (!shelf || work.shelves.includes(shelf)) &&
        (!year || work.year === year) &&
        (!status || work.status === status) &&
        words.every((word) => work.text.includes(word))
    );
    shown = STEP;
    const all = works.length.toLocaleString("en");
    at("found").textContent =
      chosen.length === works.length
        ? `${all} works`
        : `${chosen.length.toLocaleString("en")} of ${all} works`;
    show();
  };

  const sort = (head) => {
    const textual = ["title", "venue"].includes(head.dataset.key);
    falls = head.dataset.key === key ? !falls : !textual;
    key = head.dataset.key;
    for (const each of heads) each.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", falls ? "descending" : "ascending");
    works.sort(compare);
    filter();
  };

  for (const head of heads) head.firstElementChild.addEventListener("click", () => sort(head));
  at("filters").addEventListener("input", filter);
  at("filters").addEventListener("submit", (event) => event.preventDefault());
  at("filters").addEventListener("reset", () => setTimeout(filter));
  at("more").addEventListener("click", () => {
    const next = chosen[shown];
    shown += STEP;
    show();
    next.row.querySelector("a, summary").focus();
  });
  at("all").addEventListener("click", () => {
    shown = chosen.length;
    show();
  });
  // Paper has no buttons: everything that the filters leave is printed.
  let before = shown;
  addEventListener("beforeprint", () => {
    before = shown;
    shown = chosen.length;
    show();
  });
  addEventListener("afterprint", () => {
    shown = before;
    show();
  });
  show();
})();
