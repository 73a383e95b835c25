// The map of the survey: deep zoom, pictures where there is room, colours, a lasso, and what is to be done with what it holds.
import { get, thumbnail } from './api.js';
import { el, guarded, number, picture, place, tell, busy } from './ui.js';
import { Points, View } from './mappoints.js';
import { painter } from './mappaint.js';
import { Thumbs } from './mapthumbs.js';
import { legendView, palette, valueOf } from './mapcolours.js';
import { gestures } from './mapgestures.js';
import { over } from './mapover.js';
import { chosen } from './mapchosen.js';

export async function show(main, survey, given) {
  const about = await get('/map');
  if (!about.there) {
    none(main, about);
    return undefined;
  }
  document.body.classList.add('mapping');
  const page = await new MapPage(main, survey, about).start(given);
  return () => page.close();
}

function none(main, about) {
  const command = el('code', {}, about.command);
  main.replaceChildren(el('section', { class: 'panel nomap' },
    el('div', { class: 'sky', 'aria-hidden': 'true' }, Array.from({ length: 36 }, () => el('i'))),
    el('h1', {}, 'This survey has no map yet'),
    el('p', { class: 'muted' }, 'A map lays all galaxies out in the plane, so that those that look alike lie side by side. One command makes it, from what the survey already knows:'),
    el('p', { class: 'row' }, command, el('button', { onclick: guarded(async () => { await navigator.clipboard.writeText(about.command); tell('Copied'); }) }, 'Copy')),
    el('p', { class: 'muted' }, 'Then come back to this tab; the server need not be started again.'),
    el('button', { class: 'main', onclick: () => dispatchEvent(new HashChangeEvent('hashchange')) }, 'Look again')));
}

// A shape as the address has it: add or remove, then x, y of its corners in the units of the map.
function shapeOf(text) {
  const [how, list] = text.split(':');
  const numbers = (list ?? '').split(',').map(Number);
  if (!['add', 'remove'].includes(how) || numbers.length < 6 || numbers.length % 2 || !numbers.every(Number.isFinite)) return null;
  return { how, x: numbers.filter((_, k) => k % 2 === 0), y: numbers.filter((_, k) => k % 2 === 1) };
}

class MapPage {
  constructor(main, survey, about) {
    this.main = main;
    this.survey = survey;
    this.about = about;
    this.view = new View();
    this.points = new Points(about, () => this.soon(), (error) => this.broken(error));
    this.thumbs = new Thumbs(() => this.soon());
    this.hidden = new Set();
    this.column = '';
    this.legend = null;
    this.shapes = [];
    this.rings = []; // { at, row, id, kind }
    this.names = new Map(); // row -> galaxy
    this.version = 0;
    this.ended = new AbortController();
    this.shown = [];
    this.frames = [];
    this.build();
  }

