// Draws a graph of experiments: collapsed by module or class, opened on demand. Reads nothing but the data it is given;
// `onOpen(node)` is told when a reader wants to see the code of a node. Knows neither browser dialogs nor any editor.

const SIGNS = {
  current: "✓", stale: "≠", missing: "○", failed: "✗", crashed: "✗", preempted: "✗", cancelled: "✗", incomplete: "…",
  orphan: "∅", unverifiable: "?", running: "▶", queued: "▷",
};
const WORST_FIRST = [
  "failed", "crashed", "preempted", "cancelled", "incomplete", "stale", "running", "queued", "missing", "orphan",
  "unverifiable", "current",
];
const MANY = 600;
const PAUSE_MS = 150;
const LEAST_READABLE = 2; // points of the drawing to a pixel

/** Shows the graph of `data` in the elements of the page. Returns `{ drawn, update(data) }`: when it is drawn, and newer data for it. */
export function showGraph(data, Graphviz, onOpen = () => {}) {
  const byId = (id) => document.getElementById(id);
  const view = {
    level: data.classes.length > 120 ? "modules" : data.level, open: new Set(), chosen: null, sought: "", hidden: new Set(),
  };
  let classes = new Map();
  let children = new Map();
  let graphviz = null;
  let drawn = { nodes: new Map(), out: new Map(), into: new Map(), edges: [] };
  let members = new Map(); // of each visible node, the experiments in it
  let box = null;
  let placed = null; // the box that is drawn, which a gesture leaves behind until it pauses
  let pause = 0;

  function take(newer) {
    data = newer;
    classes = new Map(data.classes.map((item) => [item.name, item]));
    children = new Map();
    for (const item of data.classes) for (const base of item.bases) push(children, base, item.name);
  }

  // What is shown: each experiment belongs to one visible node.
  function groupOf(className) {
    const item = classes.get(className);
    if (view.level === "modules" && !view.open.has(`module ${item.module}`)) return `module ${item.module}`;
    if (view.level === "families" && !view.open.has(`family ${item.family}`)) return `family ${item.family}`;
    return className;
  }
  function visibleOf(node) {
    const group = groupOf(node.class);
    const opened = view.level === "experiments" ? !view.open.has(`closed ${node.class}`) : view.open.has(node.class);
    return group === node.class && opened ? node.key : group;
  }
  function shown() {
    const nodes = new Map();
    const home = new Map();
    const add = (key, part) => {
      if (!nodes.has(key)) nodes.set(key, { key, counts: {}, members: 0, places: [], sources: new Set(), class: part.class });
      return nodes.get(key);
    };
    for (const item of data.classes) {
      const opened = view.level === "experiments" ? !view.open.has(`closed ${item.name}`) : view.open.has(item.name);
      if (groupOf(item.name) !== item.name || !opened || !item.count) add(groupOf(item.name), { class: item.name });
    }
    for (const node of data.nodes) {
      if (view.hidden.has(worst(node.counts))) continue;
      const key = visibleOf(node);
      const found = add(key, node);
      for (const [verdict, count] of Object.entries(node.counts)) found.counts[verdict] = (found.counts[verdict] || 0) + count;
      found.members += 1;
      found.sources.add(node.source);
      home.set(node.key, key);
    }
    const edges = new Map();
    const join = (from, to, via, source) => {
      if (from === to || !nodes.has(from) || !nodes.has(to)) return;
      const key = JSON.stringify([from, to]);
      if (!edges.has(key)) edges.set(key, { from, to, via: new Set(), sources: new Set() });
      edges.get(key).via.add(via);
      edges.get(key).sources.add(source);
    };
    for (const [from, to, via, source] of data.classEdges) join(groupOf(from), groupOf(to), via, source);
    for (const [from, to, via, source] of data.edges) {
      const [a, b] = [data.nodes[from].key, data.nodes[to].key];
      if (home.has(a) && home.has(b)) join(home.get(a), home.get(b), via.replace(/\[[^\]]*\]/g, ""), source);
    }
    return { nodes, edges: [...edges.values()] };
  }

  function nameOf(node) {
    const [kind, rest] = [node.key.split(" ", 1)[0], node.key.slice(node.key.indexOf(" ") + 1)];
    if (kind === "module") return rest;
    if (kind === "family") return `${classes.get(rest)?.short ?? rest} and subclasses`;
    if (classes.has(node.key)) return classes.get(node.key).short;
    return `${classes.get(node.class).short}/${node.key.slice(node.key.lastIndexOf("/") + 1, node.key.lastIndexOf("/") + 9)}`;
  }
  function toDot({ nodes, edges }) {
    const ids = new Map([...nodes.keys()].map((key, index) => [key, `n${index}`]));
    const lines = ["digraph {", "rankdir=LR; nodesep=.18; ranksep=.7; bgcolor=transparent;",
      'node [shape=box, style=rounded, fontname="Helvetica", fontsize=12, margin="0.22,0.08"];',
      'edge [fontname="Helvetica", fontsize=9, arrowsize=.7];'];
    const clusters = new Map();
    for (const node of nodes.values()) {
      const words = node.key.includes("/") ? verdictWords(node.counts) : countWords(node.counts);
      const label = [nameOf(node), ...(words ? [words] : [])].map(dotText).join("\\n");
      const gone = node.sources.size === 1 && node.sources.has("store") ? " gone" : "";
      push(clusters, clusterOf(node), `${ids.get(node.key)} [id=${ids.get(node.key)}, label="${label}", class="v-${worst(node.counts) || "none"}${gone}"];`);
    }
    let number = 0;
    for (const [name, body] of clusters) {
      if (name) lines.push(`subgraph cluster_${number++} { label="${dotText(name)}"; style=rounded; fontname="Helvetica"; fontsize=11;`);
      lines.push(...body);
      if (name) lines.push("}");
    }
    edges.forEach((edge, index) => {
      const source = edge.sources.size > 1 || edge.sources.has("both") ? "both" : [...edge.sources][0];
      const label = nodes.size <= 60 ? dotText([...edge.via].map((via) => via.replace(/^field /, "")).slice(0, 3).join(", ")) : "";
      lines.push(`${ids.get(edge.from)} -> ${ids.get(edge.to)} [id=e${index}, class="${source}", label="${label}"];`);
    });
    lines.push("}");
    return { dot: lines.join("\n"), ids };
  }
  function clusterOf(node) {
    if (node.key.includes("/")) return classes.get(node.class).name;
    if (view.level === "modules" && classes.has(node.key)) return classes.get(node.key).module;
    if (view.level === "families" && classes.has(node.key)) return `subclasses of ${classes.get(classes.get(node.key).family)?.short ?? ""}`;
    return "";
  }

  async function draw({ keepsPlace = false } = {}) {
    const what = shown();
    const message = byId("message");
    message.textContent = what.nodes.size ? `laying out ${what.nodes.size} nodes …` : "nothing to show";
    byId("drawing").replaceChildren();
    await new Promise((resolve) => setTimeout(resolve));
    graphviz ??= await Graphviz.load();
    if (!what.nodes.size) return;
    const begun = performance.now();
    const { dot, ids } = toDot(what);
    const text = graphviz.layout(dot, "svg", "dot");
    const parsed = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
    const svg = document.importNode(parsed, true);
    svg.removeAttribute("width");
    svg.removeAttribute("height");
    for (const title of svg.querySelectorAll("title")) title.remove();
    byId("drawing").replaceChildren(svg);
    message.textContent = "";
    document.documentElement.dataset.layout = String(Math.round(performance.now() - begun));
    drawn = { nodes: new Map(), out: new Map(), into: new Map(), edges: [] };
    for (const [key, id] of ids) {
      const element = svg.getElementById ? svg.getElementById(id) : svg.querySelector(`#${id}`);
      const node = what.nodes.get(key);
      drawn.nodes.set(key, { element, node });
      element.setAttribute("tabindex", "0");
      element.setAttribute("role", "button");
      element.setAttribute("aria-label", `${nameOf(node)}: ${countWords(node.counts) || "no runs"}`);
      element.addEventListener("click", () => choose(key));
      element.addEventListener("dblclick", () => unfold(key));
      element.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(key); }
        if (event.key === "e") unfold(key);
      });
    }
    what.edges.forEach((edge, index) => {
      const element = svg.querySelector(`#e${index}`);
      drawn.edges.push({ ...edge, element });
      push(drawn.out, edge.from, edge.to);
      push(drawn.into, edge.to, edge.from);
    });
    if (!keepsPlace || !box) begin(); else place();
    members = new Map();
    for (const item of data.nodes) push(members, visibleOf(item), item.key.toLowerCase());
    mark();
  }

  function canUnfold(key) {
    return !key.includes("/") && (!classes.has(key) || classes.get(key).count > 0);
  }
  function unfold(key) {
    if (key.includes("/")) {
      const name = drawn.nodes.get(key).node.class;
      if (view.level === "experiments") view.open.add(`closed ${name}`); else view.open.delete(name);
    } else if (view.level === "experiments" && classes.has(key)) view.open.delete(`closed ${key}`);
    else if (canUnfold(key)) view.open.add(key);
    view.chosen = drawn.nodes.has(key) ? key : null;
    draw({ keepsPlace: false });
  }

  // Choosing a node shows what it rests on, and what rests on it.
  function reach(key, along) {
    const found = new Set();
    const queue = [key];
    while (queue.length) for (const next of along.get(queue.pop()) ?? []) if (!found.has(next)) { found.add(next); queue.push(next); }
    return found;
  }
  function choose(key) {
    view.chosen = view.chosen === key ? null : key;
    mark();
    describe();
  }
  function mark() {
    const chosen = drawn.nodes.has(view.chosen) ? view.chosen : null;
    const up = chosen ? reach(chosen, drawn.out) : new Set();
    const down = chosen ? reach(chosen, drawn.into) : new Set();
    const word = view.sought.toLowerCase();
    for (const [key, { element }] of drawn.nodes) {
      const isFound = word && (key.toLowerCase().includes(word) || members.get(key)?.some((name) => name.includes(word)));
      const isFar = chosen ? key !== chosen && !up.has(key) && !down.has(key) : word && !isFound;
      element.classList.toggle("chosen", key === chosen);
      element.classList.toggle("up", up.has(key));
      element.classList.toggle("down", down.has(key));
      element.classList.toggle("found", Boolean(isFound));
      element.classList.toggle("dim", Boolean(isFar));
    }
    for (const { from, to, element } of drawn.edges) {
      const isUp = chosen && (from === chosen || up.has(from)) && up.has(to);
      const isDown = chosen && down.has(from) && (to === chosen || down.has(to));
      element.classList.toggle("up", Boolean(isUp));
      element.classList.toggle("down", Boolean(isDown));
      element.classList.toggle("dim", Boolean((chosen && !isUp && !isDown) || (!chosen && word)));
    }
  }
  function describe() {
    const panel = byId("panel");
    panel.replaceChildren();
    const found = drawn.nodes.get(view.chosen);
    if (!found) return;
    const { node } = found;
    panel.append(make("h2", nameOf(node)), make("p", node.key.replace(/^(module|family) /, "")));
    const chips = make("p");
    for (const verdict of WORST_FIRST) if (node.counts[verdict]) chips.append(chip(verdict, node.counts[verdict]), " ");
    panel.append(chips);
    const item = data.nodes.find((one) => one.key === node.key) ?? classes.get(node.key);
    if (item?.file) {
      const place = button(`${item.file}:${item.line}`, () => onOpen({ file: item.file, line: item.line, key: node.key }));
      panel.append(place);
    }
    if (canUnfold(node.key)) panel.append(" ", button("Open (e)", () => unfold(node.key)));
    if (node.key.includes("/")) panel.append(" ", button("Close class (e)", () => unfold(node.key)));
    section(panel, "Rests on", drawn.out.get(node.key), node.key, true);
    section(panel, "Is used by", drawn.into.get(node.key), node.key, false);
    const below = children.get(node.key);
    if (below) panel.append(make("h3", "Subclasses"), ...below.map((name) => make("p", classes.get(name).short)));
  }
  function section(panel, title, keys, own, isUp) {
    if (!keys?.length) return;
    const list = make("ul");
    for (const key of [...new Set(keys)].sort()) {
      const row = make("li");
      const edge = drawn.edges.find((one) => (isUp ? one.from === own && one.to === key : one.from === key && one.to === own));
      row.append(button(nameOf(drawn.nodes.get(key).node), () => { view.chosen = null; choose(key); centre(key); }));
      row.append(make("small", [...(edge?.via ?? [])].join(", ")));
      list.append(row);
    }
    panel.append(make("h3", title), list);
  }

  // Moving about.
  function place() {
    clearTimeout(pause);
    const svg = byId("drawing").querySelector("svg");
    if (!svg) return;
    placed = { ...box };
    svg.style.transform = "";
    svg.setAttribute("viewBox", `${box.x} ${box.y} ${box.w} ${box.h}`);
  }
  // A new scale lays out every text anew. Of a large graph the picture is moved until there is a pause.
  function glide() {
    if (drawn.nodes.size <= MANY) return place();
    const area = byId("drawing").getBoundingClientRect();
    const unit = Math.max(box.w / area.width, box.h / area.height);
    const [right, down] = [placed.x + placed.w / 2 - box.x - box.w / 2, placed.y + placed.h / 2 - box.y - box.h / 2];
    byId("drawing").querySelector("svg").style.transform = `translate(${right / unit}px, ${down / unit}px) scale(${placed.w / box.w})`;
    clearTimeout(pause);
    pause = setTimeout(place, PAUSE_MS);
  }
  function fit() {
    const svg = byId("drawing").querySelector("svg");
    if (!svg) return;
    const inner = svg.querySelector("g").getBBox();
    const move = svg.querySelector("g").transform.baseVal.consolidate()?.matrix;
    const scale = move ? move.a : 1;
    box = { x: inner.x * scale + (move?.e ?? 0) - 12, y: inner.y * scale + (move?.f ?? 0) - 12, w: inner.width * scale + 24, h: inner.height * scale + 24 };
    place();
  }
  // A tall graph that is shown as a whole cannot be read: begin where the chosen node is, or at its top.
  function begin() {
    fit();
    const area = byId("drawing").getBoundingClientRect();
    const unit = Math.max(box.w / area.width, box.h / area.height);
    if (unit <= LEAST_READABLE) return;
    const [w, h] = [area.width * LEAST_READABLE, area.height * LEAST_READABLE];
    box = { x: box.x + Math.max(0, (box.w - w) / 2), y: box.y, w, h };
    place();
    if (drawn.nodes.has(view.chosen)) centre(view.chosen);
  }
  function zoom(factor, at = { x: .5, y: .5 }) {
    if (!box) return;
    box = { x: box.x + box.w * at.x * (1 - factor), y: box.y + box.h * at.y * (1 - factor), w: box.w * factor, h: box.h * factor };
    glide();
  }
  function centre(key) {
    place();
    const element = drawn.nodes.get(key)?.element;
    const svg = byId("drawing").querySelector("svg");
    if (!element || !svg) return;
    const [rect, whole] = [element.getBoundingClientRect(), svg.getBoundingClientRect()];
    const unit = Math.max(box.w / whole.width, box.h / whole.height);
    box.x += (rect.x + rect.width / 2 - whole.x - whole.width / 2) * unit;
    box.y += (rect.y + rect.height / 2 - whole.y - whole.height / 2) * unit;
    place();
  }
  function listen() {
    const area = byId("drawing");
    let from = null;
    area.addEventListener("wheel", (event) => {
      event.preventDefault();
      const rect = area.getBoundingClientRect();
      zoom(Math.exp(event.deltaY * .0015), { x: (event.clientX - rect.x) / rect.width, y: (event.clientY - rect.y) / rect.height });
    }, { passive: false });
    area.addEventListener("pointerdown", (event) => { from = { x: event.clientX, y: event.clientY, moved: false }; });
    area.addEventListener("pointermove", (event) => {
      if (!from || !box) return;
      const rect = area.getBoundingClientRect();
      const unit = Math.max(box.w / rect.width, box.h / rect.height);
      if (Math.abs(event.clientX - from.x) + Math.abs(event.clientY - from.y) > 3) { from.moved = true; area.classList.add("held"); }
      if (!from.moved) return;
      box.x -= (event.clientX - from.x) * unit;
      box.y -= (event.clientY - from.y) * unit;
      [from.x, from.y] = [event.clientX, event.clientY];
      glide();
    });
    for (const name of ["pointerup", "pointerleave"]) area.addEventListener(name, () => { from = null; area.classList.remove("held"); });
    byId("search").addEventListener("input", (event) => { view.sought = event.target.value.trim(); mark(); });
    byId("search").addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      const first = [...drawn.nodes].find(([, { element }]) => element.classList.contains("found"));
      if (first) { view.chosen = null; choose(first[0]); centre(first[0]); }
    });
    byId("level").addEventListener("change", (event) => change(event.target.value));
    byId("fit").addEventListener("click", fit);
    document.addEventListener("keydown", (event) => {
      if (event.target.matches("input, select")) { if (event.key === "Escape") event.target.blur(); return; }
      const steps = { ArrowLeft: [-.1, 0], ArrowRight: [.1, 0], ArrowUp: [0, -.1], ArrowDown: [0, .1] }[event.key];
      if (event.key === "/") { event.preventDefault(); byId("search").focus(); }
      else if (event.key === "Escape") { view.chosen = null; mark(); describe(); }
      else if (event.key === "f") fit();
      else if (event.key === "+" || event.key === "=") zoom(.8);
      else if (event.key === "-") zoom(1.25);
      else if (steps && box) { event.preventDefault(); box.x += box.w * steps[0]; box.y += box.h * steps[1]; glide(); }
    });
  }
  function change(level) {
    const isMany = level === "experiments" && data.nodes.length > MANY;
    if (isMany && byId("level").dataset.asked !== level) return ask(level);
    delete byId("level").dataset.asked;
    view.level = level;
    view.open.clear();
    view.chosen = null;
    return draw().then(describe);
  }
  // In the page itself: an editor's view has no dialogs of a browser.
  function ask(level) {
    byId("level").value = view.level;
    const agree = button("Show them", () => { byId("level").value = byId("level").dataset.asked = level; change(level); });
    const leave = button("Leave it", () => describe());
    byId("panel").replaceChildren(make("p", `${data.nodes.length} experiments take a while to lay out.`), agree, " ", leave);
    agree.focus();
  }
  function legend() {
    byId("legend").replaceChildren();
    const total = {};
    for (const node of data.nodes) for (const [verdict, count] of Object.entries(node.counts)) total[verdict] = (total[verdict] || 0) + count;
    for (const verdict of WORST_FIRST) {
      if (!total[verdict]) continue;
      const toggle = chip(verdict, total[verdict], "button");
      toggle.setAttribute("aria-pressed", String(!view.hidden.has(verdict)));
      toggle.title = `show or hide what is ${verdict}`;
      toggle.addEventListener("click", () => {
        const isShown = view.hidden.has(verdict);
        if (isShown) view.hidden.delete(verdict); else view.hidden.add(verdict);
        toggle.setAttribute("aria-pressed", String(isShown));
        draw();
      });
      byId("legend").append(toggle);
    }
  }

  take(data);
  byId("level").value = view.level;
  listen();
  legend();
  if (data.focus.length === 1) view.chosen = data.focus[0];
  return {
    drawn: draw().then(describe),
    update(newer) { take(newer); legend(); return draw({ keepsPlace: true }).then(describe); },
  };
}

function push(map, key, value) {
  if (!map.has(key)) map.set(key, []);
  map.get(key).push(value);
}
function worst(counts) { return WORST_FIRST.find((verdict) => counts[verdict]) ?? ""; }
function countWords(counts) {
  const found = WORST_FIRST.filter((verdict) => counts[verdict]).reverse();
  return found.map((verdict) => `${SIGNS[verdict]} ${counts[verdict]} ${verdict}`).join(" · ");
}
function verdictWords(counts) {
  const verdict = worst(counts);
  return verdict ? `${SIGNS[verdict]} ${verdict}` : "";
}
function dotText(text) { return String(text).replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll(/[\r\n]+/g, " "); }
function make(tag, text = "") { const element = document.createElement(tag); element.textContent = text; return element; }
function button(text, action) { const element = make("button", text); element.type = "button"; element.addEventListener("click", action); return element; }
function chip(verdict, count, tag = "span") {
  const element = make(tag, `${SIGNS[verdict]} ${count} ${verdict}`);
  element.className = `chip v-${verdict}`;
  return element;
}
