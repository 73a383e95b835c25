// The map of the survey: deep zoom, pictures where there is room, colours, a lasso, and what is to be done with what it holds.
import { get } from './api.js';
import { el, guarded, tell, busy } from './ui.js';
import { Points, View } from './mappoints.js';
import { GlPainter } from './mapgl.js';
import { CanvasPainter } from './mapcanvas.js';
import { galaxies } from './mappaint.js';
import { Density, isCrowded } from './mapdensity.js';
import { Thumbs } from './mapthumbs.js';
import { legendView, palette } from './mapcolours.js';
import { toolbar } from './maptools.js';
import { pointing } from './mappointing.js';
import { gestures } from './mapgestures.js';
import { over } from './mapover.js';
import { Carried } from './mapcarry.js';
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

function painted(canvas) {
  const gl = new URLSearchParams(location.hash.split('?')[1]).has('canvas') ? null
    : canvas.getContext('webgl', { antialias: false, alpha: true, premultipliedAlpha: true, preserveDrawingBuffer: true });
  return gl ? new GlPainter(canvas, gl) : new CanvasPainter(canvas);
}

// A shape as the address has it: add or remove, then x, y of its corners in the units of the map.
function shapeOf(text) {
  const [how, list] = text.split(':');
  const numbers = (list ?? '').split(',').map(Number);
  if (!['add', 'remove'].includes(how) || numbers.length < 6 || numbers.length % 2 || !numbers.every(Number.isFinite)) return null;
  return { how, x: numbers.filter((_, k) => k % 2 === 0), y: numbers.filter((_, k) => k % 2 === 1) };
}

const BRISK = 24; // milliseconds: frames of a movement that take longer have no time to paint
const FEW = 1; // the level of tiles whose points are there to be pointed at where only a density is seen
const BARE = 0.25; // of the screen may be bare at an edge for the moment, where painting takes long

class MapPage {
  constructor(main, survey, about) {
    this.main = main;
    this.survey = survey;
    this.about = about;
    this.view = new View();
    this.points = new Points(about, () => this.soon(), (error) => this.broken(error));
    this.density = new Density(about, () => this.soon(), (error) => this.broken(error));
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
    this.last = 0;
    this.frames = [];
    this.build();
  }

