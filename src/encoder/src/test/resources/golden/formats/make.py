"""Writes small image files of every kind that the decoder reads, and what Pillow makes of them (expected.tsv).

Deterministic for given library versions; see README.md. Usage: python make.py FOLDER
"""
import hashlib, io, os, struct, sys, zlib
import imagecodecs, numpy as np, simplejpeg, tifffile, webp
from PIL import Image, ImageOps, PngImagePlugin

OUT = sys.argv[1]
RS = np.random.RandomState(20261127)
LINES = []


def pic(w, h, ch):
    """Shading, waves, edges and a little noise."""
    y, x = np.mgrid[0:h, 0:w].astype(float)
    planes = []
    for c in range(ch):
        a = 110 + 70 * np.sin(RS.uniform(.05, .9) * x + RS.uniform(.05, .9) * y) + 60 * (x / max(w - 1, 1) - .5)
        a[(x > .6 * w) & (y < .4 * h)] = 30 + 90 * c % 256
        planes.append(a + RS.normal(0, 4, a.shape))
    return np.clip(np.stack(planes, -1).round(), 0, 255).astype(np.uint8)


def image(w, h, mode):
    ch = len(Image.new(mode, (1, 1)).getbands())
    a = pic(w, h, ch)
    return Image.fromarray(a[..., 0] if ch == 1 else a, mode)


def sha(im):
    return hashlib.sha256(np.asarray(im.convert("RGB"), np.uint8).tobytes()).hexdigest()


def keep(name, data, truth=None):
    """Stores a file with the hash of its RGB pixels, alpha dropped and alpha on white; truth where Pillow reads wrongly."""
    with open(os.path.join(OUT, name), "wb") as f:
        f.write(data)
    im = truth
    if im is None:
        src = Image.open(io.BytesIO(data))
        src.load()
        im = ImageOps.exif_transpose(src)
        if im.mode.startswith("I"):  # 16 bits: the high byte, where Pillow would clip
            im = Image.fromarray((np.asarray(im).astype(np.int64) >> 8).astype(np.uint8), "L")
    rgba = im.convert("RGBA")
    white = Image.alpha_composite(Image.new("RGBA", im.size, (255,) * 4), rgba).convert("RGB")
    LINES.append("\t".join([name, str(im.size[0]), str(im.size[1]), sha(im), sha(white)]))


def saved(im, fmt, **options):
    b = io.BytesIO()
    im.save(b, fmt, **options)
    return b.getvalue()


def exif(orientation):
    e = Image.Exif()
    e[0x112] = orientation
    return e.tobytes()


def png_chunk(t, d):
    return struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d))