  build() {
    this.sky = el('canvas', { class: 'layer', 'aria-hidden': 'true' });
    this.over = el('canvas', { class: 'layer', 'aria-hidden': 'true' });
    this.box = el('div', { class: 'plane', tabindex: '0', role: 'application', 'aria-roledescription': 'map of galaxies', 'aria-label': `Map of ${this.about.points.toLocaleString('en')} galaxies`, 'aria-describedby': 'map-help map-here' }, this.sky, this.over);
    this.card = el('div', { class: 'hover', hidden: true, 'aria-hidden': 'true' });
    this.here = el('p', { id: 'map-here', class: 'visually-hidden', 'aria-live': 'polite' });
    this.count = el('span', {});
    this.select = el('select', { id: 'map-colour', 'aria-label': 'Colour by' });
    this.legendBox = el('div', { class: 'legend' });
    this.tools = this.toolbar();
    this.side = el('aside', { class: 'panel sheet', hidden: true, 'aria-label': 'Chosen galaxies' });
    this.pictures = el('select', { id: 'map-pictures', 'aria-label': 'Pictures' }, [['auto', 'where there is room'], ['always', 'everywhere'], ['never', 'none']].map(([value, words]) => el('option', { value }, words)));
    this.size = el('input', { type: 'range', min: '28', max: '144', step: '4', value: matchMedia('(max-width: 640px)').matches ? '44' : '56', 'aria-label': 'Size of pictures' });
    this.key = el('details', { class: 'panel key' },
      el('summary', {}, el('span', {}, 'Colours and pictures')),
      el('div', { class: 'fields' }, el('label', { for: 'map-colour', class: 'muted' }, 'Colour'), this.select, el('label', { for: 'map-pictures', class: 'muted' }, 'Pictures'), this.pictures, el('span', { class: 'muted' }, 'Size'), this.size),
      this.legendBox);
    this.key.open = !matchMedia('(max-width: 640px)').matches;
    this.main.replaceChildren(
      el('div', { class: 'map' }, this.box, this.card, this.key, this.tools, this.side,
        el('div', { class: 'foot small' }, this.count, this.about.behind && el('span', { class: 'warn' }, this.about.behind),
          el('span', { class: 'muted keys-hint' }, 'drag to move, wheel to zoom, ', el('kbd', {}, 'Shift'), ' and drag to choose'))),
      el('p', { id: 'map-help', class: 'visually-hidden' }, 'Arrows move, plus and minus zoom, 0 shows all. The galaxy nearest to the middle is named; Shift and an arrow go to the next one, Enter opens it. Space chooses all galaxies in view, Escape chooses none.'),
      this.here);
    this.pictures.addEventListener('change', () => this.soon());
    this.size.addEventListener('input', () => this.soon());
    this.key.addEventListener('toggle', () => this.resize());
    this.select.addEventListener('change', guarded(() => this.colourBy(this.select.value)));
  }

  toolbar() {
    this.tool = 'move';
    const icons = {
      move: 'M12 3v18M3 12h18M12 3l-2.5 2.5M12 3l2.5 2.5M12 21l-2.5-2.5M12 21l2.5-2.5M3 12l2.5-2.5M3 12l2.5 2.5M21 12l-2.5-2.5M21 12l-2.5 2.5',
      lasso: 'M8.5 16.5C5 15.5 3 13.2 3 10.6 3 7 7 4 12 4s9 3 9 6.6-4 6.6-9 6.6c-.8 0-1.5-.1-2.2-.2M9.8 17a1.7 1.7 0 1 1-3.300 0 1.7 1.7 0 0 1 3.300 0M8.200 18.7c0 1.300-.7 2-2 2.300',
      box: 'M4 5h16v14H4z',
      plus: 'M12 5v14M5 12h14', minus: 'M5 12h14', all: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
    };
    const icon = (path) => {
      const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
      svg.setAttribute('viewBox', '0 0 24 24');
      const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
      line.setAttribute('d', path);
      svg.append(line);
      return svg;
    };
    const tool = (name, words, key) => el('button', { type: 'button', 'data-tool': name, 'aria-pressed': String(name === 'move'), 'aria-label': words, title: `${words} (${key})`, onclick: () => this.use(name) }, icon(icons[name]));
    const act = (name, words, work) => el('button', { type: 'button', 'data-act': name, 'aria-label': words, title: words, onclick: work }, icon(icons[name]));
    const middle = () => [this.view.width / 2, this.view.height / 2];
    const zoom = (factor) => () => this.glideTo({ scale: this.view.scale * factor });
    return el('div', { class: 'toolbar', role: 'toolbar', 'aria-label': 'Map tools' },
      el('div', { class: 'group', role: 'group', 'aria-label': 'What dragging does' }, tool('move', 'Move the map', 'V'), tool('lasso', 'Draw around galaxies', 'L'), tool('box', 'Draw a box around galaxies', 'B')),
      el('div', { class: 'group', role: 'group', 'aria-label': 'Zoom' }, act('plus', 'Zoom in', zoom(1.8, middle)), act('minus', 'Zoom out', zoom(1 / 1.8, middle)), act('all', 'Show all', () => this.glideTo(this.view.whole()))));
  }

  use(name) {
    this.tool = name;
    this.box.dataset.tool = name;
    this.tools.querySelectorAll('[data-tool]').forEach((button) => button.setAttribute('aria-pressed', String(button.dataset.tool === name)));
  }

