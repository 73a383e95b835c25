// How points are painted: what is common to WebGL (mapgl.js) and a canvas (mapcanvas.js). What does not change stays on the screen: a view that rests is
// completed from frame to frame, and one that moves gets as many points as keep it fluid.

// What is common: which tiles are on the screen already, and how many points a frame may cost.
export class Painter {
  constructor(canvas) {
    this.canvas = canvas;
    this.drawn = new Map();
    this.budget = 120000;
    this.key = '';
    this.ratio = 1;
  }

  resize(width, height) {
    this.ratio = Math.min(2, devicePixelRatio || 1);
    this.canvas.width = Math.max(1, Math.round(width * this.ratio));
    this.canvas.height = Math.max(1, Math.round(height * this.ratio));
    this.key = '';
  }

  // Frames that take long make the next ones lighter, at once; short ones make them heavier by and by.
  pace(milliseconds) {
    if (milliseconds > 26) this.budget = Math.max(this.least, this.budget * Math.max(0.3, 20 / milliseconds));
    else if (milliseconds < 20) this.budget = Math.min(1500000, this.budget * 1.12);
  }

  // Paints what is not there yet, a fair sample of all first; returns whether more is to do.
  paint(view, points, tiles, look) {
    const there = tiles.filter((tile) => tile.xy);
    const key = `${view.key()}|${look.version}`;
    if (key !== this.key || [...this.drawn].some(([tile, { changed }]) => tile.changed !== changed)) {
      this.key = key;
      this.drawn.clear();
      this.part = 0;
      this.style = style(galaxies(view, tiles), view, look);
      this.clear();
      this.begin(look);
    }
    const all = there.reduce((sum, tile) => sum + tile.count, 0);
    this.part = Math.min(1, this.part + this.budget / Math.max(1, all));
    for (const tile of there) {
      const from = this.drawn.get(tile)?.to ?? 0;
      const to = points.share(tile, this.part);
      if (to > from) this.tile(view, tile, look, from, to);
      this.drawn.set(tile, { to, changed: tile.changed });
    }
    this.end();
    return this.part < 1;
  }

  // Once a frame, after its tiles.
  end() {}
}

// How many galaxies are in view, about.
export const galaxies = (view, tiles) => tiles.reduce((sum, tile) => sum + tile.count * seen(view, tile), 0);

// The part of a tile that is in view.
function seen(view, tile) {
  const part = (middle, half, at) => Math.max(0, Math.min(middle + half, at + tile.side) - Math.max(middle - half, at)) / tile.side;
  return part(view.x, view.width / 2 / view.scale, tile.x) * part(view.y, view.height / 2 / view.scale, tile.y);
}

function style(count, view, look) {
  const room = Math.sqrt(view.width * view.height / Math.max(1, count)); // pixels from point to point, were they even
  const size = Math.min(7, Math.max(look.column ? 1.7 : 1.5, 0.32 * room));
  const cover = size * size / (room * room);
  const strength = look.column ? Math.min(0.95, Math.max(0.34, 0.12 / cover)) : Math.min(0.9, Math.max(0.06, 0.05 / cover));
  return { size, strength };
}
