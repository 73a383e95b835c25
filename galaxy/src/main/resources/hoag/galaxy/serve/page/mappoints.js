// The points of the map: tiles of a quadtree that add up (a tile is a fair sample of what is in it), asked for as they come into view.
const LEAST = 30; // pixels: a smaller tile is dense enough without what is below it
const AT_ONCE = 3;

export class Points {
  constructor(about, changed, failed) {
    this.about = about;
    this.changed = changed;
    this.failed = failed;
    this.column = '';
    this.bits = null; // of selected rows
    this.bytes = 0;
    this.asked = 0;
    this.places = new Map();
    this.tiles = about.tiles.map(([level, i, j, count], index) => {
      const side = 1 / 2 ** level;
      const tile = { index, level, i, j, count, x: i * side, y: j * side, side, xy: null, rows: null, codes: null, marks: null, changed: 0, asked: false };
      this.places.set(`${level}/${i}/${j}`, tile);
      return tile;
    });
  }

  // Tiles in view, the largest first, down to a level.
  inView(view, deepest = Infinity) {
    const shown = [];
    let level = [this.places.get('0/0/0')].filter(Boolean);
    while (level.length) {
      const below = [];
      for (const tile of level) {
        if (!view.meets(tile)) continue;
        shown.push(tile);
        if (tile.side * view.scale <= LEAST || tile.level >= deepest) continue;
        for (let k = 0; k < 4; k++) {
          const child = this.places.get(`${tile.level + 1}/${2 * tile.i + (k & 1)}/${2 * tile.j + (k >> 1)}`);
          if (child) below.push(child);
        }
      }
      level = below;
    }
    return shown;
  }

  // Asks for those that are not there.
  want(shown, view) {
    if (this.asked >= AT_ONCE) return;
    const far = (tile) => tile.level * 1e6 + Math.hypot(tile.x + tile.side / 2 - view.x, tile.y + tile.side / 2 - view.y);
    const missing = (is, most) => shown.filter(is).sort((a, b) => far(a) - far(b)).slice(0, most);
    const points = missing((tile) => !tile.xy && !tile.asked, 12);
    if (points.length) {
      this.fetch(points, '/map/points', {}, 8, (tile, buffer, at) => this.fill(tile, buffer, at));
      return;
    }
    const codes = this.column ? missing((tile) => tile.xy && !tile.codes && !tile.asked, 48) : [];
    if (codes.length) {
      const column = this.column;
      this.fetch(codes, '/map/codes', { column }, 1, (tile, buffer, at) => {
        if (column !== this.column) return;
        tile.codes = new Uint8Array(buffer, at, tile.count);
      });
    }
  }

  async fetch(tiles, path, more, size, take) {
    this.asked++;
    tiles.forEach((tile) => { tile.asked = true; });
    try {
      const query = new URLSearchParams({ ...more, version: this.about.version });
      tiles.forEach((tile) => query.append('tile', tile.index));
      const response = await fetch(`${path}?${query}`);
      if (!response.ok) throw Object.assign(new Error((await response.json()).error), { status: response.status });
      const buffer = await response.arrayBuffer();
      this.bytes += buffer.byteLength;
      let at = 0;
      for (const tile of tiles) {
        take(tile, buffer, at);
        tile.changed++;
        at += size * tile.count;
      }
      this.delay = 0;
    } catch (error) {
      this.failed(error);
      this.delay = Math.min(8000, 2 * (this.delay || 250));
      await new Promise((wake) => setTimeout(wake, this.delay)); // the browser is off the network, or the server is busy: again
    } finally {
      tiles.forEach((tile) => { tile.asked = false; });
      this.asked--;
      this.changed();
    }
  }

  // The first tile says where most galaxies are.
  async begin() {
    if (!this.tiles.length) return;
    await this.fetch([this.tiles[0]], '/map/points', {}, 8, (tile, buffer) => this.fill(tile, buffer, 0));
  }

  fill(tile, buffer, at) {
    tile.xy = new Uint16Array(buffer, at, 2 * tile.count);
    tile.rows = new Uint32Array(buffer, at + 4 * tile.count, tile.count);
    this.mark(tile);
  }

  colour(column) {
    this.column = column;
    for (const tile of this.tiles) {
      tile.codes = null;
      tile.changed++;
    }
    this.changed();
  }

  select(bits) {
    this.bits = bits;
    for (const tile of this.tiles) if (tile.xy) this.mark(tile);
    this.changed();
  }

  isSelected(row) {
    return this.bits !== null && (this.bits[row >> 3] >> (row & 7) & 1) === 1;
  }

