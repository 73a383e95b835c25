package hoag.galaxy.survey;

/**
 * Features of mean 0 and standard deviation 1 (divided by n); a feature that does not vary is only centred.
 *
 * @param mean (features)
 * @param deviation (features), 1 where a feature does not vary
 */
public record Standard(double[] mean, double[] deviation) {
    /** Of all rows. */
    public static Standard of(Rows rows) {
        int width = rows.width();
        double[] mean = new double[width];
        double[] squares = new double[width];
        float[] row = new float[width];
        for (int i = 0; i < rows.size(); i++) {
            rows.read(i, 1, row);
            for (int j = 0; j < width; j++) {
                double gap = row[j] - mean[j];
                mean[j] += gap / (i + 1);
                squares[j] += gap * (row[j] - mean[j]);
            }
        }
        double[] deviation = new double[width];
        for (int j = 0; j < width; j++) {
            deviation[j] = squares[j] > 0 ? Math.sqrt(squares[j] / rows.size()) : 1;
        }
        return new Standard(mean, deviation);
    }

    /** The row, standardised. */
    public double[] apply(float... row) {
        double[] standard = new double[row.length];
        for (int j = 0; j < row.length; j++) {
            standard[j] = (row[j] - mean[j]) / deviation[j];
        }
        return standard;
    }
}
