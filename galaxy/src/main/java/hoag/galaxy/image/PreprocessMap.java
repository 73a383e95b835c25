package hoag.galaxy.image;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@link Preprocess} as plain values: numbers, texts, lists, maps. */
final class PreprocessMap {
    private PreprocessMap() {}

    static Map<String, Object> write(Preprocess p) {
        var map = new LinkedHashMap<String, Object>();
        map.put("size", p.size());
        map.put("fit", Fields.name(p.fit()));
        map.put("filter", Fields.name(p.filter()));
        map.put("crop", p.crop());
        map.put("zoom", p.zoom());
        map.put("channels", p.colours().text());
        map.put("mean", p.mean());
        map.put("std", p.deviation());
        if (p.stretch() != null) map.put("stretch", write(p.stretch()));
        map.put("bands", write(p.bands()));
        return map;
    }

    private static Map<String, Object> write(Stretch s) {
        var map = new LinkedHashMap<String, Object>();
        map.put("q", s.q());
        map.put("low", s.low());
        map.put("high", s.high());
        map.put("per_band", s.perBand());
        return map;
    }

    private static Map<String, Object> write(Bands b) {
        var map = new LinkedHashMap<String, Object>();
        map.put("hdu", b.hdu());
        map.put("planes", b.planes());
        if (b.isNamed())
            map.put("named", b.named().stream().map(Bands.Band::text).toList());
        return map;
    }

    static Preprocess read(Map<?, ?> map) {
        var f = new Fields("preprocess", map)
                .only("size", "fit", "filter", "crop", "zoom", "channels", "mean", "std", "stretch", "bands");
        return new Preprocess(
                f.whole("size"),
                f.choice("fit", Preprocess.Fit.class),
                f.choice("filter", Filter.class),
                f.number("crop"),
                f.number("zoom"),
                f.choice("channels", Channels.class),
                f.numbers("mean"),
                f.numbers("std"),
                stretch(f.below("stretch")),
                bands(f.below("bands")));
    }

    private static Stretch stretch(Fields f) {
        return f == null
                ? null
                : new Stretch(
                        f.only("q", "low", "high", "per_band").number("q"),
                        f.number("low"),
                        f.number("high"),
                        f.flag("per_band"));
    }

    private static Bands bands(Fields f) {
        if (f == null) return Bands.SINGLE;
        List<Integer> planes = f.only("hdu", "planes", "named").numbers("planes").stream()
                .map(Double::intValue)
                .toList();
        return new Bands(
                f.whole("hdu"),
                planes,
                f.texts("named").isEmpty()
                        ? List.of()
                        : Bands.parse(String.join(",", f.texts("named"))).named());
    }
}
