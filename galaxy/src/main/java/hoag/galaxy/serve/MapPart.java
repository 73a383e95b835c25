package hoag.galaxy.serve;

import hoag.galaxy.data.Csv;
import hoag.galaxy.serve.MapColumns.Coloured;
import hoag.galaxy.serve.MapTiles.Tile;
import hoag.galaxy.survey.Survey;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The map: its points in tiles, their colours, their thumbnails many at a time, and what is within shapes that people draw. */
final class MapPart implements Part {
    static final String BYTES = "application/octet-stream";
    private static final Form COUNT = new Form.Whole(0, Integer.MAX_VALUE);
    static final Parameter VERSION = Parameter.query(
            "version", new Form.Text(0, 100), "", "that /map gave; refused (409) where the map is another by now");
    private static final Parameter TILE = Parameter.required(
            "tile", new Form.Many(COUNT, 1, 64), "its place in the list of /map, from 0; may be given many times");
    private static final Parameter ROW =
            Parameter.required("row", new Form.Many(COUNT, 1, 256), "row of a galaxy; may be given many times");
    private static final Parameter COLUMN = Parameter.required("column", new Form.Text(1, 1000), "one of /map/columns");

    private static final Form ABOUT = new Form.Parts(
            Form.Field.of("there", new Form.Flag(), "whether the survey has a map"),
            Form.Field.of("command", new Form.Text(0, 2000), "makes a map"),
            Form.Field.of("version", new Form.Text(0, 100), "tells this map from others"),
            Form.Field.of("made", new Form.Text(0, 10_000), "how"),
            Form.Field.of("behind", new Form.Text(0, 10_000), "what to do where galaxies have no place yet"),
            Form.Field.of("rows", COUNT, "galaxies of the survey"),
            Form.Field.of("points", COUNT, "galaxies on the map"),
            Form.Field.of(
                    "turn",
                    COUNT,
                    "points of a tile come in the order of row * turn modulo rows; those below a number are a fair"
                            + " sample"),
            Form.Field.of("left", Form.NUMBER, "x at the left of the square around all"),
            Form.Field.of("bottom", Form.NUMBER, "y at its bottom"),
            Form.Field.of("side", Form.NUMBER, "length of its sides"),
            Form.Field.of(
                    "tiles",
                    new Form.Many(new Form.Many(COUNT, 4, 4), 0, 100_000_000),
                    "level, place from the left and from below among 2^level, points"));

    private static final List<Form.Field> ON_MAP = SurveyPart.join(
            SurveyPart.PLACE,
            Form.Field.of("row", COUNT, "its row in the survey"),
            Form.Field.maybe("x", Form.NUMBER, "to the right; missing where it is not on the map"),
            Form.Field.maybe("y", Form.NUMBER, "upwards"));

    private static final Form GALAXIES = new Form.Parts(
            Form.Field.of("galaxies", new Form.Many(new Form.Parts(ON_MAP), 0, 1000), "in the order asked for"));

    private static final Form COLUMNS = new Form.Parts(Form.Field.of(
            "columns",
            new Form.Many(
                    new Form.Parts(
                            Form.Field.of("name", new Form.Text(1, 1000), "its name"),
                            Form.Field.of("numbers", new Form.Flag(), "whether it is numbers, else categories"),
                            Form.Field.of("map", new Form.Flag(), "whether it is of the map, else of the catalogue")),
                    0,
                    100_000),
            "those of the map first"));

    private static final Form LEGEND = new Form.Parts(
            Form.Field.of("numbers", new Form.Flag(), "whether codes are numbers, else categories"),
            Form.Field.of("blank", COUNT, "galaxies of which nothing is known: code 0"),
            Form.Field.maybe("low", Form.NUMBER, "value of code 1, and of what is lower"),
            Form.Field.maybe("high", Form.NUMBER, "value of code 255, and of what is higher"),
            Form.Field.maybe("log", new Form.Flag(), "whether codes go by the logarithm"),
            Form.Field.maybe("histogram", new Form.Many(COUNT, 1, 255), "galaxies by equal parts of the codes"),
            Form.Field.maybe("names", new Form.Many(new Form.Text(0, 1_000_000), 0, 255), "of code 1, 2, ..."),
            Form.Field.maybe("counts", new Form.Many(COUNT, 0, 255), "galaxies of each"),
            Form.Field.maybe("other", COUNT, "galaxies of further categories: code 255"));

    private static final Form SELECTION = new Form.Parts(
            Form.Field.of("shapes", Shapes.FORM, "what was drawn"),
            Form.Field.maybe("column", new Form.Text(1, 1000), "with codes: only galaxies of these codes"),
            Form.Field.maybe("codes", new Form.Many(new Form.Whole(0, 255), 0, 256), "codes of the column"),
            Form.Field.maybe("from", COUNT, "galaxies to pass over; default 0"),
            Form.Field.maybe("count", new Form.Whole(0, 1000), "galaxies to name at most; default 100"));

    private static final Form SELECTED = new Form.Parts(
            Form.Field.of("total", COUNT, "galaxies within"),
            Form.Field.of("galaxies", new Form.Many(new Form.Parts(ON_MAP), 0, 1000), "in the survey's order"));

