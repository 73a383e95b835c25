package hoag.galaxy;

import hoag.galaxy.learn.Probe;
import hoag.galaxy.learn.TrainSettings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a model is made and learns, whatever it starts from. What a group holds can be asked for and changed here as well: {@code recipe.size(96).dropout(0.5)}.
 *
 * @param settings of the optimizer and its schedule
 * @param sight how it sees pictures
 * @param dropping what is left out at random
 * @param keeping what a run goes on from, and leaves
 * @param probe how {@link hoag.galaxy.learn.Mode#PROBE} looks at galaxies
 */
public record Recipe(TrainSettings settings, Sight sight, Dropping dropping, Keeping keeping, Probe probe) {
    /** The settings given, at 224 pixels or the model's own size, dropout 0.2, galaxies turned, mirrored and zoomed. */
    public static Recipe of(TrainSettings settings) {
        return new Recipe(settings, Sight.USUAL, Dropping.USUAL, Keeping.USUAL, Probe.ONE);
    }

    /** The same with another {@link #settings}. */
    public Recipe settings(TrainSettings settings) {
        return new Recipe(settings, sight, dropping, keeping, probe);
    }

    /** The same with another {@link #sight}. */
    public Recipe sight(Sight sight) {
        return new Recipe(settings, sight, dropping, keeping, probe);
    }

    /** The same with another {@link #dropping}. */
    public Recipe dropping(Dropping dropping) {
        return new Recipe(settings, sight, dropping, keeping, probe);
    }

    /** The same with another {@link #keeping}. */
    public Recipe keeping(Keeping keeping) {
        return new Recipe(settings, sight, dropping, keeping, probe);
    }

    /** The same with another {@link #probe}. */
    public Recipe probe(Probe probe) {
        return new Recipe(settings, sight, dropping, keeping, probe);
    }

    /** {@link Sight#size}. */
    public Integer size() {
        return sight.size();
    }

    /** The same with another {@link Sight#size}. */
    public Recipe size(int size) {
        return sight(sight.size(size));
    }

    /** {@link Sight#zoom}. */
    public Double zoom() {
        return sight.zoom();
    }

    /** The same with another {@link Sight#zoom}. */
    public Recipe zoom(double zoom) {
        return sight(sight.zoom(zoom));
    }

    /** {@link Sight#augment}. */
    public String augment() {
        return sight.augment();
    }

    /** The same with another {@link Sight#augment}. */
    public Recipe augment(String augment) {
        return sight(sight.augment(augment));
    }

    /** {@link Keeping#fresh}. */
    public boolean fresh() {
        return keeping.fresh();
    }

    /** The same with another {@link Keeping#fresh}. */
    public Recipe fresh(boolean fresh) {
        return keeping(keeping.fresh(fresh));
    }

    /** {@link Keeping#keep}. */
    public int keep() {
        return keeping.keep();
    }

    /** The same with another {@link Keeping#keep}. */
    public Recipe keep(int keep) {
        return keeping(keeping.keep(keep));
    }

    /** {@link Keeping#folds}. */
    public int folds() {
        return keeping.folds();
    }

    /** The same with another {@link Keeping#folds}. */
    public Recipe folds(int folds) {
        return keeping(keeping.folds(folds));
    }

    /** {@link Keeping#watch}. */
    public Path watch() {
        return keeping.watch();
    }

    /** The same with another {@link Keeping#watch}. */
    public Recipe watch(Path watch) {
        return keeping(keeping.watch(watch));
    }

    /** {@link Dropping#dropout}. */
    public double dropout() {
        return dropping.dropout();
    }

    /** The same with another {@link Dropping#dropout}. */
    public Recipe dropout(double dropout) {
        return dropping(new Dropping(dropout, dropping.dropPath()));
    }

    /** {@link Dropping#dropPath}. */
    public double dropPath() {
        return dropping.dropPath();
    }

    /** The same with another {@link Dropping#dropPath}. */
    public Recipe dropPath(double dropPath) {
        return dropping(new Dropping(dropping.dropout(), dropPath));
    }

    /** What a run would go by, by name, for people to read. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>(settings.toMap());
        map.put("size", size() == null ? "224, or the model's own" : size());
        map.put("zoom", zoom() == null ? "1, or the model's own" : zoom());
        map.put("dropout", dropout());
        map.put("drop_path", dropPath());
        map.put("augment", augment() + " " + sight.augmentation().toMap());
        map.put("keep", keep());
        map.put("folds", folds());
        return map;
    }
}
