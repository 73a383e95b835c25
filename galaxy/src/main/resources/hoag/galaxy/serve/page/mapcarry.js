// What is painted moves along while the map moves, as a picture: the layers are larger than the screen, so that an edge comes into sight late, and only then, or
// when the map has come to rest at another zoom, is anything painted anew. A frame of movement costs the same for a thousand galaxies and for a million.
import { View } from './mappoints.js';

const BEYOND = 0.15; // of the screen, on each side
const NEARER = 1.8; // pictures may be shown so much larger
const REST = 130; // milliseconds without a movement

export class Carried {
  constructor(...layers) {
    this.layers = layers;
    this.beyond = [0, 0];
    layers.forEach((layer) => { layer.style.transformOrigin = '0 0'; layer.style.willChange = 'transform'; });
  }

  // The size of the layers for a screen.
  resize(width, height) {
    this.beyond = [Math.ceil(BEYOND * width), Math.ceil(BEYOND * height)];
    const [x, y] = this.beyond;
    for (const { style } of this.layers) Object.assign(style, { inset: 'auto', left: `${-x}px`, top: `${-y}px`, width: `${width + 2 * x}px`, height: `${height + 2 * y}px` });
    this.forget();
    return [width + 2 * x, height + 2 * y];
  }

  forget() {
    this.at = new Map();
  }

  // A view of all that a layer holds.
  wide(view) {
    return Object.assign(new View(), view, { width: view.width + 2 * this.beyond[0], height: view.height + 2 * this.beyond[1] });
  }

  // A layer was painted for this view: it lies where it belongs.
  painted(layer, wide) {
    this.at.set(layer, wide);
    layer.style.transform = 'none';
  }

  view(layer) {
    return this.at.get(layer);
  }

  // Whether the painted part still fills the screen, but for such a part of it at its edges, and is not too coarse.
  fills(layer, view, but = 0) {
    const put = this.put(layer, view);
    if (!put) return false;
    const { k, dx, dy, wide } = put;
    const [x, y] = [this.beyond[0] + but * view.width, this.beyond[1] + but * view.height];
    const [right, bottom] = [this.beyond[0] + view.width * (1 - but), this.beyond[1] + view.height * (1 - but)];
    return k <= NEARER && dx <= x && dy <= y && dx + k * wide.width >= right && dy + k * wide.height >= bottom;
  }

  // Whether it would be the same if it were painted anew.
  sharp(layer, view) {
    return this.at.get(layer)?.scale === view.scale && this.fills(layer, view);
  }

  put(layer, view) {
    const wide = this.at.get(layer);
    if (!wide) return null;
    const k = view.scale / wide.scale;
    return { k, wide, dx: wide.width / 2 * (1 - k) + (wide.x - view.x) * view.scale, dy: wide.height / 2 * (1 - k) - (wide.y - view.y) * view.scale };
  }

  // Moves a layer to where its picture belongs in a view.
  carry(layer, view) {
    const { k, dx, dy } = this.put(layer, view);
    const whole = (v) => (k === 1 ? Math.round(v * devicePixelRatio) / devicePixelRatio : v);
    layer.style.transform = `translate(${whole(dx)}px, ${whole(dy)}px) scale(${k})`;
  }

  // Whether the map moves, or did a moment ago.
  moving(view, now) {
    const key = view.key();
    if (key !== this.key) {
      this.key = key;
      this.moved = now;
    }
    return now - this.moved < REST;
  }
}