  mark(tile) {
    tile.changed++;
    if (!this.bits) {
      tile.marks = null;
      return;
    }
    tile.marks = new Uint8Array(tile.count);
    for (let k = 0; k < tile.count; k++) tile.marks[k] = this.isSelected(tile.rows[k]) ? 255 : 0;
  }

  // How many points of a tile belong to a fair sample of so much of the map.
  share(tile, part) {
    if (part >= 1) return tile.count;
    const { rows, turn } = this.about;
    let low = 0;
    let high = tile.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((tile.rows[middle] * turn) % rows < part * rows) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  // Where most of the galaxies are: left, bottom, right, top of the unit square.
  middle() {
    const root = this.tiles[0];
    if (!root?.xy) return [0, 0, 1, 1];
    const sides = [0, 1].map((axis) => Array.from({ length: root.count }, (_, k) => root.xy[2 * k + axis] / 65535).sort((a, b) => a - b));
    const skip = Math.floor(root.count / 1000);
    const [[left, right], [bottom, top]] = sides.map((side) => [side[skip], side[side.length - 1 - skip]]);
    return [left, bottom, right, top];
  }

  // Where a point is in the unit square.
  place(tile, k) {
    return [tile.x + tile.xy[2 * k] / 65535 * tile.side, tile.y + tile.xy[2 * k + 1] / 65535 * tile.side];
  }

  // The nearest point to a place, no further than so much.
  nearest(x, y, most, tiles, allowed = () => true) {
    let best = null;
    let least = most;
    for (const tile of tiles) {
      if (!tile.xy || x < tile.x - least || x > tile.x + tile.side + least || y < tile.y - least || y > tile.y + tile.side + least) continue;
      const step = tile.side / 65535;
      for (let k = 0; k < tile.count; k++) {
        const dx = tile.x + tile.xy[2 * k] * step - x;
        if (dx > least || dx < -least) continue;
        const gap = Math.hypot(dx, tile.y + tile.xy[2 * k + 1] * step - y);
        if (gap < least && allowed(tile, k)) {
          least = gap;
          best = { tile, k, row: tile.rows[k], at: this.place(tile, k) };
        }
      }
    }
    return best;
  }
}

// What part of the unit square is seen: its middle, and pixels to the unit.
export class View {
  constructor() {
    this.x = 0.5;
    this.y = 0.5;
    this.scale = 600;
    this.width = 800;
    this.height = 600;
    this.home = [0, 0, 1, 1];
    this.covered = [0, 0]; // pixels at the left and at the right
  }

  // The scale at which all of home is seen between what covers the sides of the screen.
  fitted() {
    const [left, bottom, right, top] = this.home;
    return 0.9 * Math.min((this.width - this.covered[0] - this.covered[1]) / Math.max(right - left, 1e-3), (this.height - 40) / Math.max(top - bottom, 1e-3));
  }

  whole() {
    const [left, bottom, right, top] = this.home;
    const scale = this.fitted();
    return { x: (left + right) / 2 - (this.covered[0] - this.covered[1]) / 2 / scale, y: (bottom + top) / 2 - 8 / scale, scale };
  }

  fit() {
    Object.assign(this, this.whole());
  }

  meets(tile, margin = 0) {
    const w = this.width / 2 / this.scale + margin;
    const h = this.height / 2 / this.scale + margin;
    return tile.x < this.x + w && tile.x + tile.side > this.x - w && tile.y < this.y + h && tile.y + tile.side > this.y - h;
  }

  toScreen([x, y]) {
    return [(x - this.x) * this.scale + this.width / 2, this.height / 2 - (y - this.y) * this.scale];
  }

  toPlane([sx, sy]) {
    return [this.x + (sx - this.width / 2) / this.scale, this.y - (sy - this.height / 2) / this.scale];
  }

  zoom(factor, [sx, sy]) {
    const [x, y] = this.toPlane([sx, sy]);
    this.scale = Math.min(this.fitted() * 40000, Math.max(this.fitted() * 0.5, this.scale * factor));
    this.x = x - (sx - this.width / 2) / this.scale;
    this.y = y + (sy - this.height / 2) / this.scale;
    this.hold();
  }

  move(dx, dy) {
    this.x -= dx / this.scale;
    this.y += dy / this.scale;
    this.hold();
  }

  // The map is never lost from sight.
  hold() {
    const [w, h] = [0.4 * this.width / this.scale, 0.4 * this.height / this.scale];
    this.x = Math.min(1 + w, Math.max(-w, this.x));
    this.y = Math.min(1 + h, Math.max(-h, this.y));
  }

  key() {
    return `${this.x},${this.y},${this.scale},${this.width},${this.height}`;
  }
}
