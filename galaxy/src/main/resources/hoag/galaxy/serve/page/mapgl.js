// Points by WebGL.
import { Painter } from './mappaint.js';

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

export class GlPainter extends Painter {
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
