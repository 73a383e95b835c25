package hoag.galaxy.serve;

import hoag.galaxy.serve.MapColumns.Coloured;
import java.io.ByteArrayOutputStream;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/** The map where it holds more galaxies than can be told apart: how many are where, of all and of those within shapes. */
final class DensityPart implements Part {
    private static final Form PART = new Form.Parts(
            Form.Field.of(
                    "level",
                    new Form.Whole(0, MapDensity.DEEPEST),
                    "the square of /map is cut into 2^level by 2^level"),
            Form.Field.of("i", new Form.Whole(0, (1 << MapDensity.DEEPEST) - 1), "from the left"),
            Form.Field.of("j", new Form.Whole(0, (1 << MapDensity.DEEPEST) - 1), "from below"));
    private static final Form WANTED = new Form.Parts(
            Form.Field.of("parts", new Form.Many(PART, 1, 64), "of the map"),
            Form.Field.maybe("column", new Form.Text(1, 1000), "one of /map/columns, to colour by"),
            Form.Field.maybe(
                    "codes",
                    new Form.Many(new Form.Whole(0, 255), 0, 256),
                    "with a column: only galaxies of these codes"),
            Form.Field.maybe("shapes", Shapes.FORM, "what was drawn: those within are counted once more"));

    private final MapFile file;
    private final Turns turns;

    DensityPart(MapFile file, Turns turns) {
        this.file = file;
        this.turns = turns;
    }

    @Override
    public List<Route> routes() {
        return List.of(new Route(
                "POST",
                "/map/density",
                "How many galaxies are in each of " + MapDensity.CELLS + " by " + MapDensity.CELLS
                        + " cells of parts of the map, from the left, then upwards. Numbers of 7 bits to the byte, low"
                        + " ones first, the highest bit set where more follow; after a 0, how many further cells are 0"
                        + " too. Then, with a column, a byte for each cell that is not 0: the mean code of numbers, the"
                        + " commonest of categories. With shapes, the same of the galaxies within follows for each"
                        + " part.",
                List.of(MapPart.VERSION),
                new Route.Body.Json(WANTED),
                new Route.Answer.File(List.of(MapPart.BYTES)),
                this::density));
    }

    private Reply density(Call call) {
        MapFile.Read map = file.there(call);
        Call said = call.body();
        Coloured coloured = said.has("column") ? map.columns().coloured(said.text("column"), turns) : null;
        BitSet within = said.has("shapes")
                ? turns.take(() -> Shapes.rows((List<?>) said.values().get("shapes"), map.plane()))
                : null;
        return Reply.of(MapPart.BYTES, counted(said, map, coloured, within));
    }

    private static byte[] counted(Call said, MapFile.Read map, Coloured coloured, BitSet within) {
        IntPredicate shown = shown(said, coloured);
        byte[] codes = coloured == null ? null : coloured.codes();
        boolean numbers = coloured != null && coloured.legend() instanceof MapColumns.Numbers;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Object each : (List<?>) said.values().get("parts")) {
            Call part = new Call(named((Map<?, ?>) each), null, null);
            int level = part.whole("level");
            int i = part.whole("i");
            int j = part.whole("j");
            if (Math.max(i, j) >> level > 0) {
                throw Refusal.notFound("level " + level + " has no part " + i + ", " + j + "; it has " + (1 << level)
                        + " by " + (1 << level));
            }
            map.density().count(level, i, j, shown, codes, numbers).write(out, codes != null);
            if (within != null) {
                IntPredicate chosen = row -> within.get(row) && shown.test(row);
                map.density().count(level, i, j, chosen, codes, numbers).write(out, codes != null);
            }
        }
        return out.toByteArray();
    }

    private static Map<String, Object> named(Map<?, ?> part) {
        Map<String, Object> named = new LinkedHashMap<>();
        part.forEach((name, value) -> named.put((String) name, value));
        return named;
    }

    private static IntPredicate shown(Call said, Coloured coloured) {
        if (coloured == null || !said.has("codes")) {
            return row -> true;
        }
        BitSet allowed = new BitSet(256);
        ((List<?>) said.values().get("codes")).forEach(code -> allowed.set(((Long) code).intValue()));
        byte[] codes = coloured.codes();
        return row -> allowed.get(codes[row] & 0xff);
    }
}
