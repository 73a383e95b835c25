package hoag.galaxy.survey;

/**
 * A galaxy that was found.
 *
 * @param row its place in the survey
 * @param score distance, small is near; with several examples the mean distance to them, less half the mean distance to what it should not be like
 */
public record Hit(int row, double score) {}