def png_filtered(rows, bpp):
    o, above = bytearray(), None
    for i, row in enumerate(rows):
        r = np.frombuffer(row, np.uint8).astype(int)
        p = np.zeros_like(r) if above is None else above
        a = np.concatenate([np.zeros(bpp, int), r])[:len(r)]
        c = np.concatenate([np.zeros(bpp, int), p])[:len(r)]
        pa, pb, pc = abs(p - c), abs(a - c), abs(a + p - 2 * c)
        paeth = np.where((pa <= pb) & (pa <= pc), a, np.where(pb <= pc, p, c))
        f = i % 5
        o.append(f)
        o += ((r - [0, a, p, (a + p) // 2, paeth][f]) & 255).astype(np.uint8).tobytes()
        above = r
    return bytes(o)


def pngs():
    w, h = 21, 13
    adam7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    for ct, bd in [(0, 1), (0, 2), (0, 4), (0, 8), (0, 16), (2, 8), (2, 16), (3, 1), (3, 2), (3, 4), (3, 8), (4, 8), (4, 16), (6, 8), (6, 16)]:
        nc = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[ct]
        for interlace in (0, 1):
            a = pic(w, h, nc).astype(int)
            a = a * 257 - a % 7 if bd == 16 else a >> (8 - bd)

            def rows(sub):
                for r in sub:
                    v = r.reshape(-1)
                    if bd == 16:
                        yield v.astype(">u2").tobytes()
                    else:
                        yield np.packbits(((v[:, None] >> np.arange(bd - 1, -1, -1)) & 1).reshape(-1).astype(np.uint8)).tobytes()
            bpp = max(1, nc * bd // 8)
            passes = [a[y::dy, x::dx] for x, y, dx, dy in adam7] if interlace else [a]
            z = zlib.compress(b"".join(png_filtered(list(rows(p)), bpp) for p in passes), 9)
            body = png_chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, bd, ct, 0, 0, interlace))
            if ct == 3:
                body += png_chunk(b"PLTE", RS.bytes(3 << bd)) + (png_chunk(b"tRNS", RS.bytes(1 << bd - 1)) if interlace else b"")
            if ct in (0, 2) and bd == 8 and interlace:
                body += png_chunk(b"tRNS", struct.pack(">%dH" % nc, *[int(v) for v in a[5, 5]]))
            cut = len(z) // 3
            body += png_chunk(b"IDAT", z[:cut]) + png_chunk(b"IDAT", b"") + png_chunk(b"IDAT", z[cut:]) + png_chunk(b"IEND", b"")
            keep(f"png_type{ct}_{bd}bit{'_adam7' if interlace else ''}.png", b"\x89PNG\r\n\x1a\n" + body)


def jpegs():
    im = image(37, 27, "RGB")
    for s in ("444", "422", "420", "440", "411"):
        keep(f"jpeg_{s}.jpg", simplejpeg.encode_jpeg(np.ascontiguousarray(np.asarray(im)), quality=85, colorspace="RGB", colorsubsampling=s))
    keep("jpeg_progressive_420.jpg", saved(im, "JPEG", quality=80, progressive=True, subsampling=2))
    keep("jpeg_restarts.jpg", saved(im, "JPEG", quality=80, restart_marker_blocks=2, subsampling=1))
    keep("jpeg_rgb.jpg", saved(im, "JPEG", quality=80, keep_rgb=True))
    j = saved(im, "JPEG", quality=80)
    keep("jpeg_no_jfif.jpg", j[:2] + j[4 + struct.unpack(">H", j[4:6])[0]:])
    keep("jpeg_orientation_5_trailing_data.jpg", saved(im, "JPEG", quality=80, exif=exif(5)) + bytes(range(40)))
    c = np.ascontiguousarray(pic(37, 27, 4))
    for space in ("CMYK", "YCCK"):
        keep(f"jpeg_{space.lower()}_420.jpg", imagecodecs.jpeg8_encode(c, level=85, colorspace="CMYK", outcolorspace=space, subsampling="420"))


def webps():
    for i, (mode, quality, kind, sharp, segments, alpha_filter, alpha_coding) in enumerate([
            ("RGB", 10, 0, 0, 1, 0, 0), ("RGB", 60, 1, 3, 4, 0, 0), ("RGB", 95, 1, 7, 2, 0, 0), ("RGBA", 30, 1, 5, 3, 0, 0), ("RGBA", 70, 0, 6, 4, 1, 1), ("RGBA", 80, 1, 0, 4, 2, 1)]):
        c = webp.WebPConfig.new(quality=float(quality), method=4)
        c.ptr.filter_type, c.ptr.filter_sharpness, c.ptr.segments, c.ptr.filter_strength = kind, sharp, segments, 60
        c.ptr.alpha_filtering, c.ptr.alpha_compression = alpha_filter, alpha_coding
        data = bytes(webp.WebPPicture.from_pil(image(45, 34, mode)).encode(c).buffer())
        keep(f"webp_lossy_{i}.webp", data)
        if i in (1, 3):
            keep(f"webp_animated_offset_{i}.webp", animated(data, 45, 34, mode == "RGBA"))
    for colors in (2, 4, 13, 200):
        keep(f"webp_lossless_{colors}_colors.webp", saved(image(45, 34, "RGB").quantize(colors, dither=0).convert("RGB"), "WEBP", lossless=True, quality=100))
    keep("webp_lossless_photo.webp", saved(image(45, 34, "RGB"), "WEBP", lossless=True, quality=75, method=6))
    keep("webp_lossless_alpha_orientation_7.webp", saved(image(45, 34, "RGBA"), "WEBP", lossless=True, exact=True, quality=40, exif=exif(7)))


def animated(still, w, h, alpha):
    u24 = lambda v: struct.pack("<I", v)[:3]
    chunk = lambda t, d: t + struct.pack("<I", len(d)) + d + b"\0" * (len(d) & 1)
    at, parts = 12, []
    while at + 8 <= len(still):
        t, n = still[at:at + 4], struct.unpack("<I", still[at + 4:at + 8])[0]
        if t in (b"ALPH", b"VP8 ", b"VP8L"):
            parts.append(chunk(t, still[at + 8:at + 8 + n]))
        at += 8 + n + (n & 1)
    frame = u24(3) + u24(2) + u24(w - 1) + u24(h - 1) + u24(40) + b"\0" + b"".join(parts)
    body = chunk(b"VP8X", bytes([2 | (16 if alpha else 0), 0, 0, 0]) + u24(w + 8) + u24(h + 4)) + chunk(b"ANIM", bytes(6)) + chunk(b"ANMF", frame) * 2
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


def gifs():
    im = image(33, 21, "RGB")
    keep("gif_interlaced.gif", saved(im.quantize(40, dither=0), "GIF", interlace=1))
    keep("gif_two_colors_transparent.gif", saved(im.quantize(2, dither=0), "GIF", transparency=1, interlace=0))
    keep("gif_grey.gif", saved(im.convert("L"), "GIF"))
    b = bytearray(saved(im.quantize(9, dither=0), "GIF", transparency=2, interlace=0))
    b[6:10] = struct.pack("<HH", 30, 40)  # a screen that the picture overlaps
    j = b.find(b",\0\0\0\0" + struct.pack("<HH", 33, 21))
    b[j + 1:j + 5] = struct.pack("<HH", 5, 3)
    keep("gif_offset_beyond_screen.gif", bytes(b))


def bmp(bits, w, h, data, compression=0, masks=(), colors=None, top_down=False, core=False):
    if core:
        head = struct.pack("<IHHHH", 12, w, h, 1, bits)
    else:
        size = 108 if len(masks) == 4 else 40
        head = struct.pack("<IiiHHIIiiII", size, w, -h if top_down else h, 1, bits, compression, 0, 0, 0, 0, 0) + struct.pack("<%dI" % len(masks), *masks)
        head = head.ljust(size if size > 40 else len(head), b"\0")
    palette = RS.bytes((3 if core else 4) << bits) if bits <= 8 else b""
    offset = 14 + len(head) + len(palette)
    return b"BM" + struct.pack("<IHHI", offset + len(data), 0, 0, offset) + head + palette + data


def bmps():
    w, h = 19, 11
    raw = lambda bits: RS.bytes((w * bits + 31) // 32 * 4 * h)
    keep("bmp_1bit.bmp", bmp(1, w, h, raw(1)))
    keep("bmp_4bit_core_header.bmp", bmp(4, w, h, raw(4), core=True))
    keep("bmp_16bit_555.bmp", bmp(16, w, h, raw(16)))
    keep("bmp_16bit_565.bmp", bmp(16, w, h, raw(16), 3, (0xf800, 0x7e0, 0x1f)))
    keep("bmp_24bit_top_down.bmp", bmp(24, w, h, raw(24), top_down=True))
    keep("bmp_32bit_unused_byte.bmp", bmp(32, w, h, raw(32)))
    keep("bmp_32bit_alpha.bmp", bmp(32, w, h, raw(32), 3, (0xff0000, 0xff00, 0xff, 0xff000000)))
    line = bytes([7, 200, 0, 5, 1, 2, 3, 4, 5, 0, 7, 9, 0, 0])
    keep("bmp_8bit_runs.bmp", bmp(8, w, h, line * h + b"\0\1", 1))
    line = bytes([7, 0x3a, 0, 8, 0x12, 0x34, 0x56, 0x78, 4, 0x9b, 0, 0])
    keep("bmp_4bit_runs.bmp", bmp(4, w, h, line * h + b"\0\1", 2))


def tiffs():
    rgb, rgba = image(41, 29, "RGB"), image(41, 29, "RGBA")
    keep("tiff_lzw.tif", saved(rgb, "TIFF", compression="tiff_lzw"))
    keep("tiff_packbits_bilevel.tif", saved(rgb.convert("1"), "TIFF", compression="packbits"))
    keep("tiff_jpeg.tif", saved(rgb, "TIFF", compression="jpeg"))
    keep("tiff_jpeg_grey.tif", saved(rgb.convert("L"), "TIFF", compression="jpeg"))
    keep("tiff_palette_orientation_6.tif", saved(rgb.quantize(30, dither=0), "TIFF", tiffinfo={274: 6}))
    keep("tiff_cmyk_deflate.tif", saved(image(41, 29, "CMYK"), "TIFF", compression="tiff_adobe_deflate"))
    keep("tiff_big_alpha.tif", saved(rgba, "TIFF", big_tiff=True))

    def tf(name, data, truth=None, **options):
        path = os.path.join(OUT, name)
        tifffile.imwrite(path, data, metadata=None, software=None, datetime=None, **options)
        with open(path, "rb") as f:
            keep(name, f.read(), truth)
    a = pic(41, 29, 3)
    a16 = a.astype(np.uint16) * 257 - a % 5
    tf("tiff_tiles_predicted_lzw.tif", a, photometric="rgb", tile=(16, 32), compression="lzw", predictor=2)
    tf("tiff_16bit_predicted_big_endian.tif", a16, photometric="rgb", byteorder=">", compression="zlib", predictor=2, rowsperstrip=7)
    # Pillow mixes up the planes of 16-bit planar files and does not know big-endian BigTIFF.
    tf("tiff_16bit_planar_tiles.tif", np.moveaxis(a16, -1, 0).copy(), Image.fromarray(a), photometric="rgb", planarconfig="separate", tile=(16, 16))
    tf("tiff_big_big_endian.tif", a, Image.fromarray(a), photometric="rgb", byteorder=">", bigtiff=True)
    tf("tiff_white_is_zero.tif", a[..., 0], photometric="miniswhite", compression="packbits", rowsperstrip=5)
    tf("tiff_associated_alpha.tif", pic(41, 29, 4), photometric="rgb", extrasamples=["assocalpha"])
    b = bytearray(saved(rgb.convert("L"), "TIFF", tiffinfo={266: 2}))
    keep("tiff_fill_order_2.tif", bytes(b))


def xmps():
    im = image(23, 14, "RGB")
    keep("jpeg_xmp_orientation_8.jpg", saved(im, "JPEG", quality=90, xmp=b'<x tiff:Orientation="8"/>'))
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", "<tiff:Orientation>5</tiff:Orientation>")
    keep("png_xmp_orientation_5.png", saved(im, "PNG", pnginfo=info))


for make in (pngs, jpegs, webps, gifs, bmps, tiffs, xmps):
    make()
with open(os.path.join(OUT, "expected.tsv"), "w") as f:
    f.write("file\twidth\theight\tsha256_rgb\tsha256_rgb_on_white\n" + "\n".join(LINES) + "\n")