  async start(given) {
    this.paint = painter(this.sky);
    this.box.dataset.painter = this.paint.kind;
    gestures(this.box, this.view, {
      tool: () => this.tool,
      how: () => this.side.querySelector('[name=how]:checked')?.value ?? 'new',
      moved: (byKey) => { this.soon(); if (byKey) this.sayHere(); },
      hover: (at) => this.hover(at),
      leave: () => this.hover(null),
      drawing: (drawing) => { this.drawing = drawing; this.soon(); },
      drawn: (corners, how) => this.choose(corners.map((p) => this.view.toPlane(p)), how),
      point: (at) => this.point(at),
      step: (dx, dy) => this.step(dx, dy),
      enter: () => this.middle && this.pin(this.middle),
      all: () => this.chooseView(),
      escape: () => this.clear(),
      keys: (on) => this.keys(on),
    });
    const options = { signal: this.ended.signal };
    document.addEventListener('keydown', (event) => {
      if (busy(event) || document.querySelector('dialog[open]')) return;
      const name = { v: 'move', l: 'lasso', b: 'box' }[event.key.toLowerCase()];
      if (name) this.use(name);
    }, options);
    this.watch = new ResizeObserver(() => this.resize());
    this.watch.observe(this.box);
    this.resize();
    await this.points.begin();
    this.view.home = this.points.middle();
    this.view.fit();
    const { columns } = await get('/map/columns');
    const group = (words, numbers) => columns.some((c) => c.numbers === numbers) && el('optgroup', { label: words }, columns.filter((c) => c.numbers === numbers).map((c) => el('option', { value: c.name }, c.name)));
    this.select.replaceChildren(...[el('option', { value: '' }, 'nothing'), group('Categories', false), group('Numbers', true)].filter(Boolean));
    for (const name of ['x', 'y', 'zoom']) this[`given${name}`] = Number(given.get(name));
    if (given.has('zoom')) Object.assign(this.view, { x: this.givenx, y: this.giveny, scale: this.givenzoom * this.view.fitted() });
    if (given.has('size')) this.size.value = given.get('size');
    if (given.has('pictures')) this.pictures.value = given.get('pictures');
    const wanted = given.get('colour') ?? columns.find((c) => c.map && !c.numbers)?.name ?? (this.about.points > 3000 ? 'crowding' : '');
    await this.colourBy(columns.some((c) => c.name === wanted) ? wanted : '');
    this.shapes = given.getAll('shape').map(shapeOf).filter(Boolean);
    if (this.shapes.length) await this.selected();
    if (given.has('like')) await this.sought(given);
    if (given.has('show')) await this.find(given.get('show'));
    this.soon();
    return this;
  }

  close() {
    this.closed = true;
    this.ended.abort();
    this.watch.disconnect();
    this.thumbs.close();
    this.paint.close();
    document.body.classList.remove('mapping');
  }

  broken(error) {
    if (error.status === 409 || error.status === 404) {
      tell('The map was made anew: it is shown again');
      dispatchEvent(new HashChangeEvent('hashchange'));
    } else tell('The server does not answer; the map goes on when it is back', true);
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.box;
    if (!width || !height) return;
    const fitted = Math.abs(this.view.scale / this.view.fitted() - 1) < 0.01;
    Object.assign(this.view, { width, height, covered: width > 900 ? [this.key.open ? 280 : 0, 60] : [0, 56] });
    if (fitted) this.view.fit();
    this.paint.resize(width, height);
    this.over.width = this.sky.width;
    this.over.height = this.sky.height;
    if (this.colours) this.frame(performance.now()); // at once: a canvas of another size is empty
    else this.soon();
  }

  // One frame at the next occasion, however often it is asked for.
  soon() {
    if (this.awaited || this.closed) return;
    this.awaited = true;
    requestAnimationFrame((now) => {
      this.awaited = false;
      if (!this.closed) this.frame(now);
    });
  }

