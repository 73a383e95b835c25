// What the pointer is at, and what goes by keys. Methods of the page of map.js.
import { get, thumbnail } from './api.js';
import { el, guarded, number, picture, place } from './ui.js';
import { valueOf } from './mapcolours.js';

export const pointing = {
  // What the pointer is at: a picture, else a point near it.
  at([x, y], reach = 12) {
    const half = Number(this.size.value) / 2;
    const spot = this.spots?.findLast?.((each) => {
      const [sx, sy] = this.view.toScreen(each.at);
      return Math.abs(sx - x) < half && Math.abs(sy - y) < half;
    });
    if (spot) return spot;
    const [px, py] = this.view.toPlane([x, y]);
    return this.points.nearest(px, py, reach / this.view.scale, this.shown, (tile, k) => !this.hidden.has(tile.codes ? tile.codes[k] : -1));
  },

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
  },

  setTarget(found) {
    if (this.target?.row === found?.row) return;
    this.target = found ?? null;
    this.box.classList.toggle('pointing', Boolean(found) && this.tool === 'move');
    this.soon();
  },

  words(code) {
    if (!this.legend || code === 0) return this.legend?.names ? 'none' : 'not known';
    if (this.legend.numbers) return `about ${number(valueOf(this.legend, code), 4)}`;
    return code === 255 ? 'one of the others' : this.legend.names[code - 1];
  },

  async name(row) {
    if (!this.names.has(row)) this.names.set(row, (await get('/map/galaxies', { row })).galaxies[0]);
    return this.names.get(row);
  },

  point(at) {
    const found = this.at(at, 16);
    if (found) this.pin(found);
  },

  // Marks are shown to those who go by keys, and to nobody else.
  keys(on) {
    if (this.byKey === on) return;
    this.byKey = on;
    this.box.classList.toggle('keys', on);
    this.soon();
  },

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
  },

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
  },
};
