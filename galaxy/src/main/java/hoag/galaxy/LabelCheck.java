package hoag.galaxy;

import hoag.galaxy.data.Catalogue;
import hoag.galaxy.data.Row;
import hoag.galaxy.data.Split;
import hoag.galaxy.learn.Task;
import hoag.galaxy.tree.Names;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Whether there is something to learn, asked before the work. */
final class LabelCheck {
    private LabelCheck() {}

    /** @throws ConfigException when a column is to be learnt twice: one tree or label given again, or two trees that share a column */
    static void once(List<Task> tasks) {
        List<String> columns =
                tasks.stream().flatMap(task -> task.labelColumns().stream()).toList();
        Names.firstDuplicate(columns).ifPresent(twice -> {
            throw new ConfigException("column %s would be learnt twice, by %s; leave out one --tree or --label"
                    .formatted(
                            twice,
                            tasks.stream()
                                    .filter(task -> task.labelColumns().contains(twice))
                                    .map(task -> (task instanceof Task.Votes ? "--tree " : "--label ") + task.name())
                                    .collect(Collectors.joining(" and "))));
        });
    }

    /** @throws DataException when no galaxy is to be learnt from, no such galaxy has a label, or a class has none among them */
    static void parts(Catalogue table, List<Task> tasks) {
        Map<Split, Integer> sizes = new EnumMap<>(Split.class);
        List<Split> splits = table.splits();
        splits.forEach(part -> sizes.merge(part, 1, Integer::sum));
        if (!sizes.containsKey(Split.TRAIN)) {
            throw new DataException(("%s: no galaxy is in train: there are %s; change the column split, or divide anew"
                            + " with --split-seed N")
                    .formatted(table.header().file(), sizes(sizes)));
        }
        for (Task task : tasks) {
            if (!(task instanceof Task.Votes)) {
                labels(table, splits, task);
            }
        }
    }

    private static String sizes(Map<Split, Integer> sizes) {
        return sizes.entrySet().stream()
                .map(part -> part.getValue() + " in " + part.getKey().name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    private static void labels(Catalogue table, List<Split> splits, Task task) {
        boolean known = false;
        Map<String, Map<Split, Integer>> classes = new HashMap<>();
        for (int i = 0; i < table.size(); i++) {
            Row row = table.rows().get(i);
            if (row.isBlank(task.name())) {
                continue;
            }
            known |= splits.get(i) == Split.TRAIN;
            if (task instanceof Task.Classes) {
                classes.computeIfAbsent(row.text(task.name()), _ -> new EnumMap<>(Split.class))
                        .merge(splits.get(i), 1, Integer::sum);
            }
        }
        if (!known) {
            throw new DataException("%s: column %s is blank for every galaxy of train; there is nothing to learn"
                    .formatted(table.header().file(), task.name()));
        }
        new TreeMap<>(classes).forEach((name, parts) -> present(table, task.name(), name, parts));
    }

    private static void present(Catalogue table, String column, String name, Map<Split, Integer> parts) {
        if (!parts.containsKey(Split.TRAIN)) {
            throw new DataException(
                    ("%s: class \"%s\" of column %s has no galaxy in train (%s), so it cannot be learnt;"
                                    + " divide with --stratify %s, or leave its rows out")
                            .formatted(table.header().file(), name, column, sizes(parts), column));
        }
    }
}