  frame(now) {
    if (this.wasMoving && now - this.last < 1000) {
      this.paint.pace(now - this.last);
      this.frames.push(now - this.last);
      if (this.frames.length > 600) this.frames.shift();
    }
    this.last = now;
    const key = this.view.key();
    this.wasMoving = key !== this.seen;
    this.seen = key;
    this.shown = this.points.inView(this.view);
    const more = this.paint.paint(this.view, this.points, this.shown, this.look());
    this.drawOver();
    if (this.wasMoving) this.say();
    if (more || this.wasMoving) this.soon();
    else this.rest();
  }

  // Once nothing moves any more: the address, so that a reload comes back here, and the count.
  rest() {
    this.say();
    clearTimeout(this.later);
    this.later = setTimeout(() => {
      if (this.closed) return;
      const query = new URLSearchParams({ colour: this.column, x: this.view.x.toFixed(5), y: this.view.y.toFixed(5), zoom: (this.view.scale / this.view.fitted()).toFixed(3), pictures: this.pictures.value, size: this.size.value });
      for (const [name, value] of this.kept ?? []) query.append(name, value);
      for (const { how, x, y } of this.shapes) query.append('shape', `${how}:${x.flatMap((each, k) => [each, y[k]]).map((each) => Number(each.toPrecision(6))).join(',')}`);
      history.replaceState(null, '', '#map?' + query);
    }, 300);
  }

  look() {
    return { palette: this.colours, column: this.column, marked: this.points.bits !== null, version: this.version };
  }

  say() {
    let inView = 0;
    let there = 0;
    for (const tile of this.shown) {
      there += tile.xy ? tile.count : 0;
      inView += tile.count;
    }
    const all = this.about.points.toLocaleString('en');
    const whole = this.shown.length === this.points.tiles.length;
    this.count.textContent = there < inView ? `${there.toLocaleString('en')} of ${all} galaxies … coming` : whole ? `${all} galaxies` : `${all} galaxies, ${there.toLocaleString('en')} drawn here`;
    this.box.dataset.ready = String(there === inView && this.shown.length > 0 && !this.points.asked);
    this.box.dataset.drawn = there;
  }

  // Between the unit square of the tiles and the units of the map.
  unit([x, y]) {
    return [(x - this.about.left) / this.about.side, (y - this.about.bottom) / this.about.side];
  }

  units([x, y]) {
    return [this.about.left + x * this.about.side, this.about.bottom + y * this.about.side];
  }

  glideTo(goal) {
    const { view } = this;
    const from = { x: view.x, y: view.y, scale: view.scale };
    const to = { ...from, ...goal };
    to.scale = Math.min(view.fitted() * 40000, Math.max(view.fitted() * 0.5, to.scale));
    const time = matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 260;
    const begin = performance.now();
    const step = (now) => {
      const t = time ? Math.min(1, Math.max(0, (now - begin) / time)) : 1;
      const part = t * t * (3 - 2 * t);
      view.x = from.x + (to.x - from.x) * part;
      view.y = from.y + (to.y - from.y) * part;
      view.scale = from.scale * (to.scale / from.scale) ** part;
      view.hold();
      this.soon();
      if (t < 1 && !this.closed) requestAnimationFrame(step);
    };
    step(begin + (time ? 0 : 1));
  }

  async colourBy(column) {
    this.hidden.clear();
    this.legend = column ? await get('/map/legend', { column }) : null;
    this.column = column;
    this.select.value = column;
    this.points.colour(column);
    const changed = () => {
      this.colours = palette(this.legend, this.hidden);
      this.version++;
      this.thumbs.key = '';
      this.legendDraw?.();
      this.soon();
    };
    const changedByHand = () => {
      changed();
      clearTimeout(this.filtering);
      if (this.shapes.length) this.filtering = setTimeout(() => this.selected(), 250);
    };
    if (this.legend) {
      const { box, draw } = legendView(this.legend, this.hidden, changedByHand);
      this.legendDraw = draw;
      this.legendBox.replaceChildren(box);
    } else {
      this.legendDraw = null;
      this.legendBox.replaceChildren();
    }
    changed();
    if (this.shapes.length) this.selected();
  }

