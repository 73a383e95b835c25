// Points by a canvas: pixels of our own that are shown once a frame. Squares of whole pixels lie over each other as light through a veil.
import { Painter } from './mappaint.js';

export class CanvasPainter extends Painter {
  constructor(canvas) {
    super(canvas);
    this.kind = 'canvas';
    this.least = 60000;
    this.budget = 250000;
    this.context = canvas.getContext('2d');
  }

  clear() {
    const { width, height } = this.canvas;
    if (this.image?.width !== width || this.image?.height !== height) this.image = this.context.createImageData(width, height);
    else this.image.data.fill(0);
  }

  begin(look) {
    this.palette = look.palette;
  }

  tile(view, tile, look, from, to) {
    const { ratio } = this;
    const side = Math.max(1, Math.round(this.style.size * ratio));
    const strength = Math.max(0.4, this.style.strength);
    const grow = tile.side / 65535 * view.scale * ratio;
    const left = ((tile.x - view.x) * view.scale + view.width / 2) * ratio;
    const top = (view.height / 2 - (tile.y - view.y) * view.scale) * ratio;
    const gold = [255, 209, 107];
    for (const marked of look.marked ? [false, true] : [false]) {
      const alpha = marked ? 1 : strength * (look.marked ? 0.25 : 1);
      const size = marked ? side + 1 : side;
      for (let k = from; k < to; k++) {
        const code = tile.codes ? tile.codes[k] : 0;
        if (this.palette[4 * code + 3] === 0 || marked !== Boolean(tile.marks?.[k])) continue;
        const x = Math.round(left + tile.xy[2 * k] * grow - size / 2);
        const y = Math.round(top - tile.xy[2 * k + 1] * grow - size / 2);
        if (marked && !look.column) this.square(x, y, size, alpha, gold, 0);
        else this.square(x, y, size, alpha, this.palette, 4 * code);
      }
    }
  }

  square(x, y, size, alpha, colours, at) {
    const { data, width, height } = this.image;
    const [right, bottom] = [Math.min(width, x + size), Math.min(height, y + size)];
    for (let row = Math.max(0, y); row < bottom; row++) {
      for (let column = Math.max(0, x), i = 4 * (row * width + column); column < right; column++, i += 4) {
        const below = data[i + 3] / 255 * (1 - alpha);
        const whole = alpha + below;
        const part = alpha / whole;
        data[i] += (colours[at] - data[i]) * part;
        data[i + 1] += (colours[at + 1] - data[i + 1]) * part;
        data[i + 2] += (colours[at + 2] - data[i + 2]) * part;
        data[i + 3] = 255 * whole;
      }
    }
  }

  end() {
    this.context.putImageData(this.image, 0, 0);
  }

  close() {}
}
