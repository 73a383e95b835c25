package hoag.galaxy.metrics;

import java.util.Arrays;

/**
 * The assignment problem by shortest augmenting paths with potentials (Jonker and Volgenant 1987), O(n^3): one partner each, so that the sum
 * of the gains is the largest.
 */
final class Assignment {
    private final int n;
    private final double[][] cost;
    private final double[] rowPotential;
    private final double[] columnPotential;
    /** Row that holds each column, numbered from 1; 0: free. Column 0 is where a search starts. */
    private final int[] holder;

    private Assignment(double[][] gain) {
        n = Math.max(gain.length, gain[0].length);
        cost = new double[n + 1][n + 1];
        for (int i = 0; i < gain.length; i++) for (int j = 0; j < gain[i].length; j++) cost[i + 1][j + 1] = -gain[i][j];
        rowPotential = new double[n + 1];
        columnPotential = new double[n + 1];
        holder = new int[n + 1];
    }

    /** The largest sum of gains (rows, columns); what has no partner gains nothing. */
    static double most(double[][] gain) {
        var problem = new Assignment(gain);
        for (int row = 1; row <= problem.n; row++) problem.place(row);
        double sum = 0;
        for (int column = 1; column <= problem.n; column++) sum -= problem.cost[problem.holder[column]][column];
        return sum;
    }

    private void place(int row) {
        holder[0] = row;
        var distance = new double[n + 1];
        Arrays.fill(distance, Double.POSITIVE_INFINITY);
        var from = new int[n + 1];
        var done = new boolean[n + 1];
        int column = 0;
        while (holder[column] != 0) {
            done[column] = true;
            relax(column, distance, from, done);
            int next = nearest(distance, done);
            shift(distance[next], distance, done);
            column = next;
        }
        for (; column != 0; column = from[column]) holder[column] = holder[from[column]];
    }

    private void relax(int column, double[] distance, int[] from, boolean[] done) {
        int row = holder[column];
        for (int j = 1; j <= n; j++) {
            double reduced = cost[row][j] - rowPotential[row] - columnPotential[j];
            if (done[j] || reduced >= distance[j]) continue;
            distance[j] = reduced;
            from[j] = column;
        }
    }

    private int nearest(double[] distance, boolean[] done) {
        int best = 0;
        for (int j = 1; j <= n; j++) if (!done[j] && (best == 0 || distance[j] < distance[best])) best = j;
        return best;
    }

    private void shift(double step, double[] distance, boolean[] done) {
        for (int j = 0; j <= n; j++) {
            if (done[j]) {
                rowPotential[holder[j]] += step;
                columnPotential[j] -= step;
            } else {
                distance[j] -= step;
            }
        }
    }
}
