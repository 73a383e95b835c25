package hoag.galaxy;

/** Which Hoag this is. */
public final class Version {
    private Version() {}

    /** {@code hoag 0.1.0}, as the jar's manifest states it. */
    public static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return "hoag " + (version == null ? "(unpackaged)" : version);
    }
}
