// What lies over the points of the map, drawn anew with every frame that is not a movement: pictures, rings, the lasso. Methods of the page of map.js.
import { colourOf } from './mapcolours.js';

const GOLD = '#f2c770';

export const over = {
  // Pictures, rings, the lasso: what changes though the points do not.
  drawOver() {
    const pen = this.over.getContext('2d');
    const { view } = this;
    const ratio = this.paint.ratio;
    const wide = this.carried.wide(view);
    const [beyondX, beyondY] = this.carried.beyond;
    this.carried.painted(this.over, wide);
    pen.setTransform(ratio, 0, 0, ratio, ratio * beyondX, ratio * beyondY);
    pen.clearRect(-beyondX, -beyondY, wide.width, wide.height);
    const size = Number(this.size.value);
    const ring = new Set(this.rings.map((each) => each.row));
    const placed = this.thumbs.place(wide, this.shown, size, this.crowded && this.pictures.value === 'auto' ? 'never' : this.pictures.value, (tile, k) => !this.hidden.has(tile.codes ? tile.codes[k] : -1));
    let pictures = 0;
    this.spots = [];
    for (const one of placed) {
      const [x, y] = view.toScreen(one.at);
      if (x < -size - beyondX || y < -size - beyondY || x > view.width + size + beyondX || y > view.height + size + beyondY) continue;
      const image = this.thumbs.get(one.row);
      if (!image) continue;
      this.thumb(pen, image, x, y, size, one, ring.has(one.row));
      this.spots.push({ row: one.row, at: one.at, tile: one.tile, k: one.k });
      if (x >= -size && y >= -size && x <= view.width + size && y <= view.height + size) pictures++;
    }
    this.box.dataset.pictures = pictures;
    this.drawRings(pen);
    if (this.target) this.circle(pen, view.toScreen(this.target.at), 11, '#ffffff', 2);
    if (document.activeElement === this.box && this.byKey) this.cross(pen);
    this.shapes.forEach((shape) => this.outline(pen, shape.x.map((x, k) => view.toScreen(this.unit([x, shape.y[k]]))), shape.how, true));
    if (this.drawing) {
      const { kind, points } = this.drawing;
      this.outline(pen, kind === 'box' && points[1] ? [points[0], [points[1][0], points[0][1]], points[1], [points[0][0], points[1][1]]] : points, this.drawing.how, false);
    }
  },

  thumb(pen, image, x, y, size, one, ringed) {
    const code = one.tile.codes ? one.tile.codes[one.k] : 0;
    const marked = this.points.isSelected(one.row);
    pen.globalAlpha = this.points.bits && !marked ? 0.32 : 1;
    const part = size / Math.max(image.width, image.height) * 0.94;
    const [w, h] = [image.width * part, image.height * part];
    pen.drawImage(image, x - w / 2, y - h / 2, w, h);
    const line = marked || ringed ? GOLD : this.column ? `rgb(${colourOf(this.legend, code)})` : 'rgba(150,170,220,.35)';
    pen.strokeStyle = line;
    pen.lineWidth = marked || ringed ? 2.5 : this.column ? 1.8 : 1;
    pen.beginPath();
    pen.roundRect(x - w / 2, y - h / 2, w, h, Math.min(w, h) * 0.14);
    pen.stroke();
    pen.globalAlpha = 1;
  },

  drawRings(pen) {
    for (const { at, kind } of this.rings) {
      const [x, y] = this.view.toScreen(at);
      const [beyondX, beyondY] = this.carried.beyond;
      if (x > -20 - beyondX && y > -20 - beyondY && x < this.view.width + 20 + beyondX && y < this.view.height + 20 + beyondY) this.circle(pen, [x, y], kind === 'example' ? 9 : 6, kind === 'example' ? '#84dcb6' : GOLD, kind === 'example' ? 2.5 : 1.6);
    }
  },

  circle(pen, [x, y], radius, colour, width) {
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.lineWidth = width + 2;
    pen.strokeStyle = 'rgba(5,8,16,.75)';
    pen.stroke();
    pen.lineWidth = width;
    pen.strokeStyle = colour;
    pen.stroke();
  },

  cross(pen) {
    const [x, y] = [this.view.width / 2, this.view.height / 2];
    pen.strokeStyle = 'rgba(242,199,112,.8)';
    pen.lineWidth = 1.5;
    pen.beginPath();
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
      pen.moveTo(x + 6 * dx, y + 6 * dy);
      pen.lineTo(x + 16 * dx, y + 16 * dy);
    }
    pen.stroke();
  },

  outline(pen, corners, how, done) {
    if (corners.length < 2) return;
    pen.beginPath();
    corners.forEach(([x, y], k) => (k ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    pen.closePath();
    pen.setLineDash(done ? [] : [6, 4]);
    pen.lineWidth = done ? 1.2 : 1.8;
    pen.strokeStyle = how === 'remove' ? '#ff9482' : GOLD;
    if (!done) {
      pen.fillStyle = how === 'remove' ? 'rgba(255,148,130,.12)' : 'rgba(242,199,112,.12)';
      pen.fill();
    }
    pen.stroke();
    pen.setLineDash([]);
  },
};