  // What the pointer is at: a picture, else a point near it.
  at([x, y], reach = 12) {
    const half = Number(this.size.value) / 2;
    const spot = this.spots?.findLast?.((each) => Math.abs(each.x - x) < half && Math.abs(each.y - y) < half);
    if (spot) return spot;
    const [px, py] = this.view.toPlane([x, y]);
    return this.points.nearest(px, py, reach / this.view.scale, this.shown, (tile, k) => !this.hidden.has(tile.codes ? tile.codes[k] : -1));
  }

  hover(at) {
    clearTimeout(this.hovering);
    if (!at) {
      this.card.hidden = true;
      this.setTarget(null);
      return;
    }
    const found = this.at(at);
    this.setTarget(found);
    if (!found) {
      this.card.hidden = true;
      return;
    }
    this.hovering = setTimeout(guarded(async () => {
      const one = await this.name(found.row);
      if (this.target?.row !== found.row) return;
      const code = found.tile.codes ? found.tile.codes[found.k] : -1;
      this.card.replaceChildren(picture(thumbnail(one.id), ''), el('div', {}, el('b', {}, one.id), place(one) && el('div', { class: 'muted' }, place(one)), this.column && code >= 0 && el('div', {}, `${this.column}: ${this.words(code)}`)));
      const [x, y] = this.view.toScreen(found.at);
      this.card.hidden = false;
      const { offsetWidth: w, offsetHeight: h } = this.card;
      this.card.style.left = `${x + 22 + w > this.view.width ? Math.max(4, x - 22 - w) : x + 22}px`;
      this.card.style.top = `${Math.min(this.view.height - h - 6, Math.max(6, y - h / 2))}px`;
    }), this.names.has(found.row) ? 0 : 70);
  }

  setTarget(found) {
    if (this.target?.row === found?.row) return;
    this.target = found ?? null;
    this.box.classList.toggle('pointing', Boolean(found) && this.tool === 'move');
    this.soon();
  }

  words(code) {
    if (!this.legend || code === 0) return 'not known';
    if (this.legend.numbers) return `about ${number(valueOf(this.legend, code), 4)}`;
    return code === 255 ? 'one of the others' : this.legend.names[code - 1];
  }

  async name(row) {
    if (!this.names.has(row)) this.names.set(row, (await get('/map/galaxies', { row })).galaxies[0]);
    return this.names.get(row);
  }

  point(at) {
    const found = this.at(at, 16);
    if (found) this.pin(found);
  }

  // Marks are shown to those who go by keys, and to nobody else.
  keys(on) {
    if (this.byKey === on) return;
    this.byKey = on;
    this.box.classList.toggle('keys', on);
    this.soon();
  }

  // Names the galaxy nearest to the middle.
  sayHere() {
    clearTimeout(this.saying);
    this.saying = setTimeout(guarded(async () => {
      const found = this.points.nearest(this.view.x, this.view.y, 300 / this.view.scale, this.shown);
      this.middle = found;
      this.setTarget(found);
      if (!found) {
        this.here.textContent = 'No galaxy near the middle.';
        return;
      }
      const one = await this.name(found.row);
      const code = found.tile.codes ? found.tile.codes[found.k] : -1;
      this.here.textContent = `${one.id}${this.column && code >= 0 ? `, ${this.column} ${this.words(code)}` : ''}. ${this.count.textContent}.`;
    }), 220);
  }

  // To the next galaxy in a direction.
  step(dx, dy) {
    const from = this.middle?.at ?? [this.view.x, this.view.y];
    const reach = Math.max(this.view.width, this.view.height) / this.view.scale;
    const next = this.points.nearest(from[0], from[1], reach, this.shown, (tile, k) => {
      const [x, y] = this.points.place(tile, k);
      const along = (x - from[0]) * dx + (y - from[1]) * dy;
      const aside = Math.abs((x - from[0]) * dy) + Math.abs((y - from[1]) * dx);
      return along > 1e-9 && along >= aside;
    });
    if (next) {
      this.middle = next;
      this.glideTo({ x: next.at[0], y: next.at[1] });
      setTimeout(() => this.sayHere(), 320);
    }
  }
}

Object.assign(MapPage.prototype, over, chosen);
