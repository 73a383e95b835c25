package hoag.galaxy.survey;

/** How a survey is searched. */
public enum Way {
    /** {@link #EXACT} for what is read in a moment; beyond, by {@link #CODES}. A graph that is there is used. */
    AUTO,
    /** Every row. */
    EXACT,
    /** A byte for every feature of every row ({@link Codes}), kept beside the survey. */
    CODES,
    /** A {@link Graph}, kept beside the survey: approximate. */
    GRAPH
}