    private static final Form IDS = new Form.Parts(
            Form.Field.of("ids", new Form.Many(SurveyPart.ID, 0, 1000), "galaxies; unknown ones are left out"));

    private final Served served;
    private final MapFile file;
    private final Turns turns;

    MapPart(Served served, MapFile file, Turns turns) {
        this.served = served;
        this.turns = turns;
        this.file = file;
    }

    @Override
    public List<String> tabs() {
        return List.of("map");
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/map", "What the map is, and its tiles.", ABOUT, call -> about()),
                Route.file(
                        "/map/points",
                        "Points of tiles, little-endian; of each: x, y in 1/65535 of the tile (16 bits each), then the"
                                + " rows (32 bits each).",
                        List.of(BYTES),
                        this::points,
                        TILE,
                        VERSION),
                Route.get("/map/columns", "What the map can be coloured by.", COLUMNS, call -> columns()),
                Route.get("/map/legend", "What the codes of a column mean.", LEGEND, this::legend, COLUMN),
                Route.file(
                        "/map/codes",
                        "A byte for each point of tiles: what a column says of it, see /map/legend.",
                        List.of(BYTES),
                        this::codes,
                        COLUMN,
                        TILE,
                        VERSION),
                Route.file(
                        "/map/thumbnails",
                        "Small pictures of galaxies, one after the other: length (32 bits, little-endian; 0 for none)"
                                + " and JPEG.",
                        List.of(BYTES),
                        this::thumbnails,
                        ROW),
                Route.get("/map/galaxies", "Galaxies by their rows.", GALAXIES, call -> galaxies(rows(call)), ROW),
                Route.post("/map/galaxies", "Galaxies by their ids.", IDS, GALAXIES, this::byId),
                Route.post("/map/selection", "Galaxies within shapes.", SELECTION, SELECTED, this::selection),
                post(
                        "/map/selection.rows",
                        "The same: a bit for each row, the first the lowest of its byte.",
                        BYTES,
                        this::bits),
                post(
                        "/map/selection.csv",
                        "The same as a table: id, ra, dec, x, y, and columns of the map.",
                        "text/csv",
                        this::csv));
    }

    private static Route post(String path, String summary, String type, Route.Handler handler) {
        return new Route(
                "POST",
                path,
                summary,
                List.of(),
                new Route.Body.Json(SELECTION),
                new Route.Answer.File(List.of(type)),
                handler);
    }

    private Reply about() {
        MapFile.Read map = turns.take(file::now).orElse(null);
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("there", map != null);
        about.put("command", file.command());
        about.put("version", map == null ? "" : map.plane().version());
        about.put("made", map == null ? "" : map.said());
        about.put("behind", map == null ? "" : map.behind());
        about.put("rows", served.survey().size());
        about.put("points", map == null ? 0 : map.tiles().points());
        about.put("turn", map == null ? 0 : map.tiles().turn());
        about.put("left", map == null ? 0 : map.tiles().square().left());
        about.put("bottom", map == null ? 0 : map.tiles().square().bottom());
        about.put("side", map == null ? 1 : map.tiles().square().side());
        about.put(
                "tiles",
                map == null
                        ? List.of()
                        : map.tiles().tiles().stream()
                                .map(tile -> List.of(tile.level(), tile.i(), tile.j(), tile.rows().length))
                                .toList());
        return Reply.json(about);
    }

    private static List<Tile> tiles(Call call, MapFile.Read map) {
        List<Tile> all = map.tiles().tiles();
        List<Tile> wanted = new ArrayList<>();
        for (Object number : (List<?>) call.values().get("tile")) {
            long tile = (Long) number;
            if (tile >= all.size()) {
                throw Refusal.notFound("there is no tile " + tile + "; the map has " + all.size());
            }
            wanted.add(all.get((int) tile));
        }
        return wanted;
    }

    /** What belongs to a version does not change. */
    private static Reply lasting(Call call, byte[] bytes) {
        Reply reply = Reply.of(BYTES, bytes);
        return call.text("version").isEmpty() ? reply : reply.header("Cache-Control", "private, max-age=3600");
    }

    private Reply points(Call call) {
        MapFile.Read map = file.there(call);
        return lasting(call, map.tiles().bytes(map.plane(), tiles(call, map)));
    }

    private Reply columns() {
        MapFile.Read map = file.there();
        List<String> own = new ArrayList<>(List.of(MapColumns.CROWDING));
        map.plane().columns().forEach(column -> own.add(column.name()));
        return Reply.json(Map.of(
                "columns",
                map.columns().numeric().entrySet().stream()
                        .map(column -> Map.of(
                                "name", column.getKey(),
                                "numbers", column.getValue(),
                                "map", own.contains(column.getKey())))
                        .toList()));
    }

    private Coloured coloured(Call call, MapFile.Read map) {
        return map.columns().coloured(call.text("column"), turns);
    }

    private Reply legend(Call call) {
        Map<String, Object> said = new LinkedHashMap<>();
        MapColumns.Legend legend = coloured(call, file.there()).legend();
        said.put("blank", legend.blank());
        switch (legend) {
            case MapColumns.Numbers numbers -> {
                said.put("numbers", true);
                said.put("low", numbers.low());
                said.put("high", numbers.high());
                said.put("log", numbers.log());
                said.put("histogram", IntStream.of(numbers.histogram()).boxed().toList());
            }
            case MapColumns.Categories categories -> {
                said.put("numbers", false);
                said.put("names", categories.names());
                said.put("counts", IntStream.of(categories.counts()).boxed().toList());
                said.put("other", categories.other());
            }
        }
        return Reply.json(said);
    }

    private Reply codes(Call call) {
        MapFile.Read map = file.there(call);
        byte[] codes = coloured(call, map).codes();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Tile tile : tiles(call, map)) {
            for (int row : tile.rows()) {
                out.write(codes[row]);
            }
        }
        return lasting(call, out.toByteArray());
    }

    private int[] rows(Call call) {
        int size = served.survey().size();
        return ((List<?>) call.values().get("row"))
                .stream()
                        .mapToInt(row -> {
                            if ((Long) row >= size) {
                                throw Refusal.notFound("there is no row " + row + "; the survey has " + size);
                            }
                            return ((Long) row).intValue();
                        })
                        .toArray();
    }

    private Reply thumbnails(Call call) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Survey survey = served.survey();
        for (int row : rows(call)) {
            byte[] jpeg = survey.thumbnail(row);
            out.writeBytes(ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(jpeg.length)
                    .array());
            out.writeBytes(jpeg);
        }
        return Reply.of(BYTES, out.toByteArray()).header("Cache-Control", "private, max-age=600");
    }

    private Reply galaxies(int... rows) {
        Plane plane = file.now().map(MapFile.Read::plane).orElse(null);
        return Reply.json(Map.of("galaxies", named(plane, rows)));
    }

    private List<Map<String, Object>> named(Plane plane, int... rows) {
        List<Map<String, Object>> galaxies = new ArrayList<>();
        for (int row : rows) {
            Map<String, Object> one = SurveyPart.place(served.survey(), row);
            one.put("row", row);
            if (plane != null && row < plane.x().length && Plane.isPlace(plane.x()[row], plane.y()[row])) {
                one.put("x", plane.x()[row]);
                one.put("y", plane.y()[row]);
            }
            galaxies.add(one);
        }
        return galaxies;
    }

    private Reply byId(Call call) {
        Survey survey = served.survey();
        return galaxies(call.body().texts("ids").stream()
                .mapToInt(survey::find)
                .filter(row -> row >= 0)
                .toArray());
    }

    private BitSet selected(Call said, MapFile.Read map) {
        return turns.take(() -> {
            BitSet rows = Shapes.rows((List<?>) said.values().get("shapes"), map.plane());
            if (said.has("column") && said.has("codes")) {
                byte[] codes = map.columns().coloured(said.text("column")).codes();
                BitSet allowed = new BitSet(256);
                ((List<?>) said.values().get("codes")).forEach(code -> allowed.set(((Long) code).intValue()));
                for (int row = rows.nextSetBit(0); row >= 0; row = rows.nextSetBit(row + 1)) {
                    rows.set(row, allowed.get(codes[row] & 0xff));
                }
            }
            return rows;
        });
    }

    private Reply selection(Call call) {
        MapFile.Read map = file.there();
        Call said = call.body();
        BitSet rows = selected(said, map);
        int[] some = rows.stream()
                .skip(said.has("from") ? said.whole("from") : 0)
                .limit(said.has("count") ? said.whole("count") : 100)
                .toArray();
        return Reply.json(Map.of("total", rows.cardinality(), "galaxies", named(map.plane(), some)));
    }

    private Reply bits(Call call) {
        MapFile.Read map = file.there();
        byte[] bits = new byte[(map.plane().x().length + 7) / 8];
        byte[] set = selected(call.body(), map).toByteArray();
        System.arraycopy(set, 0, bits, 0, set.length);
        return Reply.of(BYTES, bits);
    }

    private Reply csv(Call call) {
        MapFile.Read map = file.there();
        List<Plane.Extra> columns = map.plane().columns();
        List<String> header = new ArrayList<>(List.of("id", "ra", "dec", "x", "y"));
        columns.forEach(column -> header.add(column.name()));
        StringBuilder text = new StringBuilder(Csv.line(header));
        Survey survey = map.survey();
        selected(call.body(), map).stream().forEach(row -> {
            List<String> line = new ArrayList<>(List.of(
                    survey.id(row),
                    number(survey.ra(row)),
                    number(survey.dec(row)),
                    Float.toString(map.plane().x()[row]),
                    Float.toString(map.plane().y()[row])));
            columns.forEach(column -> line.add(column.text().apply(row)));
            text.append(Csv.line(line));
        });
        return Reply.of("text/csv", text.toString().getBytes(StandardCharsets.UTF_8))
                .header("Content-Disposition", "attachment; filename=\"selection.csv\"");
    }

    private static String number(double value) {
        return Double.isFinite(value) ? Double.toString(value) : "";
    }
}
