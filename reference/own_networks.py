"""Networks for anybody's pictures and tables: from a batch to one row of numbers each."""

import torch
from l06_unet import UNet, layer
from torch import Tensor, nn
from torch.nn import functional

MANY = 200
"""Columns from which on they are not cut into bins."""


class PictureNet(nn.Module):
    """Blocks of convolutions that halve the picture down to about 4 × 4 pixels, then two dense layers."""

    def __init__(self, images: Tensor, out: int, width: int = 16) -> None:
        """`images` are some of those that it will see, (n, C, H, W): their size and their scale count."""
        super().__init__()
        _, channels, height, width_of = images.shape
        self.centre, self.spread = float(images.mean()), max(float(images.std(correction=0)), 1e-3)
        halvings = max(1, min(4, (min(height, width_of) // 4).bit_length() - 1))
        blocks: list[nn.Module] = []
        before = channels
        for number in range(halvings):
            wide = width * 2 ** min(number, 2)
            # pooling first leaves a quarter of the pixels to the two layers after it
            blocks += [
                nn.Conv2d(before, wide, 5 if number == 0 else 3, padding=2 if number == 0 else 1),
                nn.MaxPool2d(2),
                nn.BatchNorm2d(wide),
                nn.ReLU(),
            ]
            before = wide
        blocks.append(layer(before, before))
        self.blocks = nn.Sequential(*blocks)
        self.dense = nn.Sequential(
            nn.Linear(5 * before, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Dropout(0.2), nn.Linear(64, out)
        )

    def forward(self, images: Tensor) -> Tensor:
        """Pictures (batch, C, H, W) of any range to numbers (batch, out)."""
        found = self.blocks((images - self.centre) / self.spread)
        # where something is counts by quarters, and whether it is anywhere at all
        pooled = [functional.adaptive_avg_pool2d(found, 2).flatten(1), found.amax((2, 3))]
        numbers: Tensor = self.dense(torch.cat(pooled, 1))
        return numbers


class TableNet(nn.Module):
    """Two dense layers beside a linear path; each column is also cut into bins, and may bend at each border.

    Piecewise linear encoding: Gorishniy et al. 2022, "On embeddings for numerical features".
    """

    borders: Tensor

    def __init__(self, rows: Tensor, out: int, width: int = 128, bins: int = 10) -> None:
        """`rows` are those that it will see, standardised, (n, columns)."""
        super().__init__()
        columns = rows.shape[1]
        bins = bins if columns <= MANY else 1
        shares = torch.linspace(0, 1, bins + 1)
        self.register_buffer("borders", torch.quantile(rows[:20_000], shares, dim=0).T.contiguous())
        self.linear = nn.Linear(columns, out)
        self.dense = nn.Sequential(
            nn.Linear(columns * (bins + 1), width),
            nn.SiLU(),
            nn.Dropout(0.1),
            nn.Linear(width, width),
            nn.SiLU(),
            nn.Linear(width, out),
        )

    def forward(self, rows: Tensor) -> Tensor:
        """Standardised rows (batch, columns) to numbers (batch, out)."""
        low, high = self.borders[:, :-1], self.borders[:, 1:]
        filled = ((rows[:, :, None] - low) / (high - low).clamp(min=1e-3)).clamp(0, 1)
        numbers: Tensor = self.linear(rows) + self.dense(torch.cat([rows, filled.flatten(1)], 1))
        return numbers


def unet(inside: int, out: int, width: int = 8) -> UNet:
    """The network of lesson 6 for pictures of `inside` channels and `out` planes of results."""
    network = UNet(0.0, 1.0, width)
    network.contract[0] = layer(inside, width)
    network.last = nn.Conv2d(width, out, 1)
    return network


def moved(images: Tensor, turn: float = 0.15, stretch: float = 0.1, shift: float = 0.15) -> Tensor:
    """Each picture turned, stretched and shifted a little, by at most these parts."""
    n = len(images)
    angle, size, away = (
        (2 * torch.rand(n, *shape, device=images.device) - 1) for shape in ((), (2,), (2, 1))
    )
    angle, size = turn * angle, 1 + stretch * size
    rows = torch.stack([angle.cos(), -angle.sin(), angle.sin(), angle.cos()], 1).view(n, 2, 2)
    grid = functional.affine_grid(
        torch.cat([rows * size[:, :, None], shift * away], 2), list(images.shape), align_corners=False
    )
    return functional.grid_sample(images, grid, padding_mode="border", align_corners=False)


def padded(images: Tensor, multiple: int = 8) -> Tensor:
    """Pictures whose sides are multiples of `multiple`; the last rows and columns are repeated."""
    height, width = images.shape[2:]
    wanted = (0, -width % multiple, 0, -height % multiple)
    return functional.pad(images, wanted, mode="replicate") if any(wanted) else images
