"use strict";
// Chooses among rows and sentences that the library computed; no rule of it is repeated here.
(async function () {
  const at = (id) => document.getElementById(id);
  const packed = Uint8Array.from(atob(at("grid").textContent), (sign) => sign.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const grid = await new Response(stream).json();
  const narrow = window.matchMedia("(max-width: 560px)");
  const ROOMS = { wide: [672, 202], narrow: [307, 182] };  // pixels
  const LINE = 15;
  const pen = document.createElement("canvas").getContext("2d");

  function svg(name, values, parent) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const key in values) made.setAttribute(key, values[key]);
    parent.appendChild(made);
    return made;
  }

  function wrapped(text, width, size, bold) {
    pen.font = (bold ? "600 " : "") + size + "px " + getComputedStyle(document.body).fontFamily;
    const lines = [""];
    text.replace(/ %/g, "\u00a0%").split(" ").forEach((word) => {
      const last = lines[lines.length - 1], longer = last ? last + " " + word : word;
      if (last && pen.measureText(longer).width > width) lines.push(word);
      else lines[lines.length - 1] = longer;
    });
    return lines;
  }

  function write(parent, x, y, lines, kind, size) {
    const text = svg("text", { x: x, y: y, class: kind, "font-size": size }, parent);
    lines.forEach((one, row) => {
      svg("tspan", { x: x, dy: row ? LINE * size / 12.5 : 0 }, text).textContent = one;
    });
    return lines.length * LINE * size / 12.5;
  }

  function stacked(count, rows) {
    const tall = Math.ceil(count / Math.max(Math.ceil(count / rows), 1));
    return [...Array(count).keys()].map((index) => [Math.floor(index / tall), index % tall]);
  }

  function bar(picture, ends, x, y, label, width) {
    const [low, middle, high] = ends;
    svg("line", { x1: x(low), x2: x(high), y1: y, y2: y, class: "bar" }, picture);
    const arrow = (tip, way) => svg("path", {
      d: "M" + (tip - 9 * way) + " " + (y - 5) + "L" + tip + " " + y + "L" + (tip - 9 * way) + " " +
        (y + 5) + "Z", class: "ink" }, picture);
    if (low === -1) arrow(x(low) - 4, -1);
    if (high === null) arrow(x(high) + 4, 1);
    if (middle !== null && middle !== -1) {
      svg("circle", { cx: x(middle), cy: y, r: 5, class: "ink" }, picture);
    }
    return write(picture, width / 2, y + 20, wrapped(label, width - 8, 12.5), "ink middle", 12.5);
  }

  // The dotplot that `plot_crossing` draws: heading, dots, axis, interval, source.
  function draw(law, index, prob) {
    const room = narrow.matches ? "narrow" : "wide", [width] = ROOMS[room];
    const dots = law.dots[index][room], left = dots.span[0], size = width / (dots.span[1] - left);
    const last = dots.heights.length - 1;
    const x = (column) => (column - left) * size;
    const ends = [[law.already[index], law.starts[index].replace("\n", " "), -dots.gap, -1, dots.outer[0]],
      [law.undated[index], law.end, last + dots.gap, 1, dots.outer[1]]];
    const outer = ends.map((side) => stacked(side[4], dots.rows)
      .map((cell) => [side[2] + side[3] * cell[0], cell[1]]));
    const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const title = wrapped(law.heads[index], width, 15, true);
    let y = 16 + write(picture, 0, 16, title, "ink head", 15);
    y += write(picture, 0, y, wrapped(law.detail, width, 12.5), "", 12.5);
    const tall = Math.max(4, ...dots.heights, ...outer.flat().map((cell) => cell[1] + 1));
    const base = y + tall * size;
    const dot = (column, row, kind) =>
      svg("circle", { cx: x(column), cy: base - (row + 0.5) * size, r: 0.45 * size, class: kind },
        picture);
    dots.heights.forEach((count, column) => {
      for (let row = 0; row < count; row += 1) dot(column, row, "dated");
    });
    outer.flat().forEach((cell) => dot(cell[0], cell[1], "outer"));
    svg("line", { x1: x(-0.5), x2: x(last + 0.5), y1: base + 1, y2: base + 1, class: "axis" },
      picture);
    dots.ticks.forEach((tick) => {
      const place = x((tick[0] - dots.first) / dots.step);
      svg("line", { x1: place, x2: place, y1: base + 1, y2: base + 6, class: "axis" }, picture);
      write(picture, place, base + 19, tick[1].split("\n"), "middle", 12.5);
    });
    let foot = 2 * LINE;
    ends.forEach((side, place) => {
      if (!side[4]) return;
      const columns = outer[place].map((cell) => cell[0]);
      const middle = (Math.min(...columns) + Math.max(...columns)) / 2;
      const parts = side[1].match(/^(\S+ by) (.*)$/), when = parts[2].split(" or ");
      const said = [side[0], parts[1], when[0]].concat(when[1] ? ["or " + when[1]] : []);
      foot = Math.max(foot, write(picture, x(middle), base + 16, said, "outer middle", 12.5));
    });
    const read = law.bars[index][prob];
    const day = (end) => x(end === -1 ? -1.2 : end === null ? last + 1.2
      : (end - dots.first) / dots.step);
    y = base + foot + 24;
    y += 20 + bar(picture, read, day, y, law.spans[index][prob], width);
    y += 6 + write(picture, 0, y + 6, wrapped(law.source, width, 11), "", 11);
    picture.setAttribute("viewBox", "0 0 " + width + " " + Math.ceil(y));
    picture.setAttribute("width", width);
    at("dots").replaceChildren(picture);
  }

  const chosen = () => ({ law: grid.laws[at("law").selectedIndex],
    threshold: Number(at("threshold").value), prob: Number(at("prob").value) });

  function show() {
    const { law, threshold, prob } = chosen();
    at("threshold-said").textContent = law.thresholds[threshold];
    at("threshold").setAttribute("aria-valuetext", law.thresholds[threshold]);
    at("typed").value = law.values[threshold].toLocaleString("en-US", { maximumFractionDigits: 9 });
    at("typed-said").textContent = "";
    at("prob-said").textContent = grid.probs[prob];
    at("prob").setAttribute("aria-valuetext", grid.probs[prob]);
    at("said").textContent = law.said[threshold][prob];
    at("noted").textContent = law.note.join(law.noted[threshold][prob]);
    ["lower", "median", "upper"].forEach((name, place) => {
      at(name).textContent = law.rows[threshold][prob][place];
    });
    at("already").textContent = law.already[threshold];
    at("beyond").textContent = law.beyond[threshold];
    at("ended").textContent = law.ended.length ? law.ended[threshold] : "";
    at("ended").parentNode.hidden = !law.ended.length;
    draw(law, threshold, prob);
  }

  // What is chosen stands in the address, so that it can be sent and is there again.
  function keep() {
    const { law, threshold, prob } = chosen();
    const state = new URLSearchParams({ total: law.key, threshold: law.values[threshold],
      prob: grid.levels[prob] });
    history.replaceState(null, "", "#" + state);
  }

  const nearest = (values, wanted) => values.reduce((best, value, place) =>
    Math.abs(value - wanted) < Math.abs(values[best] - wanted) ? place : best, 0);

  function restore() {
    const state = new URLSearchParams(location.hash.slice(1));
    const index = grid.laws.findIndex((law) => law.key === state.get("total"));
    if (index < 0) return false;
    at("law").selectedIndex = index;
    range();
    const threshold = Number(state.get("threshold")), prob = Number(state.get("prob"));
    if (threshold) at("threshold").value = nearest(grid.laws[index].values, threshold);
    if (prob) at("prob").value = nearest(grid.levels, prob);
    show();
    return true;
  }

  function range() {
    const { law } = chosen();
    at("threshold").max = law.values.length - 1;
    at("threshold").value = law.asked;
  }

  function typed() {
    const { law } = chosen(), wanted = Number(at("typed").value.replace(/[\s,\u00a0]/g, ""));
    if (!Number.isFinite(wanted) || wanted <= 0) {
      at("typed-said").textContent = "Write a number, for example " + law.thresholds[law.asked] + ".";
      return;
    }
    at("threshold").value = nearest(law.values, wanted);
    show();
    keep();
    if (law.values[at("threshold").value] !== wanted) {
      at("typed-said").textContent = "The nearest that was computed is " +
        law.thresholds[at("threshold").value] + ".";
    }
  }

  async function copied(button) {
    const { copy, picture } = button.dataset;
    if (copy) return navigator.clipboard.writeText(at(copy).textContent.trim());
    const made = png(at(picture).querySelector("img, svg"));
    return navigator.clipboard.write([new ClipboardItem({ "image/png": made })]);
  }

  // A figure as a picture of twice its size on the screen, on the paper of the page.
  async function png(figure) {
    const image = new Image(), box = figure.getBoundingClientRect();
    let source = figure.currentSrc;
    if (!source) {
      const whole = figure.cloneNode(true), look = getComputedStyle(document.body);
      whole.setAttribute("font-family", look.fontFamily);
      figure.querySelectorAll("*").forEach((node, place) => {
        const from = getComputedStyle(node), to = whole.querySelectorAll("*")[place];
        ["fill", "stroke", "stroke-width", "font-size", "font-weight", "text-anchor"]
          .forEach((key) => to.setAttribute(key, from.getPropertyValue(key)));
      });
      source = "data:image/svg+xml," + encodeURIComponent(new XMLSerializer().serializeToString(whole));
    }
    image.src = source;
    await image.decode();
    const edge = 16, paper = document.createElement("canvas"), brush = paper.getContext("2d");
    paper.width = 2 * (box.width + 2 * edge);
    paper.height = 2 * (box.height + 2 * edge);
    brush.fillStyle = getComputedStyle(document.body).backgroundColor;
    brush.fillRect(0, 0, paper.width, paper.height);
    brush.drawImage(image, 2 * edge, 2 * edge, 2 * box.width, 2 * box.height);
    return new Promise((done) => { paper.toBlob(done, "image/png"); });
  }

  document.querySelectorAll(".copy").forEach((group) => {
    const said = group.querySelector("[role=status]");
    group.hidden = false;
    group.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      copied(button).then(() => { said.textContent = "Copied."; })
        .catch(() => { said.textContent = "The browser does not let a page copy here."; });
    });
  });
  grid.laws.forEach((law) => {
    const option = document.createElement("option");
    option.textContent = law.name;
    at("law").appendChild(option);
  });
  at("prob").max = grid.probs.length - 1;
  at("prob").value = grid.prob;
  at("law").addEventListener("change", () => { range(); show(); keep(); });
  ["threshold", "prob"].forEach((name) => {
    at(name).addEventListener("input", () => { show(); keep(); });
  });
  at("typed").addEventListener("change", typed);
  narrow.addEventListener("change", show);
  window.addEventListener("hashchange", restore);
  at("choose").hidden = false;
  range();
  if (restore()) at("choose").scrollIntoView();
  else show();
})();
