package hoag.galaxy.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** How a catalogue of votes names and orders its columns. Names start with the label, {@code question_answer}. */
public enum VoteColumns {
    /** {@code _fraction, _lower, _upper} for each answer in turn, then {@code question_proportion-asked} for each question. */
    PLAIN {
        @Override
        public List<String> names(Schema schema) {
            var names = new ArrayList<String>();
            for (var label : schema.labelColumns())
                names.addAll(List.of(label + "_fraction", label + "_lower", label + "_upper"));
            for (var question : schema.questions()) names.add(question.name() + "_proportion-asked");
            return names;
        }

        @Override
        public double[] values(VoteSummary votes) {
            var values = DoubleStream.builder();
            for (int i = 0; i < votes.fraction().length; i++)
                values.add(votes.fraction()[i]).add(votes.lower()[i]).add(votes.upper()[i]);
            for (double asked : votes.asked()) values.add(asked);
            return values.build().toArray();
        }
    },

    /** As the "advanced" released catalogues: all {@code _fraction}, then all {@code _90pc-lower}, {@code _90pc-upper}, {@code _proportion-asked}. */
    ADVANCED {
        @Override
        public List<String> names(Schema schema) {
            return Stream.of("_fraction", "_90pc-lower", "_90pc-upper", "_proportion-asked")
                    .flatMap(suffix -> schema.labelColumns().stream().map(label -> label + suffix))
                    .toList();
        }

        @Override
        public double[] values(VoteSummary votes) {
            return Stream.of(votes.fraction(), votes.lower(), votes.upper(), votes.askedByAnswer())
                    .flatMapToDouble(DoubleStream::of)
                    .toArray();
        }
    },

    /** As the "friendly" released catalogues: {@code _fraction} alone, NaN where fewer than half would be asked. */
    FRIENDLY {
        @Override
        public List<String> names(Schema schema) {
            return schema.labelColumns().stream()
                    .map(label -> label + "_fraction")
                    .toList();
        }

        @Override
        public double[] values(VoteSummary votes) {
            return votes.friendly();
        }
    };

    /** The names of a tree's columns, in the order of {@link #values}. */
    public abstract List<String> names(Schema schema);

    /** The values under {@link #names}. */
    public abstract double[] values(VoteSummary votes);
}
