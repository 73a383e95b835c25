// Galaxies at the side of the map: one and its neighbours, a search result, what a lasso holds, and what is to be done with them. Methods of the page of map.js.
import { get, post, thumbnail } from './api.js';
import { el, guarded, picture, place, tell, walk } from './ui.js';
import { open } from './viewer.js';
import { simplified } from './mapgestures.js';

export const chosen = {
  // A galaxy at the side: its picture, what to do with it, its neighbours.
  async pin(found, scale = 0) {
    const one = await guarded(() => this.name(found.row))();
    if (!one) return;
    this.hover(null);
    const near = el('ul', { class: 'grid small', 'aria-label': 'Most similar galaxies' }, el('li', { class: 'muted small' }, 'looking …'));
    this.sheet('Galaxy', el('button', { class: 'open shown', 'aria-label': `Open ${one.id}`, onclick: () => open(one.id, this.survey) }, picture(thumbnail(one.id), `Picture of ${one.id}`)),
      el('h2', { class: 'gap' }, one.id), place(one) && el('p', { class: 'muted' }, place(one)),
      el('div', { class: 'row deeds' }, el('button', { class: 'main', onclick: () => open(one.id, this.survey) }, 'Open'), el('a', { class: 'button', href: '#search?like=' + encodeURIComponent(one.id) }, 'Search like this')),
      el('h2', { class: 'gap' }, 'Its neighbours'), el('p', { class: 'muted small' }, 'The most similar by all features, ringed on the map'), near);
    if (scale) this.glideTo(this.centred(found.at, scale));
    this.kept = [['show', one.id]];
    await guarded(async () => {
      const found24 = await get('/search', { like: one.id, k: 24 });
      await this.ringed([one.id], found24.found.map((g) => g.id));
      near.replaceChildren(...found24.found.map((g) => this.cell(g)));
      walk(near);
    })();
  },

  cell(g) {
    return el('li', { class: 'cell', 'data-id': g.id }, el('button', { class: 'open', 'aria-label': `Open ${g.id}`, title: g.id, onclick: () => open(g.id, this.survey), onfocus: () => this.ringOf(g.id), onmouseenter: () => this.ringOf(g.id) }, picture(thumbnail(g.id), '')));
  },

  ringOf(id) {
    const ring = this.rings.find((each) => each.id === id);
    if (ring) this.setTarget({ row: ring.row, at: ring.at });
  },

  sheet(words, ...content) {
    this.side.replaceChildren(el('div', { class: 'row spread' }, el('h1', {}, words), el('button', { class: 'plain', 'aria-label': 'Close', onclick: () => this.clear() }, '×')), ...content.filter(Boolean));
    this.side.hidden = false;
  },

  async ringed(examples, ids) {
    const rings = [];
    for (let from = 0; from < ids.length + examples.length; from += 400) {
      const part = [...examples, ...ids].slice(from, from + 400);
      rings.push(...(await post('/map/galaxies', { ids: part })).galaxies);
    }
    this.rings = rings.filter((g) => g.x !== undefined).map((g) => ({ row: g.row, id: g.id, at: this.unit([g.x, g.y]), kind: examples.includes(g.id) ? 'example' : 'found' }));
    this.box.dataset.rings = this.rings.length;
    this.soon();
  },

  // A search, shown on the map.
  async sought(given) {
    const wanted = { like: given.getAll('like'), unlike: given.getAll('unlike'), k: given.get('k') ?? 60, metric: given.get('metric') ?? 'euclidean', where: given.get('where') ?? '' };
    const result = await get('/search', wanted);
    this.kept = [...given].filter(([name]) => ['like', 'unlike', 'k', 'metric', 'where'].includes(name));
    await this.ringed(result.like, result.found.map((g) => g.id));
    const list = el('ul', { class: 'grid small', 'aria-label': 'Found galaxies' }, result.found.map((g) => this.cell(g)));
    this.sheet('Search result', el('p', { class: 'muted' }, `${result.found.length} galaxies like ${result.like.length === 1 ? result.like[0] : `${result.like.length} examples`}, ringed on the map`),
      el('div', { class: 'row deeds' }, el('button', { onclick: () => this.fitTo(this.rings.map((each) => each.at)) }, 'Zoom to them'), el('a', { class: 'button', href: '#search?' + new URLSearchParams(this.kept) }, 'Back to the search')), list);
    walk(list);
    this.fitTo(this.rings.map((each) => each.at));
  },

  // Left, right, top and bottom of the part of the map that neither the key nor what is at the side covers, in pixels.
  free() {
    const { width, height, covered } = this.view;
    if (this.side.hidden) return [covered[0], width - covered[1], 0, height];
    const { offsetLeft: left, offsetTop: top, offsetWidth: wide } = this.side;
    return wide < 0.7 * width ? [covered[0], left, 0, height] : [0, width, 0, top];
  },

  // A place in the middle of that part.
  centred([x, y], scale) {
    const [left, right, top, bottom] = this.free();
    return { x: x - ((left + right) / 2 - this.view.width / 2) / scale, y: y + ((top + bottom) / 2 - this.view.height / 2) / scale, scale };
  },

  // Moves the map so that these places are in sight; no nearer than they fit, or than now where they are to be uncovered only.
  fitTo(places, onlyUncover = false) {
    if (!places.length) return;
    const { view } = this;
    const [left, right, top, bottom] = this.free();
    const [xs, ys] = [0, 1].map((axis) => places.map((each) => each[axis]));
    const [west, east, south, north] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const [x0, y0] = view.toScreen([west, north]);
    const [x1, y1] = view.toScreen([east, south]);
    if (onlyUncover && x0 >= left && x1 <= right && y0 >= top && y1 <= bottom) return;
    const fits = Math.min((right - left) * 0.85 / Math.max(east - west, 0.002), (bottom - top) * 0.85 / Math.max(north - south, 0.002));
    const scale = onlyUncover ? Math.min(view.scale, fits) : fits;
    this.glideTo(this.centred([(west + east) / 2, (south + north) / 2], scale));
  },

  async find(id) {
    const [one] = (await post('/map/galaxies', { ids: [id] })).galaxies;
    if (!one) tell(`The survey has no galaxy ${id}`, true);
    else if (one.x === undefined) tell(`${id} has no place on the map yet`, true);
    else {
      const at = this.unit([one.x, one.y]);
      this.names.set(one.row, one);
      await this.pin({ row: one.row, at }, this.givenzoom ? 0 : Math.max(this.view.scale, 6 * this.view.fitted()));
    }
  },

  chooseView() {
    const { view } = this;
    const [w, h] = [view.width / 2 / view.scale, view.height / 2 / view.scale];
    this.choose([[view.x - w, view.y - h], [view.x + w, view.y - h], [view.x + w, view.y + h], [view.x - w, view.y + h]], 'view');
  },

  // What was drawn becomes a shape: alone, with what is chosen, or out of it.
  choose(corners, how) {
    const kept = simplified(corners.map((p) => this.view.toScreen(p)), 400).map((p) => this.units(this.view.toPlane(p)));
    const round = (value) => Number(value.toPrecision(8));
    const shape = { how: how === 'remove' ? 'remove' : 'add', x: kept.map((p) => round(p[0])), y: kept.map((p) => round(p[1])) };
    this.shapes = how === 'new' || how === 'view' ? [shape] : [...this.shapes, shape].slice(-20);
    this.kept = [];
    this.selected().then(() => !this.side.hidden && how !== 'view' && this.fitTo(this.shapes.flatMap((each) => each.x.map((x, k) => this.unit([x, each.y[k]]))), true));
    this.soon();
  },

  body(more = {}) {
    const codes = this.hidden.size && this.column ? { column: this.column, codes: Array.from({ length: 256 }, (_, code) => code).filter((code) => !this.hidden.has(code)) } : {};
    return { shapes: this.shapes, ...codes, ...more };
  },

  selected() {
    return guarded(async () => {
      const asked = this.choosing = (this.choosing ?? 0) + 1;
      const response = await fetch('/map/selection.rows', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(this.body()) });
      if (!response.ok) throw new Error((await response.json()).error);
      const bits = new Uint8Array(await response.arrayBuffer());
      const first = await post('/map/selection', this.body({ count: 120 }));
      if (asked !== this.choosing) return;
      this.rings = [];
      this.points.select(bits);
      this.version++;
      this.total = first.total;
      this.sheetOf(first);
    })();
  },

  sheetOf(first) {
    const grid = el('ul', { class: 'grid small', 'aria-label': 'Contact sheet' }, first.galaxies.map((g) => this.cell(g)));
    let shown = first.galaxies.length;
    const more = el('button', {
      hidden: shown >= first.total,
      onclick: guarded(async () => {
        const next = await post('/map/selection', this.body({ from: shown, count: 240 }));
        grid.append(...next.galaxies.map((g) => this.cell(g)));
        shown += next.galaxies.length;
        more.hidden = shown >= first.total;
      }),
    }, 'More');
    const how = (value, words, on) => el('label', { class: 'how' }, el('input', { type: 'radio', name: 'how', value, checked: on }), words);
    const was = this.side.querySelector('[name=how]:checked')?.value ?? 'new';
    const words = `${first.total.toLocaleString('en')} ${first.total === 1 ? 'galaxy' : 'galaxies'} chosen`;
    const some = first.total > 0;
    this.sheet(words,
      el('fieldset', { class: 'row hows' }, el('legend', { class: 'visually-hidden' }, 'What the next lasso does'), how('new', 'New', was === 'new'), how('add', 'Add', was === 'add'), how('remove', 'Take out', was === 'remove')),
      some && el('div', { class: 'row deeds' },
        el('button', { class: 'main', onclick: guarded(() => this.searchLike()) }, 'Search like these'),
        this.survey.tabs.includes('anomalies') && el('button', { onclick: guarded(() => this.hand('anomalies')) }, 'Rate these'),
        el('button', { onclick: guarded(() => this.hand('label')) }, 'Label these'),
        el('button', { onclick: guarded(() => this.save()) }, 'Save as CSV')),
      grid, el('div', { class: 'row gap' }, more));
    this.side.dataset.total = first.total;
    walk(grid);
    this.here.textContent = words;
  },

  // Examples from all over what is chosen.
  async searchLike() {
    const { galaxies } = await post('/map/selection', this.body({ count: 1000 }));
    const many = Math.min(12, galaxies.length);
    const some = Array.from({ length: many }, (_, k) => galaxies[Math.floor(k * galaxies.length / many)].id);
    location.hash = '#search?' + new URLSearchParams(some.map((id) => ['like', id]));
  },

  async hand(tab) {
    const ids = [];
    while (ids.length < Math.min(this.total, 5000)) {
      const { galaxies } = await post('/map/selection', this.body({ from: ids.length, count: 1000 }));
      if (!galaxies.length) break;
      ids.push(...galaxies.map((g) => g.id));
    }
    if (ids.length < this.total) tell(`The first ${ids.length.toLocaleString('en')} of ${this.total.toLocaleString('en')}`);
    sessionStorage.setItem('hoag.chosen', JSON.stringify(ids));
    location.hash = `#${tab}?chosen=${ids.length}`;
  },

  async save() {
    const response = await fetch('/map/selection.csv', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(this.body()) });
    if (!response.ok) throw new Error((await response.json()).error);
    const address = URL.createObjectURL(await response.blob());
    el('a', { href: address, download: 'selection.csv' }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
    tell(`${this.total.toLocaleString('en')} saved in selection.csv`);
  },

  clear() {
    this.shapes = [];
    this.rings = [];
    this.kept = [];
    this.setTarget(null);
    this.points.select(null);
    this.version++;
    this.side.hidden = true;
    this.side.replaceChildren();
    this.here.textContent = 'Nothing is chosen.';
    this.soon();
  },
};
