"use strict";
// Chooses among rows and sentences that the library computed; no rule of it is repeated here.
(function () {
  const at = (id) => document.getElementById(id);
  const grid = JSON.parse(at("grid").textContent);
  const words = (places) => places.map((place) => grid.pieces[place]).join("");
  const W = 700, FOOT = 72;

  function svg(name, values, parent) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const key in values) made.setAttribute(key, values[key]);
    parent.appendChild(made);
    return made;
  }

  function lines(parent, x, y, texts, kind) {
    const text = svg("text", { x: x, y: y, class: kind }, parent);
    texts.forEach((one, row) => {
      svg("tspan", { x: x, dy: row ? "1.1em" : 0 }, text).textContent = one;
    });
  }

  function bar(picture, ends, x, y, first, last) {
    const at = (end) => end === "before" ? x(first - 1.2) : end === "after" ? x(last + 1.2) : x(end);
    const [low, middle, high] = ends;
    svg("line", { x1: at(low), x2: at(high), y1: y, y2: y, class: "bar" }, picture);
    const arrow = (tip, way) => svg("path", {
      d: "M" + (tip - 9 * way) + " " + (y - 6) + "L" + tip + " " + y + "L" + (tip - 9 * way) + " " +
        (y + 6) + "Z", class: "ink" }, picture);
    if (low === "before") arrow(at(low) - 4, -1);
    if (high === "after") arrow(at(high) + 4, 1);
    if (typeof middle === "number") svg("circle", { cx: at(middle), cy: y, r: 5, class: "ink" }, picture);
  }

  function draw(law, index, prob) {
    const dots = law.dots[index], left = dots.span[0], size = W / (dots.span[1] - left);
    const outer = dots.before.concat(dots.after);
    const tall = Math.max(6, ...dots.heights, ...outer.map((cell) => cell[1] + 1));
    const foot = window.matchMedia("(max-width: 560px)").matches ? 104 : FOOT;
    const height = tall * size + foot, base = tall * size;
    const x = (column) => (column - left) * size;
    const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    picture.setAttribute("viewBox", "0 0 " + W + " " + height);
    const dot = (column, row, kind) =>
      svg("circle", { cx: x(column), cy: base - (row + 0.5) * size, r: 0.45 * size, class: kind },
        picture);
    dots.heights.forEach((count, column) => {
      for (let row = 0; row < count; row += 1) dot(column, row, "dated");
    });
    outer.forEach((cell) => dot(cell[0], cell[1], "outer"));
    svg("line", { x1: x(-0.5), x2: x(dots.heights.length - 0.5), y1: base + 1, y2: base + 1 },
      picture);
    dots.ticks.forEach((tick) => {
      svg("line", { x1: x(tick[0]), x2: x(tick[0]), y1: base + 1, y2: base + 6 }, picture);
      lines(picture, x(tick[0]), base + 22, tick[1].split("\n"), "");
    });
    [[dots.before, law.already[index], law.start], [dots.after, law.undated[index], law.end]]
      .forEach((side) => {
        if (!side[0].length) return;
        const columns = side[0].map((cell) => cell[0]);
        const middle = (Math.min(...columns) + Math.max(...columns)) / 2;
        const parts = side[2].match(/^(\S+ by) (.*)$/);
        const when = parts[2].split(" or ");
        const said = [side[1], parts[1], when[0]].concat(when[1] ? ["or " + when[1]] : []);
        lines(picture, x(middle), base + 14, said, "outer");
      });
    bar(picture, law.bars[index][prob], x, height - 10, 0, dots.heights.length - 1);
    at("dots").replaceChildren(picture);
  }

  function show() {
    const law = grid.laws[at("law").selectedIndex];
    const threshold = Number(at("threshold").value), prob = Number(at("prob").value);
    at("threshold-said").textContent = law.thresholds[threshold];
    at("threshold").setAttribute("aria-valuetext", law.thresholds[threshold]);
    at("prob-said").textContent = grid.probs[prob];
    at("prob").setAttribute("aria-valuetext", grid.probs[prob]);
    at("said").textContent = words(law.said[threshold][prob]);
    ["lower", "median", "upper"].forEach((name, place) => {
      at(name).textContent = grid.pieces[law.rows[threshold][prob][place]];
    });
    at("already").textContent = law.already[threshold];
    at("beyond").textContent = law.beyond[threshold];
    at("ended").textContent = law.ended.length ? law.ended[threshold] : "";
    at("ended").parentNode.hidden = !law.ended.length;
    draw(law, threshold, prob);
  }

  function choose() {
    const law = grid.laws[at("law").selectedIndex];
    at("threshold").max = law.thresholds.length - 1;
    at("threshold").value = law.asked;
    show();
  }

  grid.laws.forEach((law) => {
    const option = document.createElement("option");
    option.textContent = law.name;
    at("law").appendChild(option);
  });
  at("prob").max = grid.probs.length - 1;
  at("prob").value = grid.prob;
  at("law").addEventListener("change", choose);
  at("threshold").addEventListener("input", show);
  at("prob").addEventListener("input", show);
  at("choose").hidden = false;
  choose();
})();
