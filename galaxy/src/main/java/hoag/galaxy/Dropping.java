package hoag.galaxy;

import hoag.kernels.ConfigException;

/**
 * What of a network is left out at random while it learns.
 *
 * @param dropout rate before the last layer, 0 up to 1
 * @param dropPath rate of stochastic depth (Huang et al. 2016), 0 up to 1
 */
public record Dropping(double dropout, double dropPath) {
    /** A fifth of the features before the last layer. */
    public static final Dropping USUAL = new Dropping(0.2, 0);

    /** @throws ConfigException when a value is out of its range */
    public Dropping {
        check("--dropout", dropout);
        check("--drop-path", dropPath);
    }

    private static void check(String name, double rate) {
        if (!(rate >= 0 && rate < 1)) {
            throw new ConfigException(name + " " + rate + " is not allowed; it must be 0 <= rate < 1");
        }
    }
}
