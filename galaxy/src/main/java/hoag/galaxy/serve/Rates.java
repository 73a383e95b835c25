package hoag.galaxy.serve;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many requests a client may make: so many a second, and a burst of four seconds' worth. Clients are told apart by address; the ones not heard
 * of for longest are forgotten. Any number of threads may call it.
 */
final class Rates {
    private static final int CLIENTS = 10_000;
    private static final int BURST = 4;

    private final double perSecond;

    private final Map<String, double[]> buckets = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, double[]> eldest) {
            return size() > CLIENTS;
        }
    };

    Rates(double perSecond) {
        this.perSecond = perSecond;
    }

    /** Whether the client may, at this time. */
    synchronized boolean allows(String client, long nanos) {
        double[] bucket = buckets.computeIfAbsent(client, key -> new double[] {BURST * perSecond, nanos});
        double passed = Math.max(0, nanos - bucket[1]); // threads come out of order
        bucket[0] = Math.min(BURST * perSecond, bucket[0] + passed / 1e9 * perSecond);
        bucket[1] += passed;
        if (bucket[0] < 1) {
            return false;
        }
        bucket[0]--;
        return true;
    }
}
