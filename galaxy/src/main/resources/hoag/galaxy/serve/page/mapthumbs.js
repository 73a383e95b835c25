// Thumbnails on the map, where there is room: no two overlap, those of the larger tiles first, so that they stay while the map moves.
const MOST = 1600; // pictures kept
const BATCH = 48;
const FEW = 25000; // points in view from which on pictures come by themselves
const LOOKED_AT = 60000;

export class Thumbs {
  constructor(changed) {
    this.changed = changed;
    this.known = new Map(); // row -> picture, or null where there is none
    this.asked = new Set();
    this.waiting = [];
    this.busy = 0;
    this.placed = [];
    this.key = '';
    this.bytes = 0;
  }

  // Which galaxies are shown as pictures, by a raster that belongs to the plane and not to the screen.
  place(view, tiles, size, mode, allowed) {
    const inView = tiles.reduce((sum, tile) => sum + (tile.xy ? tile.count * share(view, tile) : 0), 0);
    const step = 2 ** (Math.floor(4 * Math.log2(view.scale)) / 4);
    const key = [mode, size, step, Math.round(view.x * step / 160), Math.round(view.y * step / 160), view.width, view.height, tiles.reduce((sum, tile) => sum + (tile.xy ? 1 + tile.changed : 0), 0), tiles.length].join();
    if (mode === 'never' || (mode === 'auto' && inView > FEW)) {
      this.placed = [];
      this.key = '';
      return this.placed;
    }
    if (key === this.key) return this.placed;
    this.key = key;
    const cell = size / step;
    const taken = new Map();
    const placed = [];
    const margin = 1.5 * cell + 100 / step;
    const [left, right] = [view.x - view.width / 2 / view.scale - margin, view.x + view.width / 2 / view.scale + margin];
    const [low, high] = [view.y - view.height / 2 / view.scale - margin, view.y + view.height / 2 / view.scale + margin];
    let looked = 0;
    for (const tile of tiles) {
      if (!tile.xy) continue;
      const unit = tile.side / 65535;
      for (let k = 0; k < tile.count && looked < LOOKED_AT; k++) {
        const x = tile.x + tile.xy[2 * k] * unit;
        const y = tile.y + tile.xy[2 * k + 1] * unit;
        if (x < left || x > right || y < low || y > high || !allowed(tile, k)) continue;
        looked++;
        const i = Math.floor(x / cell);
        const j = Math.floor(y / cell);
        if (isFree(taken, i, j, x, y, cell)) {
          taken.set(i * 4194304 + j, [x, y]);
          placed.push({ row: tile.rows[k], at: [x, y], tile, k });
        }
      }
    }
    this.placed = placed;
    return placed;
  }

  // The picture of a galaxy if it is here; asks for it otherwise.
  get(row) {
    const picture = this.known.get(row);
    if (picture !== undefined) {
      this.known.delete(row); // the last that were used are kept
      this.known.set(row, picture);
    } else if (!this.asked.has(row)) {
      this.asked.add(row);
      this.waiting.push(row);
      queueMicrotask(() => this.fetch());
    }
    return picture;
  }

  async fetch() {
    if (this.busy >= 2 || !this.waiting.length) return;
    const rows = this.waiting.splice(-BATCH); // what was asked for last is what is looked at
    if (this.waiting.length > 600) this.waiting.splice(0, this.waiting.length - 600).forEach((row) => this.asked.delete(row));
    this.busy++;
    try {
      const response = await fetch('/map/thumbnails?' + rows.map((row) => 'row=' + row).join('&'));
      if (!response.ok) throw new Error(response.statusText);
      const buffer = await response.arrayBuffer();
      this.bytes += buffer.byteLength;
      const sizes = new DataView(buffer);
      let at = 0;
      await Promise.all(rows.map((row) => {
        const length = sizes.getUint32(at, true);
        const jpeg = new Blob([new Uint8Array(buffer, at + 4, length)], { type: 'image/jpeg' });
        at += 4 + length;
        return (length ? rounded(jpeg) : Promise.resolve(null)).catch(() => null).then((picture) => this.known.set(row, picture));
      }));
      for (const row of this.known.keys()) {
        if (this.known.size <= MOST) break;
        this.known.get(row)?.close();
        this.known.delete(row);
      }
    } catch {
      await new Promise((wake) => setTimeout(wake, 2000));
    } finally {
      rows.forEach((row) => this.asked.delete(row));
      this.busy--;
      this.changed();
      this.fetch();
    }
  }

  close() {
    this.known.forEach((picture) => picture?.close());
    this.known.clear();
  }
}

function share(view, tile) {
  const part = (middle, half, at) => Math.max(0, Math.min(middle + half, at + tile.side) - Math.max(middle - half, at)) / tile.side;
  return part(view.x, view.width / 2 / view.scale, tile.x) * part(view.y, view.height / 2 / view.scale, tile.y);
}

function isFree(taken, i, j, x, y, cell) {
  for (let di = -1; di <= 1; di++) {
    for (let dj = -1; dj <= 1; dj++) {
      const other = taken.get((i + di) * 4194304 + j + dj);
      if (other && Math.abs(other[0] - x) < cell && Math.abs(other[1] - y) < cell) return false;
    }
  }
  return true;
}

async function rounded(jpeg) {
  const picture = await createImageBitmap(jpeg);
  const { width, height } = picture;
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext('2d');
  pen.beginPath();
  pen.roundRect(0, 0, width, height, Math.min(width, height) * 0.14);
  pen.clip();
  pen.drawImage(picture, 0, 0);
  picture.close();
  return canvas.transferToImageBitmap();
}
