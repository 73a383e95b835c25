package hoag.galaxy.image;

import hoag.galaxy.image.Picture.Bytes;
import hoag.kernels.ConfigException;
import java.util.List;

/**
 * Many pictures on one, row by row: each is fitted into a square cell and stands in its middle on black.
 *
 * @param columns how many stand side by side
 * @param cell the side of a cell in pixels
 * @param gap pixels between cells
 */
public record ContactSheet(int columns, int cell, int gap) {
    /** @throws ConfigException when a value is out of its range */
    public ContactSheet {
        if (columns < 1 || columns > 1000)
            throw new ConfigException("contact sheet: columns is %d; want 1..1000".formatted(columns));
        if (cell < 1 || cell > 4096)
            throw new ConfigException("contact sheet: cell is %d; want 1..4096 pixels".formatted(cell));
        if (gap < 0 || gap > 4096)
            throw new ConfigException("contact sheet: gap is %d; want 0..4096 pixels".formatted(gap));
    }

    /** An RGB picture of all of them. */
    public Bytes of(List<? extends Picture> pictures) {
        int step = cell + gap, rows = Math.max(1, Math.ceilDiv(pictures.size(), columns));
        var sheet = new Bytes(columns * step - gap, rows * step - gap, 3);
        for (int i = 0; i < pictures.size(); i++)
            place(Thumbnails.of(pictures.get(i), cell), i % columns * step, i / columns * step, sheet);
        return sheet;
    }

    private void place(Bytes p, int left, int top, Bytes sheet) {
        int x0 = left + (cell - p.width()) / 2, y0 = top + (cell - p.height()) / 2;
        for (int y = 0; y < p.height(); y++)
            for (int x = 0; x < p.width(); x++)
                for (int c = 0; c < 3; c++)
                    sheet.values()[((y0 + y) * sheet.width() + x0 + x) * 3 + c] =
                            (byte) p.at(x, y, p.channels() == 3 ? c : 0);
    }
}
