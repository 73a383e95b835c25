package hoag.bench;

import de.siegmar.fastcsv.writer.CsvWriter;
import hoag.engine.files.AtomicFile;
import hoag.galaxy.data.Catalogue;
import hoag.galaxy.data.Row;
import hoag.galaxy.data.VoteTargets;
import hoag.galaxy.tree.Schema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Writes the catalogue that the bundled model learns from: {@code BundledCatalogue DATA OUT.csv}, with DATA holding the sets efigi and
 * galaxy-zoo-2. Votes of the GZ2 tree: published fractions times 40 volunteers; folder names and the attributes of EFIGI, which experts gave,
 * as {@value #EXPERT} volunteers of one mind, for the questions to which they are an answer. Beside the votes the Hubble stage T and a flag
 * for rings (an inner, outer or pseudo ring of at least half strength).
 */
public final class BundledCatalogue {
    private static final int EXPERT = 10;
    private static final int VOLUNTEERS = 40;
    private static final Schema TREE = Schema.named("gz2");
    private static final List<String> COLUMNS = TREE.labelColumns();

    private record Entry(String file, double[] votes, String stage, String ring) {}

    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private BundledCatalogue() {}

    public static void main(String[] args) {
        if (args.length != 2) {
            System.err.println("usage: BundledCatalogue DATA OUT.csv");
            System.exit(1);
        }
        Path data = Path.of(args[0]);
        var catalogue = new BundledCatalogue();
        catalogue.fractions(data.resolve("galaxy-zoo-2/vote_fractions.csv"));
        catalogue.folders(data.resolve("galaxy-zoo-2/folder_labels.csv"));
        catalogue.efigi(data.resolve("efigi/efigi_attributes.csv"));
        catalogue.write(Path.of(args[1]));
        System.out.println(catalogue.entries.size() + " galaxies in " + args[1]);
    }

    private void fractions(Path csv) {
        Catalogue table = Catalogue.read(csv, "GalaxyID");
        double[][] votes =
                VoteTargets.of(table, TREE, OptionalDouble.of(VOLUNTEERS)).votes();
        for (int i = 0; i < votes.length; i++) {
            String id = table.ids().get(i);
            entries.put(id, new Entry("galaxy-zoo-2/images/" + id + ".jpg", votes[i], "", ""));
        }
    }

    private void folders(Path csv) {
        for (Row row : Catalogue.read(csv, "file").rows()) {
            String label = row.text("label");
            if (!label.endsWith("spirals")) { // the 424 px folders are noisy
                Entry entry = entries.computeIfAbsent(
                        row.text("id"),
                        id -> new Entry("galaxy-zoo-2/" + row.text("file"), new double[COLUMNS.size()], "", ""));
                folder(entry.votes, label);
            }
        }
    }

    private static void folder(double[] votes, String label) {
        if (label.equals("elliptical")) {
            vote(votes, "smooth-or-featured-gz2_smooth", 1);
            return;
        }
        vote(votes, "smooth-or-featured-gz2_featured-or-disk", 1);
        vote(votes, label.equals("edge_view_spiral") ? "disk-edge-on-gz2_yes" : "disk-edge-on-gz2_no", 1);
        if (!label.equals("edge_view_spiral")) {
            vote(votes, "has-spiral-arms-gz2_yes", 1);
            vote(votes, label.equals("barred_spiral") ? "bar-gz2_yes" : "bar-gz2_no", 1);
        }
    }

    private void efigi(Path csv) {
        for (Row row : Catalogue.read(csv, "PGC_name").rows()) {
            double[] votes = new double[COLUMNS.size()];
            attributes(votes, row);
            double ring =
                    Math.max(row.number("Inner_Ring"), Math.max(row.number("Outer_Ring"), row.number("Pseudo_Ring")));
            entries.put(
                    row.id(),
                    new Entry(
                            "efigi/images/" + row.id() + ".jpg",
                            votes,
                            row.text("T"),
                            ring < 0 ? "" : ring >= 0.5 ? "1" : "0"));
        }
    }

    /** EFIGI's T, Inclination, Bar_Length, Bulge_to_Total, Arm_Curvature, Perturbation and Multiplicity where they answer a question of the tree. */
    private static void attributes(double[] votes, Row row) {
        double t = row.number("T");
        double inclined = row.number("Inclination");
        double smooth = smooth(t);
        vote(votes, "smooth-or-featured-gz2_smooth", smooth);
        vote(votes, "smooth-or-featured-gz2_featured-or-disk", 1 - smooth);
        double odd = Math.max(row.number("Perturbation"), row.number("Multiplicity"));
        if (odd >= 0) {
            vote(votes, odd >= 0.75 ? "something-odd-gz2_yes" : "something-odd-gz2_no", 1);
        }
        if (t <= -4 || inclined < 0) {
            return;
        }
        vote(votes, inclined >= 0.9 ? "disk-edge-on-gz2_yes" : "disk-edge-on-gz2_no", 1);
        if (inclined < 0.75) {
            faceOn(votes, row, t);
        }
    }

    /** How volunteers would see a Hubble stage: a judgement of ours, since the two scales do not agree; most lenticulars look smooth to them. */
    private static double smooth(double t) {
        return t <= -4 ? 0.9 : t < 0 ? 0.65 : t < 1 ? 0.45 : t <= 2 ? 0.25 : t < 10 ? 0.1 : 0.35;
    }

    private static void faceOn(double[] votes, Row row, double t) {
        double bar = row.number("Bar_Length");
        double arms = row.number("Arm_Strength");
        double curve = row.number("Arm_Curvature");
        double bulge = row.number("Bulge_to_Total");
        if (bar >= 0) {
            vote(votes, bar >= 0.5 ? "bar-gz2_yes" : "bar-gz2_no", 1);
        }
        if (arms >= 0) {
            vote(votes, arms >= 0.25 && t >= 0 ? "has-spiral-arms-gz2_yes" : "has-spiral-arms-gz2_no", 1);
        }
        if (arms >= 0.25 && curve >= 0) {
            vote(votes, "spiral-winding-gz2_" + (curve >= 0.75 ? "tight" : curve >= 0.4 ? "medium" : "loose"), 1);
        }
        if (bulge >= 0) {
            vote(
                    votes,
                    "bulge-size-gz2_"
                            + (bulge >= 0.9
                                    ? "dominant"
                                    : bulge >= 0.5 ? "obvious" : bulge >= 0.2 ? "just-noticeable" : "no"),
                    1);
        }
    }

    private static void vote(double[] votes, String label, double share) {
        int column = COLUMNS.indexOf(label);
        if (column < 0) {
            throw new IllegalStateException("the tree has no " + label);
        }
        votes[column] += share * EXPERT;
    }

    private void write(Path csv) {
        var text = new java.io.StringWriter();
        try (CsvWriter writer = CsvWriter.builder().build(text)) {
            List<String> header = new ArrayList<>(List.of("id", "file", "T", "ring"));
            header.addAll(COLUMNS);
            writer.writeRecord(header);
            entries.forEach((id, entry) -> {
                List<String> row = new ArrayList<>(List.of(id, entry.file, entry.stage, entry.ring));
                Arrays.stream(entry.votes).forEach(v -> row.add(Double.toString(v)));
                writer.writeRecord(row);
            });
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        AtomicFile.writeText(csv, text.toString());
    }
}
