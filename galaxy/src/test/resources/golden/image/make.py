"""What Pillow makes of small.png; each line is one golden picture."""
import math
from PIL import Image

big = Image.open("candels.png").convert("RGB")
w, h = big.size
small = big.crop((w // 2 - 60, h // 2 - 50, w // 2 + 61, h // 2 + 50))  # 121 x 100
small.save("small.png", optimize=True)

def affine(image, angle, scale):  # about the centre, positive counter-clockwise
    c, s, x, y = math.cos(math.radians(angle)) / scale, math.sin(math.radians(angle)) / scale, image.width / 2, image.height / 2
    return image.transform(image.size, Image.AFFINE, (c, -s, x - c * x + s * y, s, c, y - s * x - c * y), Image.BILINEAR)

results = {
    "bilinear-down": small.resize((48, 37), Image.BILINEAR), "bilinear-up": small.resize((200, 111), Image.BILINEAR),
    "bicubic-down": small.resize((48, 37), Image.BICUBIC), "bicubic-up": small.resize((200, 111), Image.BICUBIC),
    "grey": small.convert("L"), "grey-bicubic": small.convert("L").resize((60, 51), Image.BICUBIC),
    "rotate30": affine(small, 30, 1), "zoom": affine(small, 0, 1.2), "rotate90": small.transpose(Image.ROTATE_90),
    "flip": small.transpose(Image.FLIP_LEFT_RIGHT), "crop": small.crop((-5, 10, 60, 120)),
}
for name, image in results.items():
    image.save(f"pil-{name}.png", optimize=True)

# The kinds of PNG there are, all of the same 32 x 24 pixels.
tiny = small.resize((32, 24), Image.BILINEAR)
tiny.save("png-rgb.png")
tiny.convert("L").save("png-grey.png")
tiny.convert("L").point(lambda v: 255 if v > 30 else 0).convert("1").save("png-bits.png")
tiny.quantize(16).save("png-palette.png")
tiny.quantize(16).convert("RGB").save("png-palette-as-rgb.png")
alpha = tiny.convert("L").point(lambda v: 255 - v)
with_alpha = tiny.copy(); with_alpha.putalpha(alpha); with_alpha.save("png-alpha.png")
grey_alpha = tiny.convert("L"); grey_alpha.putalpha(alpha); grey_alpha.save("png-grey-alpha.png")
Image.frombytes("I;16", (32, 24), b"".join((v * 257 - (v % 7)).to_bytes(4, "little", signed=True)[:2] for v in tiny.convert("L").tobytes())).save("png-16.png")
tiny.convert("CMYK").save("cmyk.jpg", quality=90)
