// Paints points: by WebGL, or where there is none on a canvas. What does not change stays on the screen: a view that rests is completed from frame to
// frame, and one that moves gets as many points as keep it fluid.
const VERTEX = `
attribute vec2 place; attribute vec2 tint;
uniform vec2 scale, shift; uniform float size, dim, plain; uniform sampler2D palette;
varying vec4 colour; varying float radius;
void main() {
  vec4 c = texture2D(palette, vec2((tint.x * 255.0 + 0.5) / 256.0, 0.5));
  float marked = step(0.5, tint.y);
  vec3 rgb = mix(c.rgb, vec3(1.0, 0.82, 0.42), marked * plain);
  float alpha = c.a * mix(dim, 1.0, marked);
  colour = vec4(rgb * alpha, alpha);
  gl_PointSize = radius = size * (1.0 + 0.45 * marked);
  gl_Position = c.a == 0.0 ? vec4(2.0, 2.0, 2.0, 1.0) : vec4(place * scale + shift, 0.0, 1.0);
}`;
const FRAGMENT = `
precision mediump float;
varying vec4 colour; varying float radius;
uniform float strength, light;
void main() {
  float inside = 1.0;
  if (radius > 2.5) inside = clamp((0.5 - length(gl_PointCoord - 0.5)) * radius, 0.0, 1.0);
  gl_FragColor = vec4(colour.rgb, colour.a * light) * (strength * inside);
}`;

export function painter(canvas) {
  const gl = new URLSearchParams(location.hash.split('?')[1]).has('canvas') ? null
    : canvas.getContext('webgl', { antialias: false, alpha: true, premultipliedAlpha: true, preserveDrawingBuffer: true });
  return gl ? new GlPainter(canvas, gl) : new CanvasPainter(canvas);
}

// What is common: which tiles are on the screen already, and how many points a frame may cost.
class Painter {
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
      this.style = style(tiles.reduce((sum, tile) => sum + tile.count * seen(view, tile), 0), view, look);
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
    return this.part < 1;
  }
}

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

class GlPainter extends Painter {
  constructor(canvas, gl) {
    super(canvas);
    this.kind = 'WebGL';
    this.least = 40000;
    this.gl = gl;
    this.buffers = new Map();
    this.setUp();
    canvas.addEventListener('webglcontextlost', (event) => event.preventDefault());
    canvas.addEventListener('webglcontextrestored', () => {
      this.buffers.clear();
      this.setUp();
      this.key = '';
    });
  }

