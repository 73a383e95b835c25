// Augmented views of 8-bit RGB pictures, out(image, channel, y, x): flips, turns, zoom, crop, cast and normalisation by one bilinear look-up per pixel.
// To the bit what hoag.galaxy.image.Sampler does on a CPU: whole numbers, 32 bits of fraction in a place, 8 in a share, 3 in a value; a picture that is scaled
// down is smoothed where it is read: means over boxes, then (s, 64 - 2 s, s) / 64 along rows and columns. How a view is written: hoag.kernels.Views.
#include "hoag.cuh"

struct Views {
    const unsigned* words;  // for each image where its view begins; then the views
    float* out;
    unsigned images, size;
};

struct Head {
    unsigned kind, width, height, box, smooth, erasures;
    long long stepX, stepY;
    float bias[3];
    float weight[9];  // (result, picture)
};

#define HEAD 22   // words of a head
#define ERASED 4  // words of a rectangle

struct Seen {
    const unsigned char* bytes;
    int line, box, width, height, smooth;  // line: pixels of a row; width and height: boxes
};

DEVICE int boxed(const Seen& s, int x, int y, int c) {
    if (s.box == 1) return s.bytes[(y * s.line + x) * 3 + c] * 8;
    unsigned sum = 0, n = s.box * s.box;
#pragma unroll 1
    for (int j = 0; j < s.box; j++) {
#pragma unroll 1
        for (int i = 0; i < s.box; i++) sum += s.bytes[((y * s.box + j) * s.line + x * s.box + i) * 3 + c];
    }
    return (sum * 8 + n / 2) / n;
}

DEVICE int alongRow(const Seen& s, int x, int y, int c) {
    int centre = boxed(s, x, y, c);
    if (s.smooth == 0) return centre;
    int sides = 0;
#pragma unroll 1
    for (int i = -1; i < 2; i += 2) sides += boxed(s, max(0, min(x + i, s.width - 1)), y, c);
    return (centre * (64 - 2 * s.smooth) + sides * s.smooth + 32) >> 6;
}

DEVICE int smoothed(const Seen& s, int x, int y, int c) {
    int centre = alongRow(s, x, y, c);
    if (s.smooth == 0) return centre;
    int sides = 0;
#pragma unroll 1
    for (int i = -1; i < 2; i += 2) sides += alongRow(s, x, max(0, min(y + i, s.height - 1)), c);
    return (centre * (64 - 2 * s.smooth) + sides * s.smooth + 32) >> 6;
}

DEVICE long long within(long long x, long long most) { return x < 0 ? 0 : x > most ? most : x; }

DEVICE long long whole(const unsigned* words) { return (long long) ((unsigned long long) words[1] << 32 | words[0]); }

KERNEL(256) views(const Views p) {
    unsigned i = blockIdx.x * blockDim.x + threadIdx.x, area = p.size * p.size;
    if (i >= area) return;
    const unsigned* words = p.words + p.words[blockIdx.y];
    const Head* head = (const Head*) words;
    float* out = p.out + (unsigned long long) blockIdx.y * 3 * area + i;
    if (head->kind == 0) {  // the host has computed it
        for (int o = 0; o < 3; o++) out[o * area] = ((const float*) words)[2 + o * area + i];
        return;
    }
    unsigned row = i / p.size, column = i - row * p.size;
    const unsigned* erased = words + HEAD;
    const unsigned* places = erased + ERASED * head->erasures + 4 * row;
    Seen s = {(const unsigned char*) (erased + ERASED * head->erasures + 4 * p.size), (int) head->width, (int) head->box, (int) (head->width / head->box),
              (int) (head->height / head->box), (int) head->smooth};
    long long x = whole(places) + column * head->stepX, y = whole(places + 2) + column * head->stepY;
    long long half = 1ll << 31, w = (long long) s.width << 32, h = (long long) s.height << 32;
    bool outside = x < -half || y < -half || x >= w - half || y >= h - half;
    x = within(x, w - (1ll << 32));
    y = within(y, h - (1ll << 32));
    int left = (int) (x >> 32), top = (int) (y >> 32), right = min(left + 1, s.width - 1), bottom = min(top + 1, s.height - 1);
    int fx = (int) (x >> 24) & 255, fy = (int) (y >> 24) & 255, both = fx * fy >> 6, across = (fx << 2) - both, down = (fy << 2) - both;
    int sum[3] = {};
#pragma unroll 1
    for (int corner = outside ? 4 : 0; corner < 4; corner++) {
        int share = corner == 0 ? 1024 - across - down - both : corner == 1 ? across : corner == 2 ? down : both;
#pragma unroll
        for (int c = 0; c < 3; c++) sum[c] += smoothed(s, corner % 2 ? right : left, corner < 2 ? top : bottom, c) * share;
    }
    bool blank = false;
    for (unsigned e = 0; e < head->erasures; e++) {
        const unsigned* r = erased + ERASED * e;
        blank = blank || (column >= r[0] && column < r[0] + r[2] && row >= r[1] && row < r[1] + r[3]);
    }
#pragma unroll
    for (int o = 0; o < 3; o++) {
        float value = head->bias[o];
#pragma unroll
        for (int c = 0; c < 3; c++) {
            float weight = head->weight[3 * o + c];
            if (weight != 0 && !blank) value = __fadd_rn(value, __fmul_rn(weight, (float) sum[c]));
        }
        out[o * area] = value;
    }
}
