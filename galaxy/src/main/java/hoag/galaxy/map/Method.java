package hoag.galaxy.map;

/** How galaxies get a place in the plane. */
public enum Method {
    /** The first two principal components: in a moment, and distances mean what they do among the representations. */
    PCA,
    /** {@link Tsne}: keeps the nearest neighbours best, and shows groups of even density. */
    TSNE,
    /** {@link Umap}: keeps neighbours, and more of what lies beside what; the quickest way for many galaxies. */
    UMAP;

    /** As the command line says it. */
    public String text() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