  build() {
    this.sky = el('canvas', { class: 'layer', 'aria-hidden': 'true' });
    this.haze = el('canvas', { class: 'layer', 'aria-hidden': 'true' });
    this.over = el('canvas', { class: 'layer', 'aria-hidden': 'true' });
    this.box = el('div', { class: 'plane', tabindex: '0', role: 'application', 'aria-roledescription': 'map of galaxies', 'aria-label': `Map of ${this.about.points.toLocaleString('en')} galaxies`, 'aria-describedby': 'map-help map-here' }, this.sky, this.haze, this.over);
    this.carried = new Carried(this.sky, this.haze, this.over);
    this.card = el('div', { class: 'hover', hidden: true, 'aria-hidden': 'true' });
    this.here = el('p', { id: 'map-here', class: 'visually-hidden', 'aria-live': 'polite' });
    this.count = el('span', {});
    this.select = el('select', { id: 'map-colour', 'aria-label': 'Colour by' });
    this.legendBox = el('div', { class: 'legend' });
    this.tool = 'move';
    this.tools = toolbar(this);
    this.side = el('aside', { class: 'panel sheet', hidden: true, 'aria-label': 'Chosen galaxies' });
    this.pictures = el('select', { id: 'map-pictures', 'aria-label': 'Pictures' }, [['auto', 'where they fit'], ['always', 'everywhere'], ['never', 'none']].map(([value, words]) => el('option', { value }, words)));
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

  use(name) {
    this.tool = name;
    this.box.dataset.tool = name;
    this.tools.querySelectorAll('[data-tool]').forEach((button) => button.setAttribute('aria-pressed', String(button.dataset.tool === name)));
  }

  async start(given) {
    this.paint = painted(this.sky);
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
    this.paint.resize(...this.carried.resize(width, height));
    for (const layer of [this.haze, this.over]) Object.assign(layer, { width: this.sky.width, height: this.sky.height });
    this.hazeKey = '';
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

  // While the map moves, what is painted moves along; what is not there yet is painted where there is time for it.
  frame(now) {
    const took = now - this.last;
    if (this.wasMoving && took < 1000) {
      if (this.painting) {
        this.paint.pace(took);
        this.slow = took > 2 * BRISK;
      }
      this.frames.push(took);
      if (this.frames.length > 600) this.frames.shift();
    }
    this.last = now;
    this.wasMoving = this.carried.moving(this.view, now);
    const { version } = this;
    const bare = this.slow ? BARE : 0;
    const fresh = version !== this.paintedVersion || !(this.wasMoving ? this.carried.fills(this.sky, this.view, bare) : this.carried.sharp(this.sky, this.view));
    this.painting = fresh || !this.wasMoving || took < BRISK;
    for (const layer of [this.sky, this.haze]) {
      if (fresh) this.carried.painted(layer, this.carried.wide(this.view));
      else this.carried.carry(layer, this.view);
    }
    this.paintedVersion = version;
    const wide = this.carried.view(this.sky);
    if (this.painting) {
      const tiles = this.points.inView(wide);
      this.crowded = isCrowded(wide, galaxies(wide, tiles));
      this.shown = this.crowded ? this.points.inView(wide, FEW) : tiles;
      this.points.want(this.shown, wide);
      this.more = this.paint.paint(wide, this.points, this.crowded ? [] : this.shown, this.look());
      this.paintHaze(wide);
    }
    if (fresh || !this.wasMoving || !this.carried.fills(this.over, this.view, bare)) this.drawOver();
    else this.carried.carry(this.over, this.view);
    if (this.wasMoving) this.say();
    if (this.more || this.wasMoving) this.soon();
    else this.rest();
  }

  // Where there are too many galaxies for points their density is painted, and is left there until all points have come where there are fewer.
  paintHaze(view) {
    const parts = this.crowded || (this.hazeKey && this.shown.some((tile) => !tile.xy)) ? this.density.of(view) : [];
    if (this.crowded && this.colours) this.density.want(parts, view, this.wanted());
    this.parts = parts;
    this.sky.style.visibility = this.crowded ? 'hidden' : ''; // a layer that is empty costs time, too
    this.haze.style.visibility = parts.length ? '' : 'hidden';
    const key = parts.length ? `${view.key()}|${this.density.version}` : '';
    if (key === this.hazeKey) return;
    this.hazeKey = key;
    this.density.paint(this.haze.getContext('2d'), view, parts, this.paint.ratio);
  }

  // Which galaxies count, and in which colours.
  wanted() {
    if (this.counted?.version !== this.version) {
      const body = this.body();
      if (this.column) body.column = this.column;
      if (!this.points.bits) delete body.shapes;
      this.counted = { version: this.version, body, key: JSON.stringify(body), palette: this.colours };
    }
    return this.counted;
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
    const all = this.about.points.toLocaleString('en');
    if (this.crowded) {
      const there = this.parts.reduce((sum, part) => sum + part.total, 0);
      const ready = this.density.isThere(this.parts);
      this.count.textContent = !ready ? `${all} galaxies … coming` : there === this.about.points ? `${all} galaxies, counted; come nearer for each` : `${all} galaxies, ${there.toLocaleString('en')} counted here; come nearer for each`;
      this.box.dataset.ready = String(ready && !this.points.asked && this.shown.every((tile) => tile.xy));
      this.box.dataset.drawn = there;
      this.box.dataset.as = 'density';
      return;
    }
    let inView = 0;
    let there = 0;
    for (const tile of this.shown) {
      there += tile.xy ? tile.count : 0;
      inView += tile.count;
    }
    const whole = this.shown.length === this.points.tiles.length;
    this.count.textContent = there < inView ? `${there.toLocaleString('en')} of ${all} galaxies … coming` : whole ? `${all} galaxies` : `${all} galaxies, ${there.toLocaleString('en')} drawn here`;
    this.box.dataset.ready = String(there === inView && this.shown.length > 0 && !this.points.asked);
    this.box.dataset.drawn = there;
    this.box.dataset.as = 'points';
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
}

Object.assign(MapPage.prototype, over, chosen, pointing);