  setUp() {
    const gl = this.gl;
    const program = gl.createProgram();
    for (const [type, source] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]]) {
      const shader = gl.createShader(type);
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.bindAttribLocation(program, 0, 'place');
    gl.bindAttribLocation(program, 1, 'tint');
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) throw new Error('the graphics driver refuses the map: ' + gl.getProgramInfoLog(program));
    gl.useProgram(program);
    this.at = Object.fromEntries(['scale', 'shift', 'size', 'dim', 'plain', 'strength', 'light'].map((name) => [name, gl.getUniformLocation(program, name)]));
    gl.enable(gl.BLEND);
    gl.disable(gl.DEPTH_TEST);
    gl.enableVertexAttribArray(0);
    gl.enableVertexAttribArray(1);
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    for (const [name, value] of [[gl.TEXTURE_MIN_FILTER, gl.NEAREST], [gl.TEXTURE_MAG_FILTER, gl.NEAREST], [gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE], [gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE]]) gl.texParameteri(gl.TEXTURE_2D, name, value);
    this.palette = null;
  }

  clear() {
    const gl = this.gl;
    gl.viewport(0, 0, this.canvas.width, this.canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
  }

  begin(look) {
    const gl = this.gl;
    if (this.palette !== look.palette) {
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, 256, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, look.palette);
      this.palette = look.palette;
    }
    const glow = !look.column;
    gl.blendFunc(gl.ONE, glow ? gl.ONE : gl.ONE_MINUS_SRC_ALPHA); // without colours light adds up, as stars do
    gl.uniform1f(this.at.size, this.style.size * this.ratio);
    gl.uniform1f(this.at.strength, this.style.strength);
    gl.uniform1f(this.at.light, 1);
    gl.uniform1f(this.at.dim, look.marked ? 0.22 : 1);
    gl.uniform1f(this.at.plain, look.column ? 0 : 1);
  }

  tile(view, tile, look, from, to) {
    const gl = this.gl;
    const buffer = this.buffer(tile);
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer.place);
    gl.vertexAttribPointer(0, 2, gl.UNSIGNED_SHORT, true, 4, 0);
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer.tint);
    gl.vertexAttribPointer(1, 2, gl.UNSIGNED_BYTE, true, 2, 0);
    gl.uniform2f(this.at.scale, tile.side * view.scale * 2 / view.width, tile.side * view.scale * 2 / view.height);
    gl.uniform2f(this.at.shift, (tile.x - view.x) * view.scale * 2 / view.width, (tile.y - view.y) * view.scale * 2 / view.height);
    gl.drawArrays(gl.POINTS, from, to - from);
  }

  buffer(tile) {
    const gl = this.gl;
    let buffer = this.buffers.get(tile);
    if (!buffer) {
      buffer = { place: gl.createBuffer(), tint: gl.createBuffer(), changed: -1 };
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer.place);
      gl.bufferData(gl.ARRAY_BUFFER, tile.xy, gl.STATIC_DRAW);
      this.buffers.set(tile, buffer);
    }
    if (buffer.changed !== tile.changed) {
      const tint = new Uint8Array(2 * tile.count);
      for (let k = 0; k < tile.count; k++) {
        tint[2 * k] = tile.codes ? tile.codes[k] : 0;
        tint[2 * k + 1] = tile.marks ? tile.marks[k] : 0;
      }
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer.tint);
      gl.bufferData(gl.ARRAY_BUFFER, tint, gl.DYNAMIC_DRAW);
      buffer.changed = tile.changed;
    }
    return buffer;
  }

  close() {
    this.gl.getExtension('WEBGL_lose_context')?.loseContext();
  }
}

class CanvasPainter extends Painter {
  constructor(canvas) {
    super(canvas);
    this.kind = 'canvas';
    this.least = 10000;
    this.budget = 60000;
    this.context = canvas.getContext('2d');
  }

  clear() {
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  begin(look) {
    const p = look.palette;
    this.fills = Array.from({ length: 256 }, (_, code) => (p[4 * code + 3] ? `rgb(${p[4 * code]},${p[4 * code + 1]},${p[4 * code + 2]})` : null));
  }

  tile(view, tile, look, from, to) {
    const { context, ratio } = this;
    const size = Math.max(1, this.style.size * ratio);
    const strength = Math.max(0.4, this.style.strength);
    for (const marked of look.marked ? [false, true] : [false]) {
      context.globalAlpha = marked ? 1 : strength * (look.marked ? 0.25 : 1);
      const side = marked ? 1.45 * size : size;
      for (let k = from; k < to; k++) {
        const code = tile.codes ? tile.codes[k] : 0;
        if (!this.fills[code] || marked !== Boolean(tile.marks?.[k])) continue;
        const x = ((tile.x + tile.xy[2 * k] / 65535 * tile.side - view.x) * view.scale + view.width / 2) * ratio;
        const y = (view.height / 2 - (tile.y + tile.xy[2 * k + 1] / 65535 * tile.side - view.y) * view.scale) * ratio;
        if (x < -9 || y < -9 || x > this.canvas.width + 9 || y > this.canvas.height + 9) continue;
        context.fillStyle = marked && !look.column ? '#ffd16b' : this.fills[code];
        context.fillRect(x - side / 2, y - side / 2, side, side);
      }
    }
    context.globalAlpha = 1;
  }

  close() {}
}
