package hoag.galaxy.metrics;

/** Do two groupings of the same rows agree? The names of the groups do not matter. Made from group numbers, 0.. . */
public final class Clusterings {
    private final int rows;
    private final double[][] table;
    private final double[] sizesA;
    private final double[] sizesB;

    /**
     * @param a (rows) group numbers, for homogeneity the true classes
     * @param b (rows) group numbers, for homogeneity the clusters found
     */
    public Clusterings(int[] a, int[] b) {
        Check.sameLength("first grouping", a.length, "second grouping", b.length);
        rows = a.length;
        int groupsA = groups(a), groupsB = groups(b);
        table = new double[groupsA][groupsB];
        sizesA = new double[groupsA];
        sizesB = new double[groupsB];
        for (int i = 0; i < rows; i++) {
            table[a[i]][b[i]]++;
            sizesA[a[i]]++;
            sizesB[b[i]]++;
        }
    }

    private static int groups(int[] numbers) {
        int most = 0;
        for (int number : numbers) most = Math.max(most, number);
        Check.labels(numbers, most + 1);
        return most + 1;
    }

    /** Mutual information over the mean of the two entropies: 0 independent, 1 the same grouping. */
    public double normalisedMutualInformation() {
        double mean = (entropy(sizesA) + entropy(sizesB)) / 2;
        return mean == 0 ? 1 : mutualInformation() / mean;
    }

    /** Share of the classes' entropy that the clusters explain: 1 when every cluster holds one class. */
    public double homogeneity() {
        return entropy(sizesA) == 0 ? 1 : mutualInformation() / entropy(sizesA);
    }

    /** Share of the clusters' entropy that the classes explain: 1 when every class lies in one cluster. */
    public double completeness() {
        return entropy(sizesB) == 0 ? 1 : mutualInformation() / entropy(sizesB);
    }

    /** Rand index, corrected for chance (Hubert and Arabie 1985): pairs that both groupings put together. */
    public double adjustedRand() {
        double together = 0;
        for (var row : table) together += pairs(row);
        double a = pairs(sizesA), b = pairs(sizesB);
        double chance = a * b / (rows * (rows - 1.0) / 2);
        double best = (a + b) / 2;
        return best == chance ? 1 : (together - chance) / (best - chance);
    }

    /** Share of rows in agreement when each group of one is given the group of the other that suits the whole best (Hungarian method). */
    public double matchedAccuracy() {
        return Assignment.most(table) / rows;
    }

    private double mutualInformation() {
        double sum = 0;
        for (int i = 0; i < table.length; i++)
            for (int j = 0; j < table[i].length; j++)
                if (table[i][j] > 0) sum += table[i][j] / rows * Math.log(table[i][j] * rows / (sizesA[i] * sizesB[j]));
        return sum;
    }

    private double entropy(double[] sizes) {
        double sum = 0;
        for (double size : sizes) if (size > 0) sum -= size / rows * Math.log(size / rows);
        return sum;
    }

    private static double pairs(double[] sizes) {
        double sum = 0;
        for (double size : sizes) sum += size * (size - 1) / 2;
        return sum;
    }
}
