package hoag.galaxy.learn;

import hoag.engine.train.Adagrad;
import hoag.engine.train.Adam;
import hoag.engine.train.AdamW;
import hoag.engine.train.Lamb;
import hoag.engine.train.Lion;
import hoag.engine.train.NAdam;
import hoag.engine.train.Optimizer;
import hoag.engine.train.RmsProp;
import hoag.engine.train.Sgd;
import hoag.kernels.ConfigException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * How weights move, and how the learning rate goes.
 *
 * @param layers what makes a layer where lower layers learn slower
 * @param stepEpochs epochs between the falls of {@link Course#STEP}; 0: a third of the run
 * @param stepFactor what the rate is multiplied by in such a fall, above 0 and below 1
 */
public record Rule(Method optimizer, Course schedule, Layers layers, int stepEpochs, double stepFactor) {
    /** AdamW, the rate along a cosine. */
    public static final Rule USUAL = new Rule(Method.ADAMW, Course.COSINE);

    /** @throws ConfigException when a value is out of its range */
    public Rule {
        if (stepEpochs < 0) {
            throw new ConfigException(
                    "--step-epochs " + stepEpochs + " is not allowed; it must be 0 (a third of the run) or more");
        }
        if (!(stepFactor > 0 && stepFactor < 1)) {
            throw new ConfigException("--step-factor " + stepFactor + " is not allowed; it must be 0 < factor < 1");
        }
    }

    /** Layers by groups, steps to a tenth after each third of the run. */
    public Rule(Method optimizer, Course schedule) {
        this(optimizer, schedule, Layers.GROUPS, 0, 0.1);
    }

    /** The same with other {@link #layers}. */
    public Rule layers(Layers layers) {
        return new Rule(optimizer, schedule, layers, stepEpochs, stepFactor);
    }

    /** The same with falls to {@code factor} of the rate after every so many epochs. */
    public Rule steps(int epochs, double factor) {
        return new Rule(optimizer, schedule, layers, epochs, factor);
    }

    /** For the model file. */
    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("optimizer", optimizer.name().toLowerCase(Locale.ROOT));
        map.put("schedule", schedule.name().toLowerCase(Locale.ROOT));
        map.put("layers", layers.name().toLowerCase(Locale.ROOT));
        if (schedule == Course.STEP) {
            map.put("step_epochs", stepEpochs);
            map.put("step_factor", stepFactor);
        }
        return map;
    }

    /** What makes a layer for layer decay: each learns at the rate of the one above it times the factor. */
    public enum Layers {
        /** The backbone's groups (stem, stages); the uppermost group learns slower than the head. */
        GROUPS,
        /** The same groups; the uppermost learns at the head's rate, as in Zoobot 2.0. */
        ZOOBOT,
        /** Every block, as in timm and Zoobot 2.9. */
        TIMM
    }

    /** Optimizers, with PyTorch's or timm's numbers but for the weight decay. */
    public enum Method {
        /** Adam with decoupled weight decay. */
        ADAMW,
        /** Adam; the decay is part of the gradient. */
        ADAM,
        /** Adam with Nesterov's look ahead. */
        NADAM,
        /** Gradient descent with momentum 0.9. */
        SGD,
        /** The sign of an average gradient; a third of AdamW's rate suits it. */
        LION,
        /** Adam scaled layer by layer, for large batches. */
        LAMB,
        /** Gradients over their running root mean square. */
        RMSPROP,
        /** Gradients over the root of all their squares so far. */
        ADAGRAD;

        /** The optimizer with a weight decay. */
        public Optimizer make(double weightDecay) {
            return switch (this) {
                case ADAMW -> new AdamW(0.9, 0.999, 1e-8, weightDecay);
                case ADAM -> new Adam(0.9, 0.999, 1e-8, weightDecay, false);
                case NADAM -> new NAdam(0.9, 0.999, 1e-8, weightDecay, 4e-3);
                case SGD -> new Sgd(0.9, weightDecay);
                case LION -> new Lion(0.9, 0.99, weightDecay);
                case LAMB -> new Lamb(0.9, 0.999, 1e-6, weightDecay, 1, false, false);
                case RMSPROP -> new RmsProp(0.99, 1e-8, 0, false, weightDecay, false);
                case ADAGRAD -> new Adagrad(0, 1e-10, weightDecay, 0);
            };
        }
    }

    /** How the rate goes after the warm-up. */
    public enum Course {
        /** Half a cosine down to a thousandth. */
        COSINE,
        /** To a tenth when 6 epochs in a row brought no better loss (of validation, where there is some); down to a thousandth. */
        PLATEAU,
        /** To a fraction after so many epochs, see {@link Rule#steps}; failing that to a tenth after each third of the run. */
        STEP,
        /** It stays. */
        CONSTANT
    }
}
