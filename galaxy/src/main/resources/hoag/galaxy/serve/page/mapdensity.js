// How many galaxies are where, as light, for views that hold more of them than can be told apart: parts of the map of 128 by 128 cells, counted by the server.
const CELLS = 128;
const DEEPEST = 9;
const CELL = 1.5; // pixels
const ROOM = 10; // pixels to a galaxy: with less, galaxies are counted and not drawn one by one
const AT_ONCE = 24; // parts of a request
const KEPT = 400;
const GOLD = [255, 209, 107];

// Whether a view is too full for points.
export const isCrowded = (view, galaxies) => galaxies * ROOM > view.width * view.height;

export class Density {
  constructor(about, changed, failed) {
    this.about = about;
    this.changed = changed;
    this.failed = failed;
    this.parts = new Map(); // by level, i, j
    this.wanted = { key: '' };
    this.version = 0;
    this.delay = 0;
  }

  // The parts of a view whose cells are about as large as can be told apart.
  of(view) {
    const level = Math.min(DEEPEST, Math.max(0, Math.round(Math.log2(view.scale / (CELLS * CELL)))));
    const many = 2 ** level;
    const range = (middle, half) => [Math.max(0, Math.floor((middle - half) * many)), Math.min(many - 1, Math.floor((middle + half) * many))];
    const [left, right] = range(view.x, view.width / 2 / view.scale);
    const [bottom, top] = range(view.y, view.height / 2 / view.scale);
    const parts = [];
    for (let i = left; i <= right; i++) for (let j = bottom; j <= top; j++) parts.push(this.part(level, i, j));
    return parts;
  }

  part(level, i, j) {
    const name = `${level}/${i}/${j}`;
    const part = this.parts.get(name) ?? { level, i, j, side: 1 / 2 ** level, x: i / 2 ** level, y: j / 2 ** level, key: null, picture: null, total: 0 };
    this.parts.delete(name); // the last that were used are kept
    this.parts.set(name, part);
    return part;
  }

  // Asks for what is missing of these; what is wanted of the galaxies is a column, codes and shapes, with a key that tells it from others, and the colours.
  want(parts, view, wanted) {
    this.wanted = wanted;
    if (this.asked) return;
    const far = (part) => part.level && Math.hypot(part.x + part.side / 2 - view.x, part.y + part.side / 2 - view.y) + 1;
    const missing = [this.part(0, 0, 0), ...parts].filter((part) => part.key !== wanted.key).sort((a, b) => far(a) - far(b));
    if (missing.length) this.fetch([...new Set(missing)].slice(0, AT_ONCE), wanted);
    for (const name of this.parts.keys()) {
      if (this.parts.size <= KEPT) break;
      this.parts.delete(name);
    }
  }

  isThere(parts) {
    return parts.every((part) => part.key === this.wanted.key);
  }

  async fetch(parts, wanted) {
    this.asked = true;
    try {
      const body = JSON.stringify({ parts: parts.map(({ level, i, j }) => ({ level, i, j })), ...wanted.body });
      const response = await fetch('/map/density?' + new URLSearchParams({ version: this.about.version }), { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
      if (!response.ok) throw Object.assign(new Error((await response.json()).error), { status: response.status });
      const from = { bytes: new Uint8Array(await response.arrayBuffer()), at: 0 };
      for (const part of parts) this.take(part, from, wanted);
      this.version++;
      this.delay = 0;
    } catch (error) {
      this.failed(error);
      this.delay = Math.min(8000, 2 * (this.delay || 250));
      await new Promise((wake) => setTimeout(wake, this.delay));
    } finally {
      this.asked = false;
      this.changed();
    }
  }

  take(part, from, wanted) {
    const all = counted(from, Boolean(wanted.body.column));
    const chosen = wanted.body.shapes ? counted(from, Boolean(wanted.body.column)) : null;
    if (part.level === 0) this.most = Math.max(1, high(all.counts));
    part.total = all.counts.reduce((sum, count) => sum + count, 0);
    part.key = wanted.key;
    part.picture = part.total ? this.picture(part, all, chosen, wanted) : null;
  }

  // Brightness goes by the logarithm of the count, from one galaxy to what is high for the map at cells of this size.
  picture(part, all, chosen, { palette, body }) {
    const image = new ImageData(CELLS, CELLS);
    const most = Math.log1p(Math.max(4, this.most / 4 ** part.level));
    const light = (count) => 0.16 + 0.84 * Math.min(1, Math.log1p(count) / most);
    for (let cell = 0; cell < all.counts.length; cell++) {
      if (!all.counts[cell]) continue;
      const is = chosen?.counts[cell] ? chosen : all;
      const at = ((CELLS - 1 - Math.floor(cell / CELLS)) * CELLS + cell % CELLS) * 4;
      const colour = is === chosen && !body.column ? GOLD : palette.subarray(4 * is.codes[cell], 4 * is.codes[cell] + 3);
      image.data.set(colour, at);
      image.data[at + 3] = 255 * light(is.counts[cell]) * (chosen && is === all ? 0.3 : 1);
    }
    const canvas = new OffscreenCanvas(CELLS, CELLS);
    canvas.getContext('2d').putImageData(image, 0, 0);
    return canvas;
  }

  // Draws these parts, and for those that are not there yet the part around them that is.
  paint(pen, view, parts, ratio) {
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, pen.canvas.width, pen.canvas.height);
    const across = (x) => Math.round(((x - view.x) * view.scale + view.width / 2) * ratio);
    const down = (y) => Math.round((view.height / 2 - (y - view.y) * view.scale) * ratio);
    for (const part of parts) {
      let from = part;
      for (let up = 1; from && from.key === null; up++) from = up > part.level ? null : this.parts.get(`${part.level - up}/${part.i >> up}/${part.j >> up}`);
      if (!from?.picture) continue;
      const size = CELLS * part.side / from.side;
      const [left, right, top, bottom] = [across(part.x), across(part.x + part.side), down(part.y + part.side), down(part.y)];
      pen.drawImage(from.picture, (part.x - from.x) / from.side * CELLS, CELLS - (part.y - from.y) / from.side * CELLS - size, size, size, left, top, right - left, bottom - top);
    }
  }
}

// Cells as they are sent: numbers of 7 bits to the byte, after a 0 how many more there are; then the codes of those that are not 0.
function counted(from, coloured) {
  const counts = new Uint32Array(CELLS * CELLS);
  const codes = new Uint8Array(CELLS * CELLS);
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = from.bytes[from.at++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  for (let cell = 0; cell < counts.length;) {
    const count = number();
    counts[cell++] = count;
    if (!count) cell += number();
  }
  for (let cell = 0; coloured && cell < counts.length; cell++) if (counts[cell]) codes[cell] = from.bytes[from.at++];
  return { counts, codes };
}

// More than almost all cells that are not empty have.
function high(counts) {
  const some = counts.filter((count) => count > 0).sort();
  return some[Math.floor(0.99 * (some.length - 1))] ?? 1;
}
