"""The synthetic data set: ten shape classes on cluttered backgrounds, drawn with numpy alone.

Every image is a signed-distance shape in a random pose, on a colour gradient, at random and often low
contrast, with distractor strokes and blobs, a partial occluder and noise. np.random.RandomState's
stream is frozen by numpy; sin, cos and atan2 may differ in the last bit between C libraries, which moves
a pixel only where it lies within 1e-13 of a rounding boundary. So one seed gives the same bytes (the unit
test holds a sha256).
"""
import numpy as np

CLASSES = ("disc", "ring", "square", "triangle", "star", "cross", "bar", "crescent", "ell", "pair")
SIZE, CHUNK = 32, 1000


def _box(x, y, w, h):
    return np.maximum(np.abs(x) - w, np.abs(y) - h)


def _polygon(x, y, corners, inner):
    """Star-shaped polygon: radius 1 at `corners` tips, radius `inner` halfway between two of them."""
    angle = np.arctan2(y, x)
    half = np.pi / corners
    folded = np.abs((angle + 2 * np.pi) % (2 * half) - half)      # 0 on an edge's middle, half at a tip
    r = np.sqrt(x * x + y * y)
    px, py = r * np.cos(half - folded), r * np.sin(half - folded)
    # Edge from the tip (1, 0) to the inner corner at angle `half`.
    qx, qy = inner * np.cos(half), inner * np.sin(half)
    nx, ny = qy, 1 - qx
    return ((px - 1) * nx + py * ny) / np.sqrt(nx * nx + ny * ny)


def _shapes(label, x, y):
    """Distance-like field (negative inside) of class `label` in shape coordinates of radius 1."""
    r = np.sqrt(x * x + y * y)
    if label == 0:
        return r - 0.85
    if label == 1:
        return np.abs(r - 0.72) - 0.2
    if label == 2:
        return _box(x, y, 0.75, 0.75)
    if label == 3:
        return _polygon(x, y, 3, 0.5)
    if label == 4:
        return _polygon(x, y, 5, 0.45)
    if label == 5:
        return np.minimum(_box(x, y, 0.95, 0.24), _box(x, y, 0.24, 0.95))
    if label == 6:
        return _box(x, y, 1.0, 0.26)
    if label == 7:
        return np.maximum(r - 0.9, 0.75 - np.sqrt((x - 0.5) ** 2 + y * y))
    if label == 8:
        return np.minimum(_box(x + 0.55, y, 0.24, 0.85), _box(x + 0.05, y - 0.62, 0.74, 0.24))
    return np.minimum(np.sqrt((x - 0.55) ** 2 + y * y), np.sqrt((x + 0.55) ** 2 + y * y)) - 0.42


def _cover(distance, pixels):
    """Coverage 0..1 of a field given in units of `pixels` pixels: an edge one pixel wide."""
    return np.clip(0.5 - distance * pixels, 0.0, 1.0)


def _chunk(rng, count):
    """(images uint8 [count, 3, 32, 32], labels). Every draw is made for the whole chunk at once."""
    labels = rng.randint(0, 10, count)
    u = lambda low, high, *shape: rng.uniform(low, high, (count,) + (shape or (1, 1)))
    grid = np.arange(SIZE) - (SIZE - 1) / 2.0
    gy, gx = np.broadcast_arrays(grid[:, None], grid[None, :])

    # Background: a base colour, a linear gradient and low-frequency waves.
    base = u(0.3, 0.7, 3, 1, 1)
    angle, slope = u(0, 2 * np.pi), u(0, 0.012)
    tilt = (np.cos(angle) * gx + np.sin(angle) * gy) * slope
    wave = np.sin(u(-0.5, 0.5) * gx + u(-0.5, 0.5) * gy + u(0, 2 * np.pi)) * u(0, 0.09)
    image = base + (tilt + wave)[:, None] * u(0.4, 1.0, 3, 1, 1)

    # Distractors below the shape: strokes and blobs of random colour.
    for _ in range(3):
        a, cx, cy = u(0, np.pi), u(-14, 14), u(-14, 14)
        along = np.cos(a) * (gx - cx) + np.sin(a) * (gy - cy)
        across = -np.sin(a) * (gx - cx) + np.cos(a) * (gy - cy)
        field = _box(along, across, u(2, 9), u(0.4, 1.3))
        image = _paint(image, _cover(field, 1.0) * (u(0, 1) < 0.75), image + u(-0.25, 0.25, 3, 1, 1))
    for _ in range(2):
        cx, cy = u(-15, 15), u(-15, 15)
        field = np.sqrt((gx - cx) ** 2 + (gy - cy) ** 2) - u(0.8, 2.6)
        image = _paint(image, _cover(field, 1.0) * (u(0, 1) < 0.6), image + u(-0.25, 0.25, 3, 1, 1))

    # The shape.
    scale, turn = u(6.5, 12.0), u(0, 2 * np.pi)
    room = SIZE / 2.0 - scale * 0.85
    cx, cy = u(-1, 1) * room, u(-1, 1) * room
    squeeze = u(0.8, 1.25)
    x = (np.cos(turn) * (gx - cx) + np.sin(turn) * (gy - cy)) / scale * squeeze
    y = (-np.sin(turn) * (gx - cx) + np.cos(turn) * (gy - cy)) / scale / squeeze
    cover = np.empty(x.shape)
    for label in range(10):
        rows = np.nonzero(labels == label)[0]
        cover[rows] = _cover(_shapes(label, x[rows], y[rows]), scale[rows])
    direction = rng.standard_normal((count, 3, 1, 1)) + rng.choice([-1.0, 1.0], (count, 1, 1, 1))
    direction /= np.sqrt((direction ** 2).sum(1, keepdims=True))
    contrast = u(0.25, 0.8, 1, 1, 1)
    image = _paint(image, cover, image + direction * contrast)

    # A thin stroke over the shape, then noise.
    a, shift = u(0, np.pi), u(-10, 10)
    across = -np.sin(a) * gx + np.cos(a) * gy - shift
    image = _paint(image, _cover(np.abs(across) - u(0.4, 1.0), 1.0) * (u(0, 1) < 0.4),
                   base + u(-0.25, 0.25, 3, 1, 1))
    image = image + rng.standard_normal(image.shape) * u(0.01, 0.06, 1, 1, 1)
    return np.floor(np.clip(image, 0, 1) * 255 + 0.5).astype(np.uint8), labels


def _paint(image, cover, colour):
    cover = cover[:, None]
    return image * (1 - cover) + colour * cover


def draw(count, seed, progress=None):
    """(images uint8 [count, 3, 32, 32], labels int64 [count]).

    The numbers are drawn chunk by chunk: two draws of one seed share their first images up to a
    multiple of 1000 that both contain, and no others.
    """
    rng = np.random.RandomState(seed)
    images, labels = [], []
    for start in range(0, count, CHUNK):
        part = _chunk(rng, min(CHUNK, count - start))
        images.append(part[0])
        labels.append(part[1])
        if progress:
            progress(min(start + CHUNK, count), count)
    return np.concatenate(images), np.concatenate(labels).astype(np.int64)
