package hoag.kernels.cpu;

/** Which runs are folded together: kept outer axes number the groups, reduced ones the members of each. */
record Groups(int[] keptSizes, int[] keptSteps, int[] foldedSizes, int[] foldedSteps, int count, int members) {
    static Groups of(Runs runs) {
        int[] steps = runs.runStrides();
        int folded = 0;
        for (boolean reduced : runs.axes()) {
            folded += reduced ? 1 : 0;
        }
        int[] keptSizes = new int[steps.length - folded];
        int[] keptSteps = new int[steps.length - folded];
        int[] foldedSizes = new int[folded];
        int[] foldedSteps = new int[folded];
        int count = 1;
        int members = 1;
        for (int axis = 0, k = 0, f = 0; axis < steps.length; axis++) {
            if (runs.axes()[axis]) {
                foldedSizes[f] = runs.outer()[axis];
                foldedSteps[f++] = steps[axis];
                members *= runs.outer()[axis];
            } else {
                keptSizes[k] = runs.outer()[axis];
                keptSteps[k++] = steps[axis];
                count *= runs.outer()[axis];
            }
        }
        return new Groups(keptSizes, keptSteps, foldedSizes, foldedSteps, count, members);
    }

    /** The number of a run: member {@code member} of group {@code group}, both in row-major order. */
    int run(int group, int member) {
        return at(group, keptSizes, keptSteps) + at(member, foldedSizes, foldedSteps);
    }

    private static int at(int index, int[] sizes, int[] steps) {
        int run = 0;
        for (int axis = sizes.length - 1, rest = index; axis >= 0; axis--) {
            run += rest % sizes[axis] * steps[axis];
            rest /= sizes[axis];
        }
        return run;
    }
}
